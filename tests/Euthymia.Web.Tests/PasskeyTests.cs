using System.Net;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Tests.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests;

/// <summary>Signing in by a passkey, with Chromium's virtual device in place of a finger.</summary>
/// <remarks>Few tries: sign-in is limited to thirty in a minute from one address.</remarks>
public sealed class PasskeyTests(RolesSite site, Chromium chromium) : IClassFixture<RolesSite>
{
    private static readonly Dictionary<string, object> Device = new(StringComparer.Ordinal)
    {
        ["options"] = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["protocol"] = "ctap2",
            ["transport"] = "internal",
            ["hasResidentKey"] = true,
            ["hasUserVerification"] = true,
            ["isUserVerified"] = true,
            ["automaticPresenceSimulation"] = true,
        },
    };

    [Fact]
    public async Task A_passkey_is_added_signs_in_and_is_removed()
    {
        var account = await site.AddAccount("passkey.person", ClinicRole.Nurse);
        var page = await Open();
        await SignInByPassword(page, account);
        await page.GotoAsync(At("/account"));
        await Expect(page.Locator("section[aria-labelledby=passkeys]")).ToContainTextAsync("No passkey yet.");
        await page.FillAsync("#passkeyName", "<b>Ward tablet</b>");
        await page.ClickAsync("passkey-form button");
        await Expect(page.Locator("section[aria-labelledby=passkeys] li")).ToContainTextAsync("<b>Ward tablet</b>");
        await page.ShouldBeAccessible();
        await page.Picture("account-passkey");

        await SignOut(page);
        await page.ShouldBeAccessible();
        await page.Picture("sign-in-passkey");
        await page.ClickAsync("passkey-form button");
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex("/today$", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5)));

        await page.GotoAsync(At("/account"));
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove the passkey" }).ClickAsync();
        await Expect(page.Locator("section[aria-labelledby=passkeys]")).ToContainTextAsync("No passkey yet.");
        await SignOut(page);
        await page.ClickAsync("passkey-form button");
        await Expect(page.Locator(".summary")).ToContainTextAsync("Not signed in");
    }

    [Fact]
    public async Task A_closed_account_is_not_opened_by_its_passkey()
    {
        var account = await site.AddAccount("passkey.closed", ClinicRole.Nurse);
        var page = await Open();
        await SignInByPassword(page, account);
        await page.GotoAsync(At("/account"));
        await page.FillAsync("#passkeyName", "Phone");
        await page.ClickAsync("passkey-form button");
        await Expect(page.Locator("section[aria-labelledby=passkeys] li")).ToContainTextAsync("Phone");
        await SignOut(page);
        await site.With(async services =>
        {
            var users = services.GetRequiredService<UserManager<Account>>();
            return await users.SetLockoutEndDateAsync((await users.FindByIdAsync($"{account.Id}"))!, DateTimeOffset.MaxValue);
        });
        await page.ClickAsync("passkey-form button");
        await Expect(page.Locator(".summary")).ToContainTextAsync("Not signed in");
    }

    [Fact]
    public async Task What_no_device_has_answered_is_refused()
    {
        using var nurse = await site.VisitAs(site.Nurse);
        Assert.Contains("Give it a name", (await nurse.Send("/account", "passkey", ("Passkey.Credential", "{}"), ("Passkey.Name", " "))).Words, StringComparison.Ordinal);
        foreach (var credential in new[] { "", new string('x', 30_000), """{"id":"AAAA","rawId":"AAAA","type":"public-key","response":{},"clientExtensionResults":{}}""" })
        {
            Assert.Contains("does not fit this page", (await nurse.Send("/account", "passkey", ("Passkey.Credential", credential), ("Passkey.Name", "Phone"))).Words, StringComparison.Ordinal);
            using var stranger = site.Visit();
            Assert.Contains("Not signed in", (await stranger.Send("/sign-in", "passkey", ("Passkey.Credential", credential))).Words, StringComparison.Ordinal);
        }

        using var visitor = site.Visit();
        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.Post("/sign-in/passkey-options")).Status);
        Assert.Equal(0, await site.With(services => services.GetRequiredService<ClinicDb>().Set<IdentityUserPasskey<Guid>>().CountAsync(p => p.UserId == site.Nurse.Id)));
    }

    // A passkey belongs to a name, never to an IP address.
    private string At(string path) => $"http://localhost:{site.Address.Port}{path}";

    private async Task<IPage> Open()
    {
        var page = await chromium.Open(site);
        var device = await page.Context.NewCDPSessionAsync(page);
        await device.SendAsync("WebAuthn.enable");
        await device.SendAsync("WebAuthn.addVirtualAuthenticator", Device);
        return page;
    }

    private async Task SignInByPassword(IPage page, Account account)
    {
        await page.GotoAsync(At("/sign-in"));
        await page.FillAsync("#userName", account.UserName!);
        await page.FillAsync("#password", ClinicSite.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
    }

    private static async Task SignOut(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync(url => url.Contains("sign-in", StringComparison.Ordinal));
    }
}
