using Euthymia.Clinic.Rules;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

/// <summary>A running visit that no page shows: found by the servers' clocks, once, and over when somebody looks again (hazards H24, H31).</summary>
public sealed class NobodyLooksTests
{
    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Nobody_looking_is_found_once_within_20_s_and_ends_when_somebody_looks(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        await using var room = new Room(clinic, await Running(clinic));
        for (var i = 0; i < 30; i++)
            await room.Second(someoneLooks: true);
        Assert.Empty(await room.Alarms());

        var seconds = 0;
        for (; (await room.Alarms()).Count == 0; seconds++)
            await room.Second(someoneLooks: false);
        Assert.InRange(seconds, 10, 20);
        var alarm = Assert.Single(await room.Alarms());
        Assert.Equal((AlarmPriority.Low, AlarmState.Active, "Nobody is looking"), (alarm.Priority, alarm.State, alarm.Title));
        Assert.Contains("15 s", alarm.Basis, StringComparison.Ordinal); // the limit
        for (var i = 0; i < 30; i++)
            await room.Second(someoneLooks: false);
        Assert.Equal(AlarmState.Active, Assert.Single(await room.Alarms()).State);

        await room.RestartTheServers();
        for (var i = 0; i < 20; i++)
            await room.Second(someoneLooks: false);
        Assert.Equal(AlarmState.Active, Assert.Single(await room.Alarms()).State); // a server that has just started has seen nobody either
        Assert.Empty((await clinic.Visits(v => v.Glance(room.Visit))).Unwatched);

        await room.Second(someoneLooks: true);
        await room.Second(someoneLooks: true);
        Assert.Equal(AlarmState.Ended, Assert.Single(await room.Alarms()).State);
        Assert.Equal(alarm.Id, Assert.Single((await clinic.Visits(v => v.Glance(room.Visit))).Unwatched).Id); // the one who comes back is told
        Assert.Equal(alarm.Id, Assert.Single((await clinic.Visits(v => v.Room())).SelectMany(c => c.Visits).SelectMany(v => v.Unwatched)).Id);
        for (var i = 0; i < 25; i++)
            await room.Second(someoneLooks: false);
        Assert.Equal([AlarmState.Ended, AlarmState.Active], (await room.Alarms()).Select(a => a.State)); // the next time is another alarm
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_visit_that_no_page_has_shown_yet_is_not_assessed(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        await using var room = new Room(clinic, await Running(clinic));
        for (var i = 0; i < 30; i++)
            await room.Second(someoneLooks: false);
        Assert.Empty(await room.Alarms()); // an upgrade under running visits raises no storm
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_visits_row_is_written_at_most_every_5_s_and_only_while_it_runs(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (_, _, visits) = await clinic.AddCourse();
        var looks = new VisitLooks(clinic.Db, clinic.Time);
        var server = new VisitLooks(clinic.Db, clinic.Time);
        async Task<DateTimeOffset?> Look(VisitLooks by)
        {
            by.Seen(visits[0].Id);
            by.Seen(Guid.CreateVersion7()); // of nothing
            await by.Store(TestClinic.Cancel);
            await using var db = clinic.Db();
            return (await db.Looks.AsNoTracking().SingleOrDefaultAsync(TestClinic.Cancel))?.At;
        }

        Assert.Null(await Look(looks));
        await clinic.Start(visits[0].Id);
        clinic.Time.Advance(TimeSpan.FromSeconds(5));
        var first = clinic.Time.GetUtcNow();
        Assert.Equal(first, await Look(looks));
        clinic.Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(first, await Look(looks));
        Assert.Equal(clinic.Time.GetUtcNow(), await Look(server)); // another server writes by itself
        clinic.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(first.AddSeconds(5), await Look(looks));
    }

    [Fact]
    public async Task A_server_that_stood_still_gives_the_pages_their_time_to_come_back()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        await using var room = new Room(clinic, await Running(clinic));
        await room.Second(someoneLooks: true);
        clinic.Time.Advance(TimeSpan.FromMinutes(1)); // stopped: no page could ask
        for (var i = 0; i < 15; i++)
            await room.Second(someoneLooks: false);
        Assert.Empty(await room.Alarms());
        await room.Second(someoneLooks: false);
        await room.Second(someoneLooks: false);
        Assert.Single(await room.Alarms());
    }

    [Theory, InlineData(-2), InlineData(2)]
    public async Task A_step_of_the_servers_clock_neither_raises_nor_holds_back_the_alarm(int hours)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        await using var room = new Room(clinic, await Running(clinic));
        for (var i = 0; i < 8; i++)
            await room.Second(someoneLooks: true);
        room.Clock.Step += TimeSpan.FromHours(hours);
        for (var i = 0; i < 30; i++)
            await room.Second(someoneLooks: true);
        Assert.Empty(await room.Alarms());
        room.Clock.Step += TimeSpan.FromHours(hours);
        for (var i = 0; i < 20; i++)
            await room.Second(someoneLooks: false);
        Assert.Single(await room.Alarms());
    }

