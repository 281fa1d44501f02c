using System.Net;
using System.Text.RegularExpressions;
using Euthymia.Clinic;
using Euthymia.Web.Accounts;
using Euthymia.Web.Tests.Hosting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Euthymia.Web.Tests;

/// <summary>Who may open what: read from the running application, so that a page added later is held to it, too.</summary>
public sealed partial class EndpointPolicyTests(RolesSite site) : IClassFixture<RolesSite>
{
    // What a stranger may reach. Files of the site itself are recognised by their folder.
    private static readonly string[] Anonymous = ["/sign-in", "/sign-in/passkey-options", "/first-run", "/join", "/invitation/{code}", "/status/{Code:int?}", "/error", "/health", "/theme"];
    private static readonly string[] Files = ["/css/", "/js/", "/_framework/", "/icon"];

    // Signed in, whatever the role. The live pages' channel draws nothing by itself: each page checks its own policy.
    // The opaque redirect leads to a sealed address that a page has made; "file" answers "not found" to addresses with an extension.
    private static readonly string[] AnyRole = ["/", "/sign-out", "/account", "/_blazor", "/_framework/opaque-redirect", "/{**path:file}"];

    [Fact]
    public void Every_endpoint_names_its_policy_or_is_on_a_short_list()
    {
        var wrong = Endpoints().Where(e => !IsAnonymous(e) ? PolicyOf(e) is null && !AnyRole.Any(a => IsOrIsBelow(e, a)) : !MayBeAnonymous(e)).Select(Address);
        Assert.Empty(wrong);
    }

    [Fact]
    public async Task Without_a_policy_of_its_own_an_endpoint_asks_for_a_signed_in_person()
    {
        var fallback = await site.Services.GetRequiredService<IAuthorizationPolicyProvider>().GetFallbackPolicyAsync();
        Assert.NotNull(fallback);
        Assert.Contains(fallback.Requirements, r => r is Microsoft.AspNetCore.Authorization.Infrastructure.DenyAnonymousAuthorizationRequirement);
    }

    [Fact]
    public async Task A_page_opens_for_its_roles_and_looks_absent_to_all_others()
    {
        var pages = Endpoints().Where(e => e.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && PolicyOf(e) is not null).ToList();
        Assert.Contains(pages, e => string.Equals(Address(e), "/today", StringComparison.Ordinal));
        using var stranger = site.Visit();
        using var lead = await site.VisitAs(site.Lead);
        using var nurse = await site.VisitAs(site.Nurse);
        using var patient = await site.VisitAs(site.PatientAccount);
        foreach (var page in pages)
        {
            var path = Parameter().Replace(Address(page), site.Patient.Id.ToString());
            Assert.StartsWith("/sign-in", (await stranger.Get(path)).LeadsTo, StringComparison.Ordinal);
            await Judge(lead, path, PolicyOf(page) is Policies.Lead or Policies.Staff);
            await Judge(nurse, path, PolicyOf(page) is Policies.Staff);
            await Judge(patient, path, PolicyOf(page) is Policies.Patient);
        }
    }

    // A page that may be opened can still have nothing to show for this id; what it must not do is turn the person away.
    private static async Task Judge(Visitor visitor, string path, bool may)
    {
        var page = await visitor.Get(path);
        var refused = page.LeadsTo?.StartsWith("/status/403", StringComparison.Ordinal) == true || page.Status is HttpStatusCode.Forbidden;
        Assert.True(refused != may, $"{path} answered {(int)page.Status} {page.LeadsTo}");
        Assert.True(page.Status != HttpStatusCode.InternalServerError, $"{path} failed.");
        if (refused)
            Assert.Contains("There is no such page, or it is not for this account.", (await visitor.Get(page.LeadsTo ?? path)).Words, StringComparison.Ordinal);
    }

    private List<RouteEndpoint> Endpoints() => [.. site.Services.GetRequiredService<IEnumerable<EndpointDataSource>>()
        .SelectMany(s => s.Endpoints).OfType<RouteEndpoint>().DistinctBy(e => (Address(e), e.DisplayName))];

    private static string Address(RouteEndpoint endpoint) => $"/{endpoint.RoutePattern.RawText?.TrimStart('/')}";

    private static bool IsAnonymous(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;

    private static bool MayBeAnonymous(RouteEndpoint endpoint) =>
        Anonymous.Contains(Address(endpoint), StringComparer.Ordinal) || Files.Any(f => Address(endpoint).StartsWith(f, StringComparison.Ordinal));

    private static bool IsOrIsBelow(RouteEndpoint endpoint, string address) =>
        string.Equals(Address(endpoint), address, StringComparison.Ordinal) || (address.Length > 1 && Address(endpoint).StartsWith($"{address}/", StringComparison.Ordinal));

    private static string? PolicyOf(RouteEndpoint endpoint) => endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy).OfType<string>().FirstOrDefault();

    [GeneratedRegex("\\{[^}]+\\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();
}

/// <summary>A clinic with one account of each role and one patient.</summary>
public sealed class RolesSite : ClinicSite
{
    public Account Lead { get; private set; } = null!;

    public Account Nurse { get; private set; } = null!;

    public Account PatientAccount { get; private set; } = null!;

    public Patient Patient { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await SetUp();
        Lead = await AddAccount("lead.one", ClinicRole.Lead);
        Nurse = await AddAccount("nurse.one", ClinicRole.Nurse);
        Patient = await AddPatient(Lead, AnyPatient("T-001"));
        PatientAccount = await AddAccount("patient.one", ClinicRole.Patient, Patient.Id);
    }
}
