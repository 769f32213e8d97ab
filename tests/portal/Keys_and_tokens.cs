using System.Security.Cryptography;
using Microsoft.Playwright;

namespace Safeguarding.Portal.Tests;

/// <summary>An engineer finds out why a token is refused, and changes the keys of a client over.</summary>
[Collection<OneBrowser>]
public sealed class Keys_and_tokens(TheHub hub, Chromium chromium)
{
    private const string Client = "meadowbank-epr";

    [Fact]
    public async Task A_new_key_is_registered_and_the_old_one_ended()
    {
        await using var engineer = await chromium.OpenAsync(hub.Address, scripts: true);
        await engineer.SignInAsync("Wilf Yarrow");
        await engineer.PressAsync("Clients");
        await engineer.IsAccessibleAsync();
        await engineer.PressAsync(Client);
        await engineer.SeesAsync("By the operator");
        await engineer.PressAsync("Register the key");
        await engineer.Page.GetByRole(AriaRole.Link, new() { Name = "Paste the new public key" }).ClickAsync();
        await engineer.IsAccessibleAsync();
        using var pair = RSA.Create(2048);
        await engineer.Page.Locator(":focus").FillAsync(pair.ExportPkcs8PrivateKeyPem());
        await engineer.PressAsync("Register the key");
        await engineer.SeesAsync("This holds a private key.");

        await engineer.Page.GetByLabel("Public key").FillAsync(pair.ExportSubjectPublicKeyInfoPem());
        await engineer.PressAsync("Register the key");
        await engineer.SeesAsync("The key names no id");
        await engineer.Page.GetByLabel("Key id", new() { Exact = true }).FillAsync("epr-new");
        await engineer.PressAsync("Register the key");
        await engineer.SeesAsync("The key epr-new is registered");
        await engineer.IsAccessibleAsync();
        await engineer.PictureAsync("client");

        await engineer.Page.GetByRole(AriaRole.Link, new() { Name = "End epr-old" }).ClickAsync();
        await engineer.IsAccessibleAsync();
        await engineer.PressAsync("End the key");
        await engineer.Page.GetByRole(AriaRole.Heading, new() { Name = Client }).WaitForAsync();
        await Person.HasAsync(1, engineer.Page.Locator("tbody th"));
        Assert.Equal(["epr-new"], await engineer.Page.Locator("tbody th").AllInnerTextsAsync());
        await engineer.Page.GetByRole(AriaRole.Link, new() { Name = "End epr-new" }).ClickAsync();
        await engineer.PressAsync("End the key");
        await engineer.SeesAsync("The client has no other key that stays");
        await engineer.IsAccessibleAsync();

        Assert.Equal(404, await engineer.GoAsync("/clients/portal"));
        Assert.Equal(404, await engineer.GoAsync("/clients/none"));
    }

    [Fact]
    public async Task What_would_be_refused_of_an_assertion_is_said_claim_by_claim()
    {
        await using var engineer = await chromium.OpenAsync(hub.Address, scripts: true);
        await engineer.SignInAsync("Wilf Yarrow");
        await engineer.PressAsync("Check a token");
        await engineer.IsAccessibleAsync();
        await engineer.PressAsync("Check it");
        await engineer
            .Page.GetByRole(AriaRole.Link, new() { Name = "Paste a client assertion or an access token" })
            .ClickAsync();
        await engineer.Page.Locator(":focus").FillAsync("not a token");
        await engineer.PressAsync("Check it");
        await engineer.SeesAsync("This is no signed JWT");
        await engineer.IsAccessibleAsync();

        await engineer
            .Page.GetByLabel("Client assertion or access token")
            .FillAsync(hub.Assertion("meadowbank-spare", "epr-spare", late: true));
        await engineer.PressAsync("Check it");
        await engineer.SeesAsync("It would be refused");
        await engineer.SeesAsync("The 'exp' of the client_assertion is past.");
        Assert.Equal(1, await engineer.Page.GetByRole(AriaRole.Row).GetByText("Refused").CountAsync());
        await engineer.IsAccessibleAsync();
        await engineer.PictureAsync("check-token");

        await engineer
            .Page.GetByLabel("Client assertion or access token")
            .FillAsync(hub.Assertion("meadowbank-spare", "epr-spare"));
        await engineer.PressAsync("Check it");
        await engineer.SeesAsync("It would be accepted");
        await engineer.SeesAsync("encounter.submit");
        await using var councils = await chromium.OpenAsync(hub.Address);
        await councils.SignInAsync("Xanthe Zeal");
        await councils.GoAsync("/check-token");
        await councils
            .Page.GetByLabel("Client assertion or access token")
            .FillAsync(hub.Assertion("meadowbank-spare", "epr-spare"));
        await councils.PressAsync("Check it");
        await councils.SeesAsync("None of your organisation’s");
        Assert.Equal(200, await councils.GoAsync("/clients"));
        Assert.Equal(0, await councils.Page.GetByText("meadowbank").CountAsync());
    }

    [Fact]
    public async Task Who_connects_no_systems_is_told_which_role_does()
    {
        await using var manager = await chromium.OpenAsync(hub.Address);
        await manager.SignInAsync("Imani Jarrow");
        foreach (var page in (string[])["/clients", "/check-token"])
        {
            Assert.Equal(403, await manager.GoAsync(page));
            await manager.SeesAsync("integration engineer");
        }
    }
}