    [Fact]
    public async Task Unsigned_the_rule_informs_and_completing_the_visit_ends_it()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        await using var room = new Room(clinic, await Running(clinic, isSigned: false));
        await room.Second(someoneLooks: true);
        for (var i = 0; i < 20; i++)
            await room.Second(someoneLooks: false);
        Assert.Equal(AlarmPriority.Information, Assert.Single(await room.Alarms()).Priority);
        await clinic.Append(room.Visit, new InfusionStopped(null));
        await clinic.Finish(room.Visit);
        Assert.Equal(AlarmState.Ended, Assert.Single(await room.Alarms()).State);
    }

    private static async Task<Guid> Running(TestClinic clinic, bool isSigned = true)
    {
        if (isSigned)
        {
            await clinic.As(clinic.Lead, async (db, lead) =>
            {
                await new RuleSignatures(db, clinic.Time, lead).Sign(["MON-28"], TestClinic.Cancel);
                return true;
            });
        }

        var (_, _, visits) = await clinic.AddCourse();
        await clinic.Start(visits[0].Id);
        return visits[0].Id;
    }

    /// <summary>Two servers on one database. A page asks the first one; each takes its turn every second.</summary>
    private sealed class Room(TestClinic clinic, Guid visit) : IAsyncDisposable
    {
        private VisitLooks _looks = null!;
        private RunningRecorder[] _servers = [];

        public Guid Visit => visit;

        /// <summary>The wall clock of the servers, which may be set.</summary>
        public SteppedClock Clock { get; } = new(clinic.Time);

        public async Task Second(bool someoneLooks)
        {
            if (_servers.Length == 0)
                StartTheServers();
            clinic.Time.Advance(TimeSpan.FromSeconds(1));
            if (someoneLooks)
                _looks.Seen(visit);
            await _looks.Store(TestClinic.Cancel);
            foreach (var server in _servers)
                await server.Recorder.Watch(TestClinic.Cancel);
        }

        public async Task RestartTheServers()
        {
            await DisposeAsync();
            StartTheServers();
        }

        public async Task<List<Finding>> Alarms()
        {
            await using var db = clinic.Db();
            return await db.Findings.AsNoTracking().Where(f => f.SubjectId == visit && f.RuleId == "MON-28").OrderBy(f => f.OpenedAt).ThenBy(f => f.Id).ToListAsync(TestClinic.Cancel);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var server in _servers)
                await server.DisposeAsync();
        }

        private void StartTheServers()
        {
            _looks = new VisitLooks(clinic.Db, Clock);
            _servers = [new(clinic, time: Clock), new(clinic, time: Clock)];
        }
    }

    /// <summary>A clock whose time of day is set while its monotonic time goes on, as that of a machine does.</summary>
    private sealed class SteppedClock(TimeProvider inner) : TimeProvider
    {
        public TimeSpan Step { get; set; }

        public override long TimestampFrequency => inner.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow() + Step;

        public override long GetTimestamp() => inner.GetTimestamp();
    }
}
