using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.Operations.Accounts;
using Safeguarding.Operations.ParkedMessages;

namespace Safeguarding.Operations;

/// <summary>What lets operators watch a service and prove what it holds.</summary>
public static class HubOperations
{
    /// <summary>
    /// Adds what <see cref="MapOperations"/> answers from. Register one <see cref="AccountSet"/> for each kind of thing
    /// that the service shares with others.
    /// </summary>
    public static IServiceCollection AddOperations(this IServiceCollection services) =>
        // The OpenAPI document takes the XML comments of the projects that name it.
        services.AddOpenApi("v1").AddSingleton<AccountStore>();

    /// <summary>
    /// Maps parked messages (<c>/ops/parked</c>) and accounts (<c>/ops/accounts</c>), both for scope <c>ops</c>.
    /// </summary>
    public static void MapOperations(this IEndpointRouteBuilder app)
    {
        app.MapParkedMessages();
        app.MapAccounts();
    }
}
