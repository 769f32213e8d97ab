using Microsoft.Extensions.Options;
using Safeguarding.Identity.Pages;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Safeguarding.Identity.Development;

/// <summary>The routes of the development provider; none where it is off.</summary>
internal static class DevelopmentRoutes
{
    private const string Warning =
        "<p class=\"warning\"><strong>For development.</strong> These people are made up. Anybody can be any of them: "
        + "no password is asked for.</p>";

    public static void MapDevelopmentProvider(this IEndpointRouteBuilder app)
    {
        if (!app.ServiceProvider.GetRequiredService<IOptions<IdentityOptions>>().Value.DevelopmentProvider)
            return;
        app.MapGet($"{Paths.Development}/authorize", Ask);
        app.MapPost($"{Paths.Development}/authorize", PickAsync);
        app.MapPost($"{Paths.Development}/token", RedeemAsync);
    }

    private static IResult Ask(HttpContext context, DevelopmentIssuer issuer)
    {
        if (Validate(context.Request.Query, issuer) is { } error)
            return Page.Show(context, "This sign-in cannot go on", $"{Warning}<p>{Page.Text(error)}</p>", 400);
        var query = Page.Text(context.Request.QueryString.Value!);
        var buttons = DevelopmentPeople.All.Select(person =>
            $"<p><button name=\"person\" value=\"{person.Id}\">{Page.Text(person.Name)}</button> "
            + $"{Page.Text(About(person))}</p>"
        );
        return Page.Show(
            context,
            "Who are you?",
            $"{Warning}<form method=\"post\" action=\"{Paths.Development}/authorize{query}\">"
                + $"{string.Concat(buttons)}</form>"
        );
    }

    private static async Task<IResult> PickAsync(HttpContext context, DevelopmentIssuer issuer)
    {
        var query = context.Request.Query;
        var form = await SentForm.ReadAsync(context.Request);
        var person = DevelopmentPeople.All.FirstOrDefault(one => one.Id == form["person"]);
        var error = Validate(query, issuer) ?? (person is null ? "There is no such person." : null);
        if (error is not null)
            return Page.Show(context, "This sign-in cannot go on", $"{Warning}<p>{Page.Text(error)}</p>", 400);
        var answer = QueryString.Create(
            new Dictionary<string, string?>
            {
                [Parameters.Code] = issuer.MakeCode(
                    person!,
                    query[Parameters.Nonce],
                    query[Parameters.CodeChallenge].ToString()
                ),
                [Parameters.State] = query[Parameters.State],
                [Parameters.Iss] = issuer.Issuer.AbsoluteUri,
            }
        );
        return Results.Redirect($"{issuer.Callback}{answer}");
    }

    private static async Task<IResult> RedeemAsync(HttpContext context, DevelopmentIssuer issuer)
    {
        var form = await SentForm.ReadAsync(context.Request);
        var idToken =
            form[Parameters.RedirectUri] == issuer.Callback
                ? await issuer.RedeemAsync(form[Parameters.Code].ToString(), form[Parameters.CodeVerifier].ToString())
                : null;
        return idToken is null
            ? Results.Json(new { error = Errors.InvalidGrant }, statusCode: 400)
            : Results.Json(
                new
                {
                    access_token = "none",
                    token_type = TokenTypes.Bearer,
                    expires_in = 60,
                    id_token = idToken,
                }
            );
    }

    private static string? Validate(IQueryCollection query, DevelopmentIssuer issuer) =>
        query[Parameters.ClientId] != DevelopmentIssuer.ClientId ? "It is not the hub that asks."
        : query[Parameters.RedirectUri] != issuer.Callback ? "The redirect_uri is not the hub's."
        : query[Parameters.ResponseType] != ResponseTypes.Code ? "The response_type must be code."
        : query[Parameters.CodeChallengeMethod] != CodeChallengeMethods.Sha256
        || query[Parameters.CodeChallenge].ToString() is []
            ? "PKCE is missing."
        : null;

    private static string About(DevelopmentPerson person) =>
        (
            person.Work is []
                ? "no role"
                : string.Join(", or ", person.Work.Select(work => $"{work.Role} of {work.Organisation}"))
        )
        + (person.Acr == DevelopmentPeople.Password ? "; with a password alone" : "")
        + (person.SignedInBefore > TimeSpan.Zero ? $"; signed in {person.SignedInBefore.TotalHours:0} hours ago" : "");
}
