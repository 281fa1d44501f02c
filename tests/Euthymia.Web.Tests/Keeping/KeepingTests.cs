using System.Net;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Accounts;
using Euthymia.Web.Hosting;
using Euthymia.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Euthymia.Web.Tests.Keeping;

/// <summary>A server that is full, short of room or busy keeps on recording, and says so (hazards H43, H44, H46).</summary>
public sealed class KeepingTests(KeepingSite site) : IClassFixture<KeepingSite>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_too_little_room_nothing_starts_and_what_runs_goes_on()
    {
        var running = await site.AddVisit("DISK-1", starts: true);
        var waiting = await site.AddVisit("DISK-2", starts: false);
        using var nurse = await site.VisitAs(site.Nurse);
        using var device = await site.Device();
        try
        {
            site.Space = KeepingSite.Plenty with { Free = 8L << 30 };
            site.Services.GetRequiredService<DiskWatch>().Look();
            var low = await nurse.Get("/today");
            Assert.Contains("Little room on the server's disk (8 % free, 8.6 of 107.4 GB).", low.Words, StringComparison.Ordinal);
            Assert.DoesNotContain("No new infusion starts", low.Words, StringComparison.Ordinal);

            site.Space = KeepingSite.Plenty with { Free = 4L << 30 };
            var refused = await nurse.Send($"/visits/{waiting.Id}/drug", "start-infusion", ("StartRate", "52.5"));
            Assert.Contains("The server's disk is almost full (4 % free, 4.3 of 107.4 GB)", refused.Words, StringComparison.Ordinal);
            Assert.Contains("Free some room on it first", refused.Words, StringComparison.Ordinal);
            var order = await site.With(services => services.GetRequiredService<ClinicDb>().Orders.Where(o => o.CourseId == waiting.CourseId).Select(o => o.Id).SingleAsync(Cancel));
            var start = new { kind = "started", rateMillilitresPerHour = 52.5, milligramsPerMillilitre = 1, volumeMillilitres = 35, orderId = order };
            var sent = await device.Send(waiting.Id, start);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, sent.StatusCode);
            Assert.Contains("disk_space", await sent.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await device.Note(running.Id, "goes on")).StatusCode);
            foreach (var page in new[] { "/today", "/room", "/room/live" })
                Assert.Contains("No new infusion starts.", (await nurse.Get(page)).Words, StringComparison.Ordinal);
        }
        finally
        {
            site.Space = KeepingSite.Plenty;
        }

        var started = await nurse.Send($"/visits/{waiting.Id}/drug", "start-infusion", ("StartRate", "52.5"));
        Assert.Equal($"/visits/{waiting.Id}", started.LeadsTo);
        Assert.DoesNotContain("Technical:", (await nurse.Get("/room")).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_answered_507_and_the_same_server_stores_the_same_entries_when_there_is_room()
    {
        var visit = await site.AddVisit("FULL-1", starts: true);
        using var device = await site.Device();
        List<Guid> stored = [], kept = [];
        try
        {
            site.Pages = await site.With(async services => (await services.GetRequiredService<ClinicDb>().Database.SqlQueryRaw<int>("PRAGMA page_count").ToListAsync(Cancel)).Single()) + 16;
            while (kept.Count < 3)
            {
                Assert.True(stored.Count < 2000, "The database was never full.");
                var id = Guid.CreateVersion7();
                var answer = await device.Note(visit.Id, new string('x', 2000), id);
                Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.OK, HttpStatusCode.InsufficientStorage });
                (answer.StatusCode == HttpStatusCode.OK ? stored : kept).Add(id);
            }

            Assert.Equal(HttpStatusCode.OK, (await device.Http.GetAsync(new Uri($"/visits/{visit.Id}/live", UriKind.Relative), Cancel)).StatusCode); // the chair still shows what there is
        }
        finally
        {
            site.Pages = 1_000_000;
        }

        foreach (var id in kept)
            Assert.Equal(HttpStatusCode.OK, (await device.Note(visit.Id, "sent again", id)).StatusCode);
        var events = await site.With(services => services.GetRequiredService<ClinicDb>().VisitEvents.AsNoTracking().Where(e => e.VisitId == visit.Id).ToListAsync(Cancel));
        Assert.Null(VisitSeal.FirstBroken(events));
        Assert.Equal(stored.Concat(kept).Order(), events.Where(e => e.Entry is Noted).Select(e => e.Id).Order());
    }

    [Fact]
    public async Task A_full_queue_of_heavy_work_does_not_hold_back_the_chair()
    {
        const int Refused = 5;
        var visit = await site.AddVisit("BUSY-1", starts: true);
        using var device = await site.Device();
        using var lead = await site.VisitAs(site.Lead);
        using var other = await site.VisitAs(site.Lead);
        List<Task<Page>> heavy;
        using (site.HoldResults())
        {
            heavy = [.. Enumerable.Range(0, HeavyWork.AtOnce + HeavyWork.Waiting + Refused).Select(_ => lead.Get("/clinic/results"))];
            List<Page> answered = [];
            for (var i = 0; i < Refused; i++)
            {
                var done = await Task.WhenAny(heavy.Where(h => !answered.Exists(a => h.IsCompleted && a == h.Result))).WaitAsync(TimeSpan.FromSeconds(30), Cancel);
                answered.Add(await done);
            }

            Assert.All(answered, page => Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status));
            Assert.Equal("10", answered[0].Answer.Headers.RetryAfter?.ToString());
            Assert.Contains("Recording at the chairs goes on.", answered[0].Words, StringComparison.Ordinal);

            for (var i = 0; i < 20; i++)
                Assert.Equal(HttpStatusCode.OK, (await device.Note(visit.Id, $"reading {i}").WaitAsync(TimeSpan.FromSeconds(10), Cancel)).StatusCode);
            foreach (var page in new[] { $"/visits/{visit.Id}", "/room", "/room/live", "/today" })
                Assert.Equal(HttpStatusCode.OK, (await other.Get(page).WaitAsync(TimeSpan.FromSeconds(10), Cancel)).Status);
            Assert.Equal(HeavyWork.AtOnce + HeavyWork.Waiting, heavy.Count(h => !h.IsCompleted)); // still held, all of them
        }

        var rest = await Task.WhenAll(heavy).WaitAsync(TimeSpan.FromMinutes(1), Cancel);
        Assert.Equal(HeavyWork.AtOnce + HeavyWork.Waiting, rest.Count(p => p.Status == HttpStatusCode.OK));
    }

    [Fact]
    public async Task Every_page_opens_on_a_database_that_does_not_answer_at_once()
    {
        var visit = await site.AddVisit("SLOW-1", starts: true);
        using var device = await site.Device();
        var note = Guid.CreateVersion7();
        await device.Note(visit.Id, "a note", note);
        var finding = await site.With(async services => (await new FollowUp(services.GetRequiredService<ClinicDb>(), TimeProvider.System, site.NurseActor)
            .RecordPhq9(visit.PatientId, new Phq9Form(Guid.CreateVersion7(), [1, 1, 1, 1, 1, 1, 1, 1, 1]))).Findings[0]);
        var patient = await site.AddAccount("patient.slow", ClinicRole.Patient, visit.PatientId);
        using var lead = await site.VisitAs(site.Lead);
        using var own = await site.VisitAs(patient);
        var values = new RouteValues(visit.PatientId, visit.CourseId, [visit.Id], [note], finding.Id);
        List<string> failed = [];
        site.IsSlow = true;
        try
        {
            foreach (var route in Routes.Of(site).Where(r => r.IsPage && r.Pattern is not "/error"))
            {
                foreach (var address in values.Fill(route.Pattern))
                {
                    var page = await (route.Policy is Policies.Patient ? own : lead).Get(address);
                    if (page.Status == HttpStatusCode.InternalServerError)
                        failed.Add(address);
                }
            }
        }
        finally
        {
            site.IsSlow = false;
        }

        Assert.Empty(failed);
    }

    [Fact]
    public async Task What_computes_much_is_limited_and_the_chair_is_not()
    {
        var limited = site.Services.GetRequiredService<IEnumerable<Microsoft.AspNetCore.Routing.EndpointDataSource>>().SelectMany(s => s.Endpoints).OfType<Microsoft.AspNetCore.Routing.RouteEndpoint>()
            .Where(e => e.Metadata.GetMetadata<Microsoft.AspNetCore.RateLimiting.EnableRateLimitingAttribute>()?.PolicyName is HeavyWork.Policy)
            .Select(e => $"/{e.RoutePattern.RawText!.TrimStart('/')}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        Assert.Equal(
            ["/clinic/results", "/clinic/results/export/file", "/model-check", "/patients/{Id:guid}/story", "/patients/{PatientId:guid}/course", "/patients/{PatientId:guid}/course/{CourseId:guid}", "/patients/{id:guid}/story/pdf", "/visits/{id:guid}/papers/{kind:alpha}/pdf"],
            limited.Order(StringComparer.Ordinal), StringComparer.Ordinal);

        // Live pages wait for their turn in a queue of the same size.
        var work = site.Services.GetRequiredService<HeavyWork>();
        List<IDisposable> turns = [];
        for (var i = 0; i < HeavyWork.AtOnce; i++)
            turns.Add(await work.Enter(Cancel));
        var queued = Enumerable.Range(0, HeavyWork.Waiting).Select(_ => work.Enter(Cancel)).ToList();
        Assert.Contains("server_busy", (await Assert.ThrowsAsync<ClinicRuleException>(() => work.Enter(Cancel))).Errors.Select(e => e.Code), StringComparer.Ordinal);
        turns.ForEach(t => t.Dispose());
        foreach (var next in queued)
            (await next).Dispose();
    }

    [Fact]
    public async Task The_nightly_copy_is_made_once_is_whole_and_a_failed_one_is_told()
    {
        var service = site.Services.GetRequiredService<BackupService>();
        var watch = site.Services.GetRequiredService<BackupWatch>();
        await service.Once(Cancel);
        await service.Once(Cancel); // not due again
        var (file, _) = Assert.Single(SqliteCopies.In(site.CopiesFolder));
        Assert.Equal(0, (await SqliteCopies.Check(file, Cancel)).BrokenVisits);
        Assert.Null(watch.Problem);

        File.Delete(file);
        using var lead = await site.VisitAs(site.Lead);
        try
        {
            site.Space = KeepingSite.Plenty with { Free = 1L << 20 };
            await service.Once(Cancel);
            Assert.Contains("The copy of the database failed. There is no room for it", (await lead.Get("/today")).Words, StringComparison.Ordinal);
        }
        finally
        {
            site.Space = KeepingSite.Plenty;
        }

        await service.Once(Cancel);
        Assert.DoesNotContain("copy of the database", (await lead.Get("/today")).Words, StringComparison.Ordinal);
    }
}
