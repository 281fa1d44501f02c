using System.Buffers.Binary;
using System.Net;
using Euthymia.Clinic;
using Euthymia.Web.Tests.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Euthymia.Web.Tests;

/// <summary>Signing in and out, through the page itself.</summary>
public sealed class SignInTests(SignInSite site) : IClassFixture<SignInSite>
{
    [Fact]
    public async Task The_right_password_opens_the_first_page_and_signing_out_closes_it()
    {
        using var visitor = site.Visit();
        Assert.Equal("/", (await Enter(visitor, "nurse.one", ClinicSite.Password)).LeadsTo);
        Assert.Equal(HttpStatusCode.OK, (await visitor.Get("/today")).Status);

        Assert.Equal("/sign-in", (await visitor.Send("/today", "/sign-out")).LeadsTo);
        Assert.StartsWith("/sign-in", (await visitor.Get("/today")).LeadsTo, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_name_and_a_wrong_password_get_the_same_answer()
    {
        using var visitor = site.Visit();
        var wrong = await Enter(visitor, "nurse.one", "not the password at all");
        var unknown = await Enter(visitor, "nobody.here", "not the password at all");
        Assert.Equal(HttpStatusCode.OK, wrong.Status);
        Assert.Equal(wrong.Status, unknown.Status);
        Assert.Contains("do not match", wrong.Words, StringComparison.Ordinal);
        Assert.Equal(Neutral(wrong, "nurse.one"), Neutral(unknown, "nobody.here"));
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_and_the_right_one_then_gets_the_same_answer()
    {
        using var visitor = site.Visit();
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, (await Enter(visitor, "nurse.locked", "not the password at all")).Status);
        var page = await Enter(visitor, "nurse.locked", ClinicSite.Password);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("do not match", page.Words, StringComparison.Ordinal);
        Assert.True(await site.With(async services =>
        {
            var users = services.GetRequiredService<UserManager<Account>>();
            return await users.IsLockedOutAsync((await users.FindByNameAsync("nurse.locked"))!);
        }));
    }

    [Theory]
    [InlineData("/patients", "/patients")]
    [InlineData("https://elsewhere.example/", "/")]
    [InlineData("//elsewhere.example/", "/")]
    [InlineData("/\\elsewhere.example", "/")]
    public async Task After_signing_in_one_stays_on_this_site(string wanted, string led)
    {
        using var visitor = site.Visit();
        var page = await visitor.Send($"/sign-in?returnUrl={Uri.EscapeDataString(wanted)}", "sign-in",
            ("Input.UserName", "lead.one"), ("Input.Password", ClinicSite.Password));
        Assert.Equal(led, page.LeadsTo);
    }

    [Fact]
    public async Task The_session_cookie_is_out_of_reach_of_scripts_and_other_sites()
    {
        using var visitor = site.Visit();
        var page = await Enter(visitor, "lead.one", ClinicSite.Password);
        var session = Assert.Single(page.Answer.Headers.GetValues("Set-Cookie"), c => c.StartsWith("euthymia=", StringComparison.Ordinal));
        Assert.Contains("httponly", session, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", session, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_password_is_stored_as_PBKDF2_with_SHA512_and_at_least_210_000_rounds()
    {
        var account = await site.With(async services => await services.GetRequiredService<UserManager<Account>>().FindByNameAsync("lead.one"));
        // Identity's format 1: marker, PRF (2 = HMAC-SHA512), iterations, both big-endian.
        var hash = Convert.FromBase64String(account!.PasswordHash!);
        Assert.Equal(1, hash[0]);
        Assert.Equal(2u, BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)));
        Assert.InRange(BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5)), 210_000u, uint.MaxValue);
    }

    private static Task<Page> Enter(Visitor visitor, string name, string password) =>
        visitor.Send("/sign-in", "sign-in", ("Input.UserName", name), ("Input.Password", password));

    // The name is shown again as typed, and nothing else may differ.
    private static string Neutral(Page page, string name)
    {
        Assert.Contains($"value=\"{name}\"", page.Text, StringComparison.Ordinal);
        return page.Words.Trim();
    }
}

/// <summary>Sign-in is limited to 30 tries a minute from one address; these need it to themselves.</summary>
public sealed class SignInLimitTests : IAsyncLifetime
{
    private readonly ClinicSite _site = new();

    public async ValueTask InitializeAsync()
    {
        await _site.InitializeAsync();
        await _site.AddAccount("lead.one", ClinicRole.Lead);
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task Trying_one_password_on_many_names_is_slowed_down_in_plain_words()
    {
        using var visitor = _site.Visit();
        var form = await visitor.Fill("/sign-in", "sign-in", ("Input.Password", "summer summer summer"));
        // At once, so that a slow machine does not stretch them over more than the minute that is counted.
        var pages = await Task.WhenAll(Enumerable.Range(0, 31).Select(i =>
            visitor.Post(form with { Fields = [.. form.Fields, ("Input.UserName", $"guess.{i}")] })));
        Assert.Equal(30, pages.Count(page => page.Status == HttpStatusCode.OK));
        var refused = Assert.Single(pages, page => page.Status == HttpStatusCode.TooManyRequests);
        Assert.Contains("Too many tries", refused.Words, StringComparison.Ordinal);
    }
}

/// <summary>A clinic with a lead and two nurses.</summary>
public sealed class SignInSite : ClinicSite
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await SetUp();
        await AddAccount("lead.one", ClinicRole.Lead);
        await AddAccount("nurse.one", ClinicRole.Nurse);
        await AddAccount("nurse.locked", ClinicRole.Nurse);
    }
}
