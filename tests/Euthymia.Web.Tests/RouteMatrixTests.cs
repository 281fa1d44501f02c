using System.Net;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Accounts;
using Euthymia.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Euthymia.Web.Tests;

/// <summary>
/// Every address that the running application answers to, by role and by whose record its ids are: one's own, another
/// patient's, or nobody's. An installation is one site, so a nurse's site is the clinic; a nurse of another one is a stranger here.
/// </summary>
public sealed class RouteMatrixTests(TimedSite site) : IClassFixture<TimedSite>, IAsyncLifetime
{
    // Stands in everything that is stored of the other patient.
    private const string Mark = "Othermark";
    private const string Token = "__RequestVerificationToken";

    private readonly ClinicSite _elsewhere = new();
    private RouteValues _own = null!, _other = null!;
    private Visitor _stranger = null!, _nurseElsewhere = null!, _patient = null!, _nurse = null!, _lead = null!;

    private enum Person
    {
        Stranger,

        /// <summary>A nurse of another installation, with the session that she has there.</summary>
        NurseElsewhere,
        Patient,
        Nurse,
        Lead,
    }

    public async ValueTask InitializeAsync()
    {
        var tag = Guid.NewGuid().ToString("N")[..6];
        _own = await Fill($"OWN-{tag}", "Testwood");
        _other = await Fill($"{Mark}-{tag}", Mark);
        _stranger = site.Visit();
        await _elsewhere.InitializeAsync();
        await _elsewhere.SetUp("Another clinic");
        _nurseElsewhere = site.Visit();
        _nurseElsewhere.Keep(await _elsewhere.SessionOf(await _elsewhere.AddAccount("nurse.elsewhere", ClinicRole.Nurse)));
        _patient = await site.VisitAs(await site.AddAccount($"patient.{tag}", ClinicRole.Patient, _own.Patient));
        _nurse = await site.VisitAs(site.Nurse);
        _lead = await site.VisitAs(site.Lead);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var visitor in new[] { _stranger, _nurseElsewhere, _patient, _nurse, _lead })
            visitor.Dispose();
        await _elsewhere.DisposeAsync();
    }

    [Fact]
    public async Task Every_address_opens_for_its_roles_alone_and_nothing_of_another_patient_reaches_a_patient()
    {
        var wrong = new List<string>();
        var tried = 0;
        foreach (var route in Routes.Of(site).Where(r => r.IsPage || r.Methods.Contains("GET", StringComparer.Ordinal)))
        {
            foreach (var (whose, values) in new[] { ("own", _own), ("other", _other), ("nobody's", RouteValues.Unknown) })
            {
                foreach (var address in values.Fill(route.Pattern))
                {
                    foreach (var person in Enum.GetValues<Person>())
                    {
                        tried++;
                        if (Judge(route, person, whose, await Of(person).Get(address)) is { } problem)
                            wrong.Add($"{person} at {route.Pattern} with {whose} ids: {problem}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(tried > 300, $"Only {tried} were tried.");
    }

    [Fact]
    public async Task A_form_of_a_page_that_one_may_not_open_changes_nothing()
    {
        var wrong = new List<string>();
        var tried = 0;
        foreach (var route in Routes.Of(site).Where(r => r is { IsPage: true, IsAnonymous: false } && !May(r, Person.Patient)))
        {
            foreach (var address in _other.Fill(route.Pattern))
            {
                var page = await _lead.Get(address);
                foreach (var form in page.Status is HttpStatusCode.OK ? Forms.Posts(page).Where(f => Forms.Handler(f) is not null).ToList() : [])
                {
                    foreach (var person in new[] { Person.Stranger, Person.NurseElsewhere, Person.Patient, Person.Nurse }.Where(p => !May(route, p)))
                    {
                        tried++;
                        var before = await site.Rows();
                        var fields = Forms.Sent(form).Where(f => !string.Equals(f.Name, Token, StringComparison.Ordinal)).Append((Token, await TokenOf(person)));
                        var answer = await Of(person).Post(form.GetAttribute("action") is { Length: > 0 } action ? action : address, [.. fields]);
                        if (!IsRefused(answer) || answer.Text.Contains(Mark, StringComparison.Ordinal))
                            wrong.Add($"{person} at {route.Pattern}, form {Forms.Handler(form)}: {(int)answer.Status} {answer.LeadsTo}");
                        wrong.AddRange((await site.Rows()).Except(before, StringComparer.Ordinal).Select(row => $"{person} at {route.Pattern}, form {Forms.Handler(form)}: {row}"));
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(tried > 40, $"Only {tried} were tried.");
    }

    [Fact]
    public async Task Whatever_ids_a_patient_types_into_a_form_the_other_patients_record_stays_as_it_is()
    {
        var before = await Record(_other.Patient);
        var tried = 0;
        foreach (var address in Routes.Of(site).Where(r => r.IsPage && May(r, Person.Patient)).SelectMany(r => _own.Fill(r.Pattern)))
        {
            var page = await _patient.Get(address);
            foreach (var form in page.Status is HttpStatusCode.OK ? Forms.Posts(page).Where(f => Forms.Handler(f) is not null).ToList() : [])
            {
                tried++;
                var typed = Forms.Sent(form).Select(f => Guid.TryParse(f.Value, out _) ? (f.Name, $"{_other.Patient}") : f)
                    .Concat(new[] { "PatientId", "patientId", "Id", "Input.PatientId", "Input.Patient" }.Select(name => (name, $"{_other.Patient}")));
                var answer = await _patient.Post($"{address}{(address.Contains('?', StringComparison.Ordinal) ? '&' : '?')}patientId={_other.Patient}", [.. typed]);
                Assert.DoesNotContain(Mark, answer.Text, StringComparison.Ordinal);
                Assert.NotEqual(HttpStatusCode.InternalServerError, answer.Status);
            }
        }

        Assert.Equal(before, await Record(_other.Patient));
        Assert.True(tried > 2, $"Only {tried} were tried.");
    }

    [Fact]
    public async Task What_is_only_sent_to_is_refused_without_the_role_and_without_the_forms_own_token()
    {
        foreach (var route in Routes.Of(site).Where(r => r is { IsPage: false, IsAnonymous: false } && !r.Methods.Contains("GET", StringComparer.Ordinal)))
        {
            foreach (var address in _other.Fill(route.Pattern))
            {
                var before = await site.Rows();
                foreach (var person in Enum.GetValues<Person>())
                {
                    var answer = await Of(person).Post(address, (Token, May(route, person) ? "forged" : await TokenOf(person)));
                    Assert.True(IsRefused(answer) && (IsStranger(person) || answer.LeadsTo?.StartsWith("/sign-in", StringComparison.Ordinal) != true), $"{person} at {route.Pattern}: {(int)answer.Status} {answer.LeadsTo}");
                    Assert.DoesNotContain(Mark, answer.Text, StringComparison.Ordinal);
                }

                Assert.Equal(before, await site.Rows());
            }
        }
    }

    private string? Judge(Route route, Person person, string whose, Page page)
    {
        if (page.Status is HttpStatusCode.InternalServerError)
            return "failed";
        if (person is Person.Stranger or Person.NurseElsewhere or Person.Patient && page.Text.Contains(Mark, StringComparison.Ordinal))
            return "shows the other patient";
        if (!May(route, person))
            return IsRefused(page) && (!IsStranger(person) || page.LeadsTo?.StartsWith("/sign-in", StringComparison.Ordinal) == true || page.Status is HttpStatusCode.Unauthorized) ? null : $"not refused: {(int)page.Status} {page.LeadsTo}";
        if (page.LeadsTo?.StartsWith("/sign-in", StringComparison.Ordinal) == true || page.LeadsTo?.StartsWith("/status/403", StringComparison.Ordinal) == true)
            return $"refused: {page.LeadsTo}";
        var namesRecord = route.Pattern.Contains("Id:guid", StringComparison.OrdinalIgnoreCase);
        return namesRecord && string.Equals(whose, "nobody's", StringComparison.Ordinal) && page.Status is not HttpStatusCode.NotFound ? $"{(int)page.Status} for nobody's id" : null;
    }

    private static bool IsRefused(Page page) =>
        page.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.NotFound or HttpStatusCode.BadRequest or HttpStatusCode.UnsupportedMediaType
        || page.LeadsTo?.StartsWith("/sign-in", StringComparison.Ordinal) == true || page.LeadsTo?.StartsWith("/status/403", StringComparison.Ordinal) == true;

    private static bool May(Route route, Person person) => route switch
    {
        { IsAnonymous: true } => true,
        { Policy: Policies.Lead } => person is Person.Lead,
        { Policy: Policies.Staff } => person is Person.Lead or Person.Nurse,
        { Policy: Policies.Patient } => person is Person.Patient,
        { Policy: "" } => !IsStranger(person),
        _ => throw new Xunit.Sdk.XunitException($"The policy {route.Policy} is new here: say who has it."),
    };

    private static bool IsStranger(Person person) => person is Person.Stranger or Person.NurseElsewhere;

    private Visitor Of(Person person) => person switch { Person.Stranger => _stranger, Person.NurseElsewhere => _nurseElsewhere, Person.Patient => _patient, Person.Nurse => _nurse, _ => _lead };

    // A form that the person may open: its token is their own.
    private async Task<string> TokenOf(Person person)
    {
        var page = await Of(person).Get(IsStranger(person) ? "/sign-in" : "/account");
        Assert.True(page.Status is HttpStatusCode.OK, $"{person}: {page.Status} {page.LeadsTo} {page.Text}");
        return Forms.Posts(page).SelectMany(Forms.Sent).First(f => string.Equals(f.Name, Token, StringComparison.Ordinal)).Value;
    }

    // All that is stored of a patient that a patient's own pages could write.
    private Task<string> Record(Guid patient) => site.With(async services =>
    {
        var db = services.GetRequiredService<ClinicDb>();
        return $"{db.Assessments.Count(a => a.PatientId == patient)} {db.Findings.Count(f => f.PatientId == patient)} {db.WatchRecords.Count(r => r.PatientId == patient)} {db.ConsentSignatures.Count(s => s.PatientId == patient)} {db.Visits.Count(v => v.PatientId == patient)} {(await db.Patients.FindAsync(patient))!.FamilyName}";
    });

    // A patient with a visit that runs, a note, answers and a finding.
    private async Task<RouteValues> Fill(string number, string familyName)
    {
        var visit = await site.AddVisit(number, familyName);
        return await site.With(async services =>
        {
            var db = services.GetRequiredService<ClinicDb>();
            await PreparedVisit.Fill(db, site.Clock, site.NurseActor, site.LeadActor, visit);
            await PreparedVisit.Start(db, site.Clock, site.NurseActor, visit);
            var note = await new VisitLog(db, site.Clock, site.NurseActor).Append(visit.Id, Guid.CreateVersion7(), new Noted($"{familyName} is well"));
            var reading = await new VisitLog(db, site.Clock, site.NurseActor).Append(visit.Id, Guid.CreateVersion7(), new Observed(new Readings(121, 79)));
            var answers = new Phq9Form(Guid.CreateVersion7(), [1, 1, 1, 1, 1, 1, 1, 1, 1]);
            var finding = (await new FollowUp(db, site.Clock, site.LeadActor).RecordPhq9(visit.PatientId, answers)).Findings[0];
            await new ReadDocuments(db, site.Clock, new Actor(Guid.CreateVersion7(), familyName, ClinicRole.Patient, visit.PatientId)).Understood(visit.PatientId, EducationText.Current.Id, EducationText.Current.Version);
            return new RouteValues(visit.PatientId, visit.CourseId, [visit.Id], [note.Event.Id, reading.Event.Id], finding.Id);
        });
    }
}
