using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.OpenApi;

namespace Safeguarding.Identity.OwnClients;

/// <summary>The clients of an organisation, for its engineers.</summary>
internal static class ClientRoutes
{
    private const string Scope = "client.write";

    public static void MapClients(this IEndpointRouteBuilder app)
    {
        var clients = app.MapGroup("/clients").RequireScope(Scope).WithTags("Clients");
        clients
            .MapGet("", ListClients.Handle)
            .Audits("client.list")
            .WithSummary("Your organisation's clients: state, scopes and keys");
        clients
            .MapPost("/{id}/keys", RegisterKey.Handle)
            .AuditsEach(RegisterKey.Act)
            .AnswersWith(StatusCodes.Status409Conflict)
            .WithSummary("Register a further public key of a client; in force within two seconds, beside those it has");
        clients
            .MapPost("/{id}/keys/end", EndKey.Handle)
            .AuditsEach(EndKey.Act)
            .AnswersWith(StatusCodes.Status409Conflict)
            .WithSummary("End a key of a client, not the last one; in force within two seconds");
        clients
            .MapPost("/check-token", CheckToken.Handle)
            .Audits("client.check-token")
            .WithSummary(
                "What would be refused of a client assertion or access token, claim by claim; nothing is issued"
            );
    }
}
