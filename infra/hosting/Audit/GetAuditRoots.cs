using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.OpenApi;

namespace Safeguarding.Hosting.Audit;

/// <summary>
/// GET /audit/roots: a signed root for an organisation to keep, with the proof that its own chain is in it. Who keeps
/// one shows later that the audit of then has been rewritten or cut. It says nothing of other organisations' chains.
/// </summary>
internal sealed class GetAuditRoots(NpgsqlDataSource source, AuditedService service, IConfiguration configuration)
{
    private readonly string _schema = service.Schema;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapGet("/audit/roots", Handle)
            .Audits("audit.roots.read")
            .RequireScope("audit.read")
            .AnswersWith(StatusCodes.Status404NotFound)
            .WithTags("Audit")
            .WithSummary(
                "A signed root of the audit, with the proof that your own chain is in it; the newest, or number"
            );

    private static Task<Results<Ok<GetAuditRootsView>, ProblemHttpResult>> Handle(
        Caller caller,
        GetAuditRoots read,
        CancellationToken cancellationToken,
        long? number = null
    ) => read.HandleAsync(caller, number, cancellationToken);

    private async Task<Results<Ok<GetAuditRootsView>, ProblemHttpResult>> HandleAsync(
        Caller caller,
        long? number,
        CancellationToken cancellationToken
    )
    {
        await using var command = source.CreateCommand(
            $"SELECT line FROM {_schema}.audit_root WHERE number = coalesce($1, number) ORDER BY number DESC LIMIT 1"
        );
        command.Parameters.Add(
            new() { Value = (object?)number ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bigint }
        );
        if (
            await command.ExecuteScalarAsync(cancellationToken) is not string line
            || AuditRoots.KeyOf(configuration) is not { } key
        )
        {
            return Refusal.NotFound();
        }
        using (key)
        {
            var root = RootForOrganisation.Of(AuditRoot.Parse(line), caller.Organisation);
            return TypedResults.Ok(
                new GetAuditRootsView(
                    root.Service,
                    root.Number,
                    root.At,
                    root.Root,
                    root.Previous,
                    root.SignedText,
                    root.Signature,
                    key.ExportSubjectPublicKeyInfoPem(),
                    root.Chain
                )
            );
        }
    }
}

/// <param name="Service">Whose chains.</param>
/// <param name="Number">Counted from 1; one an hour.</param>
/// <param name="At">When it was signed.</param>
/// <param name="Root">The Merkle root over the heads of all chains, in hex.</param>
/// <param name="Previous">The root before.</param>
/// <param name="SignedText">The text that was signed.</param>
/// <param name="Signature">ECDSA over P-256 and SHA-256, IEEE P1363 form, base64.</param>
/// <param name="PublicKey">The service's key, in PEM.</param>
/// <param name="Chain">Your own chain in it; null where you have none in this service yet.</param>
internal sealed record GetAuditRootsView(
    string Service,
    long Number,
    DateTimeOffset At,
    string Root,
    string Previous,
    string SignedText,
    string Signature,
    string PublicKey,
    OwnChain? Chain
);
