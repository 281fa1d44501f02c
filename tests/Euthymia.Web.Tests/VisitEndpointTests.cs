using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Clinic.Tests;
using Euthymia.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Euthymia.Web.Tests;

/// <summary>A site whose clinic has its chairs.</summary>
public sealed class EndpointSite : ClinicSite
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await SetUp();
    }
}

/// <summary>The endpoint to which a device's outbox sends: strict about who, what and for which visit, and patient with repetition.</summary>
public sealed class VisitEndpointTests(EndpointSite site) : IClassFixture<EndpointSite>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_entry_is_stored_once_however_often_it_is_sent_and_refused_where_it_must_be()
    {
        var lead = await site.AddAccount("lead", ClinicRole.Lead);
        var nurse = await site.AddAccount("nurse", ClinicRole.Nurse);
        var patient = await site.AddPatient(lead, ClinicSite.AnyPatient("ENDPOINT"));
        var own = await site.AddAccount("patient", ClinicRole.Patient, patient.Id);
        var (visit, other) = await Visits(lead, patient);
        using var http = await SignedIn(nurse);
        var token = (await http.GetFromJsonAsync<JsonElement>("/outbox/token", Cancel)).GetProperty("token").GetString()!;
        var id = Guid.CreateVersion7();
        var at = TimeProvider.System.GetUtcNow().AddMinutes(-9);

        object Entry(object entry, Guid? eventId = null, Account? author = null) => new { id = eventId ?? Guid.CreateVersion7(), author = (author ?? nurse).Id, observedAt = at, entry };
        object Reading(int systolic) => new { kind = "observed", readings = new { systolic, diastolic = 80 } };
        Task<HttpResponseMessage> Send(object body, Guid? to = null, string? with = null, HttpClient? client = null)
        {
            var request = new HttpRequestMessage(HttpMethod.Post, $"/visits/{to ?? visit}/events") { Content = JsonContent.Create(body) };
            request.Headers.Add("RequestVerificationToken", with ?? token);
            return (client ?? http).SendAsync(request, Cancel);
        }

        async Task Refused(HttpStatusCode status, string code, Task<HttpResponseMessage> sent)
        {
            var answer = await sent;
            Assert.Equal(status, answer.StatusCode);
            Assert.Contains(code, await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await Send(Entry(Reading(120)), with: "forged")).StatusCode);
        await Refused(HttpStatusCode.Conflict, "other_author", Send(Entry(Reading(120), author: lead)));
        await Refused(HttpStatusCode.UnprocessableEntity, "entry_not_understood", Send(Entry(new { kind = "unheard_of" })));
        await Refused(HttpStatusCode.UnprocessableEntity, "entry_not_understood", Send(Entry(new { kind = "observed", readings = "none" })));
        await Refused(HttpStatusCode.UnprocessableEntity, "reading_impossible", Send(Entry(Reading(999))));
        await Refused(HttpStatusCode.NotFound, "not_found", Send(Entry(Reading(120)), to: Guid.CreateVersion7()));
        Assert.Empty(await Events(visit));

        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await Send(Entry(Reading(121), id))).StatusCode);
        await Refused(HttpStatusCode.Conflict, "event_id_reused", Send(Entry(Reading(121), id), to: other)); // a tab of another visit
        await Refused(HttpStatusCode.Conflict, "event_id_reused", Send(Entry(Reading(122), id)));
        var stored = Assert.Single(await Events(visit));
        Assert.Equal(at.ToUnixTimeMilliseconds(), stored.ObservedAt.ToUnixTimeMilliseconds()); // under its own time
        Assert.True(stored.IsLate);
        Assert.Equal(nurse.Id, stored.AuthorId);
        Assert.Empty(await Events(other));

        // A doubt is about a reading of this visit, and says so at its field.
        object Doubt(Guid reading, string part = "Pressure", string cause = "Motion") => Entry(new { kind = "reading_doubted", eventId = reading, part, cause });
        await Refused(HttpStatusCode.UnprocessableEntity, "\"field\":\"reading\"", Send(Doubt(Guid.CreateVersion7())));
        await Refused(HttpStatusCode.UnprocessableEntity, "\"field\":\"reading\"", Send(Doubt(id), to: other));
        await Refused(HttpStatusCode.UnprocessableEntity, "\"field\":\"part\"", Send(Doubt(id, part: "HeartRate")));
        await Refused(HttpStatusCode.UnprocessableEntity, "\"field\":\"words\"", Send(Doubt(id, cause: "Other")));
        await Refused(HttpStatusCode.UnprocessableEntity, "entry_not_understood", Send(Doubt(id, cause: "Boredom")));
        Assert.Single(await Events(visit));

        using var patientsHttp = await SignedIn(own);
        Assert.NotEqual(HttpStatusCode.OK, (await Send(Entry(Reading(120), author: own), client: patientsHttp)).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await patientsHttp.GetAsync(new Uri($"/visits/{visit}/live", UriKind.Relative), Cancel)).StatusCode);
        Assert.Single(await Events(visit));
    }

    [Fact]
    public async Task A_page_that_was_opened_glances_without_an_audit_entry_and_a_stranger_to_it_does_not()
    {
        var lead = await site.AddAccount("glancer", ClinicRole.Lead);
        var patient = await site.AddPatient(lead, ClinicSite.AnyPatient("GLANCE", "Glancewood"));
        var (visit, _) = await Visits(lead, patient);
        using var http = await SignedIn(lead);
        Task<int> Reads() => site.With(services => services.GetRequiredService<ClinicDb>().Audit.CountAsync(a => a.Kind == "visit.read" && a.SubjectId == visit, Cancel));

        var page = await http.GetStringAsync(new Uri($"/visits/{visit}", UriKind.Relative), Cancel);
        var opened = page.Split("data-opened=\"")[1].Split('"')[0];
        var before = await Reads();
        async Task<HttpResponseMessage> Glance(string? ticket, string seen = "")
        {
            var request = new HttpRequestMessage(HttpMethod.Get, $"/visits/{visit}/live?seen={seen}");
            if (ticket is not null)
                request.Headers.Add("X-Opened", ticket);
            var answer = await http.SendAsync(request, Cancel);
            Assert.True(answer.Headers.CacheControl?.NoStore);
            return answer;
        }

        var first = await Glance(opened);
        Assert.Contains("Last readings", await first.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(before, await Reads());
        await Glance(null);
        await Glance("forged");
        Assert.Equal(before + 2, await Reads());
        for (var i = 0; i < 3; i++) // the half minute may turn once in between
        {
            first = await Glance(opened);
            if ((await Glance(opened, first.Headers.GetValues("X-Seen").Single())).StatusCode == HttpStatusCode.NoContent)
                return;
        }

        Assert.Fail("What was seen already was sent again.");
    }

    [Fact]
    public async Task Two_leads_set_the_reading_schedule_within_the_books_range()
    {
        var lead = await site.AddAccount("scheduler", ClinicRole.Lead);
        using var visitor = await site.VisitAs(lead);
        var refused = await visitor.Send("/clinic/schedule", "schedule", ("Input.Infusing", "16"), ("Input.After", "1,5"), ("Input.Grace", "2"));
        Assert.Contains("Enter 2 to 15 min.", refused.Words, StringComparison.Ordinal);
        Assert.Contains("Use a point for decimals", refused.Words, StringComparison.Ordinal);
        var unexplained = await visitor.Send("/clinic/schedule", "schedule", ("Input.Infusing", "5"), ("Input.After", "15"), ("Input.Grace", "2"));
        Assert.Contains("This is needed.", unexplained.Words, StringComparison.Ordinal);
        var saved = await visitor.Send("/clinic/schedule", "schedule", ("Input.Infusing", "5"), ("Input.After", "15"), ("Input.Grace", "2"), ("Input.Reason", "a new nurse"));
        Assert.Contains("Proposed.", saved.Words, StringComparison.Ordinal);
        Assert.Equal(10, await Interval());

        // One lead alone changes nothing, and the page says that a second one is needed.
        var alone = await visitor.Get("/clinic/rule-changes");
        Assert.Contains("10 → to 5 min", string.Join(' ', alone.Words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        Assert.Contains("another lead has to approve it", alone.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("approve-", alone.Text, StringComparison.Ordinal);

        using var second = await site.VisitAs(await site.AddAccount("second.lead", ClinicRole.Lead));
        var waiting = await second.Get("/clinic/rule-changes");
        var approve = waiting.Text[waiting.Text.IndexOf("approve-", StringComparison.Ordinal)..][..44];
        await second.Send("/clinic/rule-changes", approve);
        Assert.Equal(5, await Interval());
        var done = await second.Get("/clinic/rule-changes");
        Assert.Contains("approved by Test second.lead", done.Words, StringComparison.Ordinal);
        Assert.Contains("Nothing waits.", done.Words, StringComparison.Ordinal);

        var settings = await site.With(services => Clinic.Rules.ClinicRules.Settings(services.GetRequiredService<ClinicDb>(), Cancel));
        Assert.Single(settings.Changed); // what stayed as shipped was not stored

        async Task<decimal> Interval() => (await site.With(services => Clinic.Rules.ClinicRules.Settings(services.GetRequiredService<ClinicDb>(), Cancel))).Value(Clinic.Rules.RuleBook.Get("MON-01"), "interval_infusing");
    }

    private async Task<HttpClient> SignedIn(Account account)
    {
        var cookies = new CookieContainer();
        cookies.SetCookies(site.Address, await site.SessionOf(account));
        return new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = site.Address };
    }

    private Task<(Guid Visit, Guid Other)> Visits(Account lead, Patient patient) => site.With(async services =>
    {
        var db = services.GetRequiredService<ClinicDb>();
        var time = services.GetRequiredService<TimeProvider>();
        var actor = new Actor(lead.Id, lead.DisplayName, ClinicRole.Lead);
        await Admission.Of(db, time.GetUtcNow(), patient.Id);
        var course = await new CoursePlanner(db, time, actor).Save(patient.Id, new OrderForm());
        var visits = await new VisitLog(db, time, actor).Schedule(course.Id, new TimeOnly(4, patient.ClinicNumber.Length), "Chair 1");
        return (visits[0].Id, visits[1].Id);
    });

    private Task<List<VisitEvent>> Events(Guid visit) => site.With(services =>
        services.GetRequiredService<ClinicDb>().VisitEvents.AsNoTracking().Where(e => e.VisitId == visit).ToListAsync(Cancel));
}
