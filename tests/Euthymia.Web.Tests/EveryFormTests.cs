using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Accounts;
using Euthymia.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Euthymia.Web.Tests;

/// <summary>
/// Every text field of every form of every page, read from the running application, so that a form added later is held to it,
/// too: ten megabytes are answered at the field, and nothing is stored.
/// </summary>
public sealed partial class EveryFormTests(TimedSite site) : IClassFixture<TimedSite>
{
    private static readonly string TenMegabytes = new('x', 10 * 1024 * 1024);

    // For strangers, who are told no more than that something does not match, or without a form. TooMuchTextTests has those that ask for text.
    private static readonly string[] Silent = ["/sign-in", "/first-run", "/join", "/status/{Code:int?}", "/error", "/patients/{Id:guid}/consent/paper/{RecordId:guid}"];

    [Fact]
    public async Task Ten_megabytes_are_answered_at_the_field()
    {
        var addresses = await Addresses();
        var tried = new HashSet<string>(StringComparer.Ordinal);
        var wrong = new List<string>();
        using var lead = await site.VisitAs(site.Lead);
        using var patient = await site.VisitAs(await site.AddAccount("patient.forms", ClinicRole.Patient, _patient));
        var absent = addresses.Select(a => a.Pattern).ToHashSet(StringComparer.Ordinal);
        foreach (var (pattern, address, policy) in addresses)
        {
            var person = policy is Policies.Patient ? patient : lead;
            var page = await person.Get(address);
            if (page.Status is HttpStatusCode.NotFound)
                continue;
            absent.Remove(pattern);
            foreach (var form in Forms.Posts(page))
            {
                foreach (var field in form.Elements.Where(Forms.IsText).Select(e => e.GetAttribute("name")!).Distinct(StringComparer.Ordinal))
                {
                    if (tried.Add($"{Identifier().Replace(address, "*")} {Forms.Handler(form)} {field}"))
                        await Try(person, address, form, field, wrong);
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.Empty(absent);
        Assert.True(tried.Count > 60, $"Only {tried.Count} fields were found.");
    }

    private static async Task<string?> Answer(Visitor person, string address, IHtmlFormElement form, string field)
    {
        var fields = Forms.Sent(form).Where(f => !string.Equals(f.Name, field, StringComparison.Ordinal)).Append((field, TenMegabytes));
        var page = await person.Post(form.GetAttribute("action") is { Length: > 0 } action ? action : address, [.. fields]);
        if (page.Status != HttpStatusCode.OK)
            return $"answered {(int)page.Status} {page.LeadsTo}";
        if (page.Text.Length > 500_000)
            return $"sent {page.Text.Length} characters back";
        var again = Forms.Posts(page).FirstOrDefault(f => string.Equals(Forms.Handler(f), Forms.Handler(form), StringComparison.Ordinal));
        var control = again?.Elements.FirstOrDefault(e => e is IHtmlInputElement or IHtmlTextAreaElement && string.Equals(e.GetAttribute("name"), field, StringComparison.Ordinal));
        if (control is null)
            return "shows the field no more";
        var described = control.GetAttribute("aria-describedby")?.Split(' ').Select(control.Owner!.GetElementById) ?? [];
        return described.Any(d => (d?.ClassList.Contains("problem") == true || d?.QuerySelector(".problem") is not null) && !string.IsNullOrWhiteSpace(d.TextContent)) ? null : "says nothing at the field";
    }

    private async Task Try(Visitor person, string address, IHtmlFormElement form, string field, List<string> wrong)
    {
        var before = await site.Rows();
        var problem = await Answer(person, address, form, field);
        var stored = (await site.Rows()).Except(before, StringComparer.Ordinal).ToList();
        if (problem is not null || stored.Count > 0)
            wrong.Add($"{address}, {field}: {problem} {string.Join(", ", stored)}");
    }

    private Guid _patient;

    // One patient on the way, with a visit that runs and one that is over but not signed off.
    private async Task<List<(string Pattern, string Address, string Policy)>> Addresses()
    {
        Visit early = await site.AddVisit("FORMS-1"), late = await site.AddVisit("FORMS-2");
        _patient = late.PatientId;
        var note = await site.With(services => new VisitLog(services.GetRequiredService<ClinicDb>(), site.Clock, site.NurseActor).Append(early.Id, Guid.CreateVersion7(), new Noted("a note")));
        var reading = await site.With(services => new VisitLog(services.GetRequiredService<ClinicDb>(), site.Clock, site.NurseActor).Append(early.Id, Guid.CreateVersion7(), new Observed(new Readings(121, 79))));
        var finding = await site.With(async services =>
        {
            var db = services.GetRequiredService<ClinicDb>();
            await PreparedVisit.Fill(db, site.Clock, site.NurseActor, site.LeadActor, late);
            await PreparedVisit.Start(db, site.Clock, site.NurseActor, late);
            var answers = new Phq9Form(Guid.CreateVersion7(), [1, 1, 1, 1, 1, 1, 1, 1, 1]);
            return (await new FollowUp(db, site.Clock, site.LeadActor).RecordPhq9(early.PatientId, answers)).Findings[0];
        });
        // The consent is signed by who has read the text.
        await site.With(services => new ReadDocuments(services.GetRequiredService<ClinicDb>(), site.Clock, new Actor(Guid.CreateVersion7(), "T", ClinicRole.Patient, _patient)).Understood(_patient, EducationText.Current.Id, EducationText.Current.Version));
        site.Clock.Advance(TimeSpan.FromMinutes(41));
        var values = new RouteValues(_patient, late.CourseId, [early.Id, late.Id], [note.Event.Id, reading.Event.Id], finding.Id);
        return [.. Routes.Of(site).Where(r => r.IsPage && !Silent.Contains(r.Pattern, StringComparer.Ordinal)).SelectMany(r => values.Fill(r.Pattern).Select(a => (r.Pattern, a, r.Policy)))];
    }

    [GeneratedRegex("[0-9a-f]{8}-[0-9a-f-]{27}", RegexOptions.None, 1000)]
    private static partial Regex Identifier();
}
