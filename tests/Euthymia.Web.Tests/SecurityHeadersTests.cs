using System.Net;
using Euthymia.Web.Tests.Hosting;

namespace Euthymia.Web.Tests;

/// <summary>The headers that every answer carries, whatever its kind and whether it succeeded.</summary>
public sealed class SecurityHeadersTests(EmptySite site) : IClassFixture<EmptySite>
{
    private static readonly string[] Directives =
    [
        "default-src 'self'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "object-src 'none'", "base-uri 'self'", "frame-ancestors 'none'", "form-action 'self'",
    ];

    [Theory]
    [InlineData("/first-run", HttpStatusCode.OK)]
    [InlineData("/today", HttpStatusCode.Redirect)]
    [InlineData("/css/app.css", HttpStatusCode.OK)]
    [InlineData("/_framework/blazor.web.js", HttpStatusCode.OK)]
    [InlineData("/health", HttpStatusCode.OK)]
    [InlineData("/status/404", HttpStatusCode.NotFound)]
    public async Task Every_answer_carries_the_security_headers(string path, HttpStatusCode expected)
    {
        using var visitor = site.Visit();
        var page = await visitor.Get(path);
        Assert.Equal(expected, page.Status);

        var policies = Header(page, "Content-Security-Policy");
        Assert.All(Directives, directive => Assert.Contains(directive, policies, StringComparison.Ordinal));
        Assert.DoesNotContain("unsafe", policies, StringComparison.Ordinal);
        Assert.DoesNotContain("*", policies, StringComparison.Ordinal);
        Assert.Equal("nosniff", Header(page, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header(page, "Referrer-Policy"));
        Assert.Equal("same-origin", Header(page, "Cross-Origin-Opener-Policy"));
        Assert.Contains("camera=()", Header(page, "Permissions-Policy"), StringComparison.Ordinal);
        Assert.False(page.Answer.Headers.Contains("Server"), "The server names its software.");
    }

    [Theory]
    [InlineData("/first-run")]
    [InlineData("/status/404")]
    public async Task A_page_is_never_kept_by_a_cache(string path)
    {
        using var visitor = site.Visit();
        Assert.True((await visitor.Get(path)).Answer.Headers.CacheControl?.NoStore);
    }

    [Fact]
    public async Task An_unknown_address_tells_a_stranger_nothing()
    {
        using var visitor = site.Visit();
        var known = await visitor.Get("/patients");
        var unknown = await visitor.Get("/no-such-page");
        Assert.Contains(known.Status, new[] { HttpStatusCode.Redirect, HttpStatusCode.NotFound });
        Assert.Contains(unknown.Status, new[] { HttpStatusCode.Redirect, HttpStatusCode.NotFound });
        Assert.DoesNotContain("Exception", unknown.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        using var visitor = site.Visit();
        var page = await visitor.Post("/first-run", ("_handler", "first-run"), ("Input.UserName", "intruder"));
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.DoesNotContain("Exception", page.Text, StringComparison.Ordinal);
    }

    private static string Header(Page page, string name) => string.Join("; ", page.Answer.Headers.GetValues(name));
}

/// <summary>A site on which nobody has been yet, for tests that leave it so.</summary>
public sealed class EmptySite : ClinicSite;
