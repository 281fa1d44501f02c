using System.Net;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Euthymia.Web.Tests;

/// <summary>Setting up an empty clinic. Each test has a site of its own, since the page works once.</summary>
public sealed class FirstRunTests : IAsyncLifetime
{
    private readonly ClinicSite _site = new();

    public ValueTask InitializeAsync() => _site.InitializeAsync();

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Fact]
    public async Task It_makes_the_clinic_and_a_lead_who_is_signed_in_and_then_goes_away()
    {
        using var first = _site.Visit();
        Assert.Equal("/first-run", (await first.Get("/sign-in")).LeadsTo);
        Assert.Equal("/", (await first.Send("/first-run", "first-run", Filled())).LeadsTo);
        Assert.Equal(HttpStatusCode.OK, (await first.Get("/today")).Status);

        using var second = _site.Visit();
        Assert.Equal(HttpStatusCode.Redirect, (await second.Get("/first-run")).Status);
        Assert.Equal(HttpStatusCode.OK, (await second.Get("/sign-in")).Status);

        var (settings, leads) = await Stored();
        Assert.Equal(("Riverside", "Europe/Berlin"), (settings!.Name, settings.TimeZone));
        Assert.Equal(["Blue", "Green"], settings.Chairs);
        Assert.Equal(["lead.one"], leads);
    }

    [Theory]
    [InlineData("Input.Clinic", "", "name-problem")]
    [InlineData("Input.TimeZone", "Mars/Olympus", "timeZone-problem")]
    [InlineData("Input.Chairs", "", "chairs-problem")]
    [InlineData("Input.DisplayName", "", "displayName-problem")]
    [InlineData("Input.UserName", "with space", "userName-problem")]
    [InlineData("Input.Password", "short", "password")]
    [InlineData("Input.PasswordAgain", "another long password", "passwordAgain-problem")]
    public async Task A_wrong_value_is_named_at_its_field_and_nothing_is_stored(string field, string value, string place)
    {
        using var visitor = _site.Visit();
        var fields = Filled().Select(f => string.Equals(f.Name, field, StringComparison.Ordinal) ? (f.Name, value) : f).ToArray();
        var page = await visitor.Send("/first-run", "first-run", fields);
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains($"id=\"{place}", page.Text, StringComparison.Ordinal);
        Assert.Contains("Not saved yet", page.Words, StringComparison.Ordinal);

        var (settings, leads) = await Stored();
        Assert.Null(settings);
        Assert.Empty(leads);
    }

    [Fact]
    public async Task What_was_typed_is_kept_when_something_is_wrong_except_passwords()
    {
        using var visitor = _site.Visit();
        var fields = Filled().Select(f => string.Equals(f.Name, "Input.TimeZone", StringComparison.Ordinal) ? (f.Name, "Mars/Olympus") : f).ToArray();
        var page = await visitor.Send("/first-run", "first-run", fields);
        Assert.Contains("value=\"Riverside\"", page.Text, StringComparison.Ordinal);
        Assert.Contains("value=\"Mars/Olympus\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(ClinicSite.Password, page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Markup_in_a_name_is_shown_as_typed()
    {
        using var visitor = _site.Visit();
        var fields = Filled().Select(f => string.Equals(f.Name, "Input.DisplayName", StringComparison.Ordinal) ? (f.Name, "<script>alert(1)</script>") : f).ToArray();
        Assert.Equal("/", (await visitor.Send("/first-run", "first-run", fields)).LeadsTo);
        var today = await visitor.Get("/today");
        Assert.DoesNotContain("<script>alert", today.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;alert(1)", today.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_people_who_set_up_at_once_one_becomes_the_lead()
    {
        var visitors = Enumerable.Range(0, 4).Select(_ => _site.Visit()).ToList();
        // All see the empty clinic before the first of them sends: the page goes away once a lead is there.
        var forms = await Task.WhenAll(visitors.Select((visitor, i) => visitor.Fill("/first-run", "first-run",
            [.. Filled().Select(f => string.Equals(f.Name, "Input.UserName", StringComparison.Ordinal) ? (f.Name, $"lead.{i}") : f)])));
        var pages = await Task.WhenAll(visitors.Zip(forms, (visitor, form) => visitor.Post(form)));
        Assert.Single((await Stored()).Leads);
        Assert.Single(pages, page => page.LeadsTo is "/");
        Assert.DoesNotContain(pages, page => page.Status == HttpStatusCode.InternalServerError);
        visitors.ForEach(visitor => visitor.Dispose());
    }

    private static (string Name, string Value)[] Filled() =>
    [
        ("Input.Clinic", "Riverside"), ("Input.TimeZone", "Europe/Berlin"), ("Input.Chairs", "Blue\r\nGreen\r\n"), ("Input.CrisisLine", ""),
        ("Input.DisplayName", "Dr. One"), ("Input.UserName", "lead.one"), ("Input.Password", ClinicSite.Password), ("Input.PasswordAgain", ClinicSite.Password),
    ];

    private Task<(ClinicSettings? Settings, List<string?> Leads)> Stored() => _site.With(async services =>
    {
        var db = services.GetRequiredService<ClinicDb>();
        return (await db.Settings.SingleOrDefaultAsync(), await db.Users.Select(u => u.UserName).ToListAsync());
    });
}
