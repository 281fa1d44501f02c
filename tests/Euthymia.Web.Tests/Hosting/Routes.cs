using System.Text.RegularExpressions;
using Euthymia.Clinic;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Euthymia.Web.Tests.Hosting;

/// <summary>One address pattern of the running application.</summary>
/// <param name="Pattern">"/patients/{Id:guid}".</param>
/// <param name="Policy">The policy it names; empty when anybody signed in may, or anybody at all.</param>
/// <param name="IsAnonymous">True when strangers may.</param>
/// <param name="IsPage">True for a Razor page.</param>
/// <param name="Methods">HTTP methods that it answers to.</param>
public sealed record Route(string Pattern, string Policy, bool IsAnonymous, bool IsPage, IReadOnlyList<string> Methods);

/// <summary>What stands for the holes of the address patterns: one patient's records.</summary>
public sealed record RouteValues(Guid Patient, Guid Course, IReadOnlyList<Guid> Visits, IReadOnlyList<Guid> Entries, Guid Finding)
{
    /// <summary>Ids that belong to nothing.</summary>
    public static RouteValues Unknown => new(Guid.CreateVersion7(), Guid.CreateVersion7(), [Guid.CreateVersion7()], [Guid.CreateVersion7()], Guid.CreateVersion7());

    // The longest key that a pattern has up to its hole decides. A new kind of hole has to be named here.
    private Dictionary<string, IReadOnlyList<string>> Known => new(StringComparer.Ordinal)
    {
        ["/patients/{Id"] = [$"{Patient}"],
        ["/patients/{id"] = [$"{Patient}"],
        ["{PatientId"] = [$"{Patient}"],
        ["{CourseId"] = [$"{Course}"],
        ["/visits/{Id"] = [.. Visits.Select(v => $"{v}")],
        ["/visits/{id"] = [.. Visits.Select(v => $"{v}")],
        ["{EntryId"] = [.. Entries.Select(e => $"{e}")],
        ["/findings/{Id"] = [$"{Finding}"],
        ["{recordId"] = [$"{Guid.CreateVersion7()}"],
        ["{RecordId"] = [$"{Guid.CreateVersion7()}"],
        ["/clinic/results/export/{id"] = [$"{Guid.CreateVersion7()}"],
        ["{Section"] = [.. IntakeQuestions.Current.Sections.Select(s => s.Id)],
        ["{Slug"] = ["phq-9", "madrs"],
        ["{Kind"] = ["note"],
        ["{kind"] = ["note"],
        ["{Code"] = ["404"],
        ["{code"] = ["NOT-A-CODE"],
    };

    /// <summary>The addresses that a pattern stands for.</summary>
    public IEnumerable<string> Fill(string pattern)
    {
        var hole = Routes.Hole().Match(pattern);
        if (!hole.Success)
            return [pattern];
        var head = pattern[..(hole.Index + hole.Length)];
        var own = Known.Where(k => head.Contains(k.Key, StringComparison.Ordinal) && hole.Value.StartsWith(k.Key[k.Key.IndexOf('{', StringComparison.Ordinal)..], StringComparison.Ordinal))
            .OrderByDescending(k => k.Key.Length).Select(k => k.Value).FirstOrDefault();
        Assert.True(own is not null, $"{pattern} is new here: say what stands for {hole.Value}.");
        return own!.SelectMany(value => Fill($"{pattern[..hole.Index]}{value}{pattern[(hole.Index + hole.Length)..]}"));
    }
}

/// <summary>The addresses that the running application answers to, so that one added later is tested, too.</summary>
public static partial class Routes
{
    // Files of the site itself, and the framework's own.
    private static readonly string[] NotOurs = ["/css/", "/js/", "/_framework/", "/_blazor", "/icon", "/{**path"];

    public static IReadOnlyList<Route> Of(ClinicSite site) => [.. site.Services.GetRequiredService<IEnumerable<EndpointDataSource>>()
        .SelectMany(s => s.Endpoints).OfType<RouteEndpoint>()
        .Select(e => new Route(
            $"/{e.RoutePattern.RawText?.TrimStart('/')}",
            e.Metadata.GetOrderedMetadata<IAuthorizeData>().Select(a => a.Policy).OfType<string>().FirstOrDefault() ?? "",
            e.Metadata.GetMetadata<IAllowAnonymous>() is not null,
            e.Metadata.GetMetadata<ComponentTypeMetadata>() is not null,
            e.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? []))
        .Where(r => !NotOurs.Any(n => r.Pattern.StartsWith(n, StringComparison.Ordinal)))
        .DistinctBy(r => (r.Pattern, string.Join(',', r.Methods)))];

    [GeneratedRegex("\\{[^}]+\\}", RegexOptions.None, 1000)]
    internal static partial Regex Hole();
}
