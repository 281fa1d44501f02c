using CsCheck;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

/// <summary>Many entries in one commit: each stored once, refused by itself, and never by a neighbour's fault.</summary>
public sealed class VisitRecorderTests
{
    private static Observed Rate(int heartRate) => new(new Readings(HeartRate: heartRate));

    private static async Task<List<VisitEvent>> Events(TestClinic clinic, Guid visit)
    {
        await using var db = clinic.Db();
        return await db.VisitEvents.AsNoTracking().Where(e => e.VisitId == visit).OrderBy(e => e.Number).ToListAsync(TestClinic.Cancel);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task What_waits_is_stored_by_one_commit_and_the_refused_are_refused_alone(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        await using var server = new RunningRecorder(clinic, waiting: true);
        Task<AppendResult> Append(int visit, VisitEntry entry, Guid? id = null) =>
            server.Recorder.Append(clinic.Nurse, visits[visit].Id, id ?? Guid.CreateVersion7(), entry, clinic.Time.GetUtcNow(), TestClinic.Cancel);

        var twice = Guid.CreateVersion7();
        var good = Enumerable.Range(0, 30).Select(i => Append(i % 3, Rate(60 + i))).ToList();
        var impossible = Append(0, Rate(999));
        var notRunning = Append(1, new InfusionPaused());
        var first = Append(2, Rate(100), twice);
        var again = Append(2, Rate(100), twice);
        var other = Append(2, Rate(101), twice);
        var nowhere = server.Recorder.Append(clinic.Nurse, Guid.CreateVersion7(), Guid.CreateVersion7(), Rate(70), cancel: TestClinic.Cancel);
        server.Run();

        await Task.WhenAll(good);
        await Refused.With("reading_impossible", () => impossible);
        await Refused.With("not_running", () => notRunning);
        await Refused.With("event_id_reused", () => other);
        await Refused.With("not_found", () => nowhere, RefusalKind.NotFound);
        Assert.Equal((await first).Event.Id, (await again).Event.Id);
        Assert.False((await first).AlreadyStored);
        Assert.True((await again).AlreadyStored);
        Assert.Equal(1, server.Recorder.Written.Commits);
        foreach (var (visit, count) in new[] { (0, 10), (1, 10), (2, 11) })
        {
            var events = await Events(clinic, visits[visit].Id);
            Assert.Equal(Enumerable.Range(1, count), events.Select(e => e.Number));
            Assert.Null(VisitSeal.FirstBroken(events));
        }
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Two_servers_write_one_visit_and_nothing_is_lost_or_doubled(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        await using var one = new RunningRecorder(clinic);
        await using var two = new RunningRecorder(clinic);
        var ids = Enumerable.Range(0, 60).Select(_ => Guid.CreateVersion7()).ToList();
        var at = clinic.Time.GetUtcNow();
        var results = await Task.WhenAll(ids.SelectMany((id, i) => new[]
        {
            one.Recorder.Append(clinic.Nurse, visits[i % 2].Id, id, Rate(60 + i), at, TestClinic.Cancel), // every one is sent to both
            two.Recorder.Append(clinic.Nurse, visits[i % 2].Id, id, Rate(60 + i), at, TestClinic.Cancel),
        }));
        Assert.Equal(60, results.Count(r => !r.AlreadyStored));
        foreach (var visit in visits.Take(2))
        {
            var events = await Events(clinic, visit.Id);
            Assert.Equal(30, events.Count);
            Assert.Null(VisitSeal.FirstBroken(events));
        }
    }

    [Fact]
    public async Task Of_two_starts_of_one_patient_in_one_group_one_is_refused_and_its_neighbours_are_not()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, course, visits) = await clinic.AddCourse();
        foreach (var visit in visits.Take(2))
            await clinic.Prepare(visit.Id);
        await using var server = new RunningRecorder(clinic, waiting: true);
        var start = new InfusionStarted(45.75m, course.Order.Concentration.Value, 30.5m, course.Order.Id);
        var starts = visits.Take(2).Select(v => server.Recorder.Append(clinic.Nurse, v.Id, Guid.CreateVersion7(), start, cancel: TestClinic.Cancel)).ToList();
        var neighbour = server.Recorder.Append(clinic.Nurse, visits[2].Id, Guid.CreateVersion7(), Rate(70), cancel: TestClinic.Cancel);
        server.Run();
        await neighbour;
        await starts[0];
        await Refused.With("another_visit_running", () => starts[1], RefusalKind.Conflict);
    }

    [Fact]
    public async Task A_store_that_fails_acknowledges_nothing_and_the_same_entries_can_be_sent_again()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        await using var server = new RunningRecorder(clinic);
        await using (var db = clinic.Db())
            await db.Database.ExecuteSqlRawAsync("CREATE TRIGGER full BEFORE INSERT ON VisitEvents BEGIN SELECT RAISE(ABORT, 'disk full'); END", TestClinic.Cancel);
        var id = Guid.CreateVersion7();
        Task<AppendResult> Send() => server.Recorder.Append(clinic.Nurse, visits[0].Id, id, Rate(70), clinic.Time.GetUtcNow(), TestClinic.Cancel);
        await Assert.ThrowsAnyAsync<DbUpdateException>(Send);
        await using (var db = clinic.Db())
            await db.Database.ExecuteSqlRawAsync("DROP TRIGGER full", TestClinic.Cancel);
        Assert.False((await Send()).AlreadyStored);
        Assert.Single(await Events(clinic, visits[0].Id));
    }

    /// <summary>Deliveries in any order, any number of times, give the log's own state; the order of recording is the only difference.</summary>
    [Fact]
    public async Task Repeated_and_reordered_deliveries_give_the_same_state()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (_, _, visits) = await clinic.AddCourse();
        await using var server = new RunningRecorder(clinic);
        var start = clinic.Time.GetUtcNow();
        clinic.Time.Advance(TimeSpan.FromMinutes(30));
        var sent = Enumerable.Range(0, 12).Select(i => (Id: Guid.CreateVersion7(), Entry: Rate(60 + i), At: start.AddMinutes(i))).ToList();
        var orders = new List<int[]>();
        Gen.Shuffle(Enumerable.Range(0, 24).Select(i => i % 12).ToArray()).Sample(orders.Add, iter: 3, threads: 1);
        List<VisitState> states = [];
        foreach (var (order, visit) in orders.Zip(visits))
        {
            foreach (var i in order)
                await server.Recorder.Append(clinic.Nurse, visit.Id, new Guid(sent[i].Id.ToByteArray().Select((b, at) => at == 15 ? (byte)(b ^ visit.NumberInCourse) : b).ToArray()), sent[i].Entry, sent[i].At, TestClinic.Cancel);
            states.Add((await clinic.Visits(v => v.State(visit.Id))).State);
        }

        Assert.All(states, state =>
        {
            Assert.Equal(12, state.Log.Count);
            Assert.Equal(Enumerable.Range(60, 12), state.Log.Select(l => ((Observed)l.Entry!).Readings.HeartRate!.Value)); // under their own time
            Assert.Equal(71, state.LastReadings["heartRate"].Value);
        });
    }
}
