using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Safeguarding.Portal.Identity;
using Safeguarding.Portal.Services;

namespace Safeguarding.Portal.Pages.Integration;

/// <summary>The systems of the organisation that get tokens, and by which keys.</summary>
/// <param name="identity">Identity.</param>
[Authorize("client.write")]
public sealed class ClientsModel(Client identity) : PageModel
{
    internal Part<ICollection<ClientView>> Clients { get; private set; } = null!;

    /// <summary>Reads them.</summary>
    /// <param name="cancellationToken">The request's.</param>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Clients = await Part.OfAsync(identity.ListClientsAsync(cancellationToken: cancellationToken));
        if (Clients.Missing is not null)
            Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
    }
}
