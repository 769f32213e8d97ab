using System.Globalization;
using System.Security.Claims;
using Npgsql;
using OpenIddict.Abstractions;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Identity.Clients;
using Safeguarding.Identity.Configuration;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Safeguarding.Identity.Audit;

/// <summary>
/// Leaves an audit record of each act of identity, before it answers: where it cannot be written, there is no token.
/// Refusals are recorded within limits, because anybody can cause them.
/// </summary>
internal sealed class RecordActs(
    AuditStore store,
    AuditFlood flood,
    NpgsqlDataSource source,
    Sealer sealer,
    TimeProvider clock
)
{
    public const string TokenIssued = "token.issue";
    public const string TokenRevoked = "token.revoke";
    public const string SessionBegun = "session.begin";
    public const string SessionEnded = "session.end";
    public const string ClientWithdrawn = "client.withdraw";

    private static readonly Caller Nobody = new("nobody", "none", new HashSet<string>());

    /// <summary>A client as a caller; nobody where it is not in the register.</summary>
    public static Caller Of(Client? client) =>
        client is null ? Nobody : new Caller(client.Id, client.Organisation, client.Scopes);

    /// <summary>The person whom a token of identity's names, at an application.</summary>
    public static Caller Of(ClaimsPrincipal person, string application) =>
        new(application, person.GetClaim(HubClaims.Organisation)!, new HashSet<string>())
        {
            Person = new Person(
                person.GetClaim(Claims.Subject)!,
                person.GetClaim(Claims.Role)!,
                AssuranceOf(person),
                AuthenticatedAt(person),
                person.GetClaim(HubClaims.SessionId)!
            ),
        };

    public static AssuranceLevel AssuranceOf(ClaimsPrincipal person) =>
        Enum.Parse<AssuranceLevel>(person.GetClaim(Claims.AuthenticationContextReference)!, ignoreCase: true);

    public static DateTimeOffset AuthenticatedAt(ClaimsPrincipal person) =>
        DateTimeOffset.FromUnixTimeSeconds(
            long.Parse(person.GetClaim(Claims.AuthenticationTime)!, CultureInfo.InvariantCulture)
        );

    /// <summary>A session's id as the subject of its records.</summary>
    public static Guid SubjectOf(string session) => Guid.ParseExact(session, "N");

    public Task DoneAsync(
        HttpContext? context,
        Caller caller,
        string act,
        Guid subject,
        CancellationToken cancellationToken
    ) => store.AddAsync(Record(context, caller, act, subject, AuditOutcome.Success, null), cancellationToken);

    public Task RefusedAsync(
        HttpContext? context,
        Caller caller,
        string act,
        string code,
        CancellationToken cancellationToken
    ) => flood.RefusedAsync(Record(context, caller, act, Guid.Empty, AuditOutcome.Refused, code), cancellationToken);

    /// <summary>Somebody ends another's session: who, whose organisation, and why.</summary>
    /// <param name="caller">Who ends it.</param>
    /// <param name="session">Its id.</param>
    /// <param name="organisation">Of the person whose it is.</param>
    /// <param name="reason">As it was written; it is sealed.</param>
    /// <param name="connection">In whose transaction it ends.</param>
    /// <param name="cancellationToken">The request's.</param>
    public Task EndedAsync(
        Caller caller,
        string session,
        string? organisation,
        string reason,
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        caller.Request?.Audited = true;
        return store.AddAsync(
            AuditRecord.Of(
                caller,
                SessionEnded,
                SubjectOf(session),
                clock.GetUtcNow(),
                reason: AuditReason.Seal(sealer, reason),
                concerning: organisation is null ? null : [organisation]
            ),
            connection,
            cancellationToken
        );
    }

    /// <summary>An organisation changes the keys of its client: which one is said in the reason, sealed.</summary>
    /// <param name="caller">Who does.</param>
    /// <param name="act">Registers or ends one.</param>
    /// <param name="which">The client and the key.</param>
    /// <param name="connection">In whose transaction it is done.</param>
    /// <param name="cancellationToken">The request's.</param>
    public Task KeyChangedAsync(
        Caller caller,
        string act,
        string which,
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        caller.Request?.Audited = true;
        return store.AddAsync(
            AuditRecord.Of(caller, act, Guid.Empty, clock.GetUtcNow(), reason: AuditReason.Seal(sealer, which)),
            connection,
            cancellationToken
        );
    }

    /// <summary>
    /// Identity has taken a file: once for each content that follows another, whichever replica is the first and
    /// though it was changed while identity was stopped.
    /// </summary>
    public async Task TakenAsync(TakenFile file, CancellationToken cancellationToken)
    {
        // Keyed: a file holds secrets.
        var digest = new Guid(sealer.Mac(file.Act, Convert.ToBase64String(file.Content)).AsSpan(0, 16));
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var last = new NpgsqlBatch(connection);
        foreach (
            var sql in (string[])
                [
                    "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
                    "SELECT subject FROM identity.audit_record WHERE act = $1 ORDER BY id DESC LIMIT 1",
                ]
        )
        {
            last.BatchCommands.Add(new NpgsqlBatchCommand(sql) { Parameters = { new() { Value = file.Act } } });
        }

        await using (var reader = await last.ExecuteReaderAsync(cancellationToken))
        {
            await reader.NextResultAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken) && reader.GetGuid(0) == digest)
                return;
        }

        foreach (var change in file.Changes)
            await AddAsync(change.Act, change.Id, change.Organisation, Guid.Empty);
        await AddAsync(file.Act, "identity", ConfigurationActs.Hub, digest);
        await transaction.CommitAsync(cancellationToken);

        Task AddAsync(string act, string client, string organisation, Guid subject)
        {
            var known = AuditedActs.Get(act)!;
            return store.AddAsync(
                new AuditRecord
                {
                    Id = Guid.CreateVersion7(),
                    At = clock.GetUtcNow(),
                    Organisation = organisation,
                    ClientId = client,
                    Person = file.By,
                    Role = "operator",
                    Concerning = organisation == ConfigurationActs.Hub ? null : [ConfigurationActs.Hub],
                    Purpose = known.Purpose,
                    LawfulBasis = known.LawfulBasis,
                    Act = act,
                    SubjectType = known.SubjectType,
                    Subject = subject,
                    Outcome = AuditOutcome.Success,
                },
                connection,
                cancellationToken
            );
        }
    }

    private AuditRecord Record(
        HttpContext? context,
        Caller caller,
        string act,
        Guid subject,
        string outcome,
        string? code
    ) =>
        AuditRecord.Of(
            caller with
            {
                Request = context is null ? null : RequestIds.Get(context),
            },
            act,
            subject,
            clock.GetUtcNow(),
            outcome,
            code
        );
}
