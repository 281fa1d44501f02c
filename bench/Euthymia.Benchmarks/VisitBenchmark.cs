using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Euthymia.Benchmarks;

/// <summary>
/// Many chairs record at once on one node: open loop (an entry is due at its time whether or not the earlier ones are
/// answered), each durable before it is acknowledged, rules judged in its transaction. One entry in a hundred raises an alarm,
/// one in two hundred is sent a second time. Afterwards the database is read back and compared with what was acknowledged.
/// </summary>
internal static class VisitBenchmark
{
    private const ulong Seed = 7;
    private static readonly Actor Nurse = new(Guid.CreateVersion7(), "Load nurse", ClinicRole.Nurse);

    public static async Task<int> Run(int sessions, int rate, int seconds, string? postgres, TextWriter output)
    {
        var store = postgres is null ? BenchStore.OnSqlite() : await BenchStore.OnPostgres(postgres);
        try
        {
            var raw = await RawDatabase.Rate(store);
            var visits = await Fill(store, sessions);
            var recorder = new VisitRecorder(store.Open, TimeProvider.System);
            using var stop = new CancellationTokenSource();
            var running = Task.Run(() => recorder.Run(stop.Token));
            await recorder.Watch(stop.Token); // a server that has been running has read its visits
            var before = recorder.Written;
            var watch = Task.Run(() => WatchOn(recorder, stop.Token));

            var load = new Load(recorder, visits, rate, seconds);
            var elapsed = await load.Run();
            await stop.CancelAsync();
            await running;
            await watch;

            var (lost, duplicated) = await load.Compare(store);
            var written = (Commits: recorder.Written.Commits - before.Commits, Entries: recorder.Written.Entries - before.Entries);
            await output.WriteLineAsync(JsonSerializer.Serialize(new
            {
                perSecond = Math.Round(load.Acknowledged / elapsed.TotalSeconds, 1),
                ackP50Milliseconds = Milliseconds(load.Latencies, 0.5),
                ackP99Milliseconds = Milliseconds(load.Latencies, 0.99),
                findingP99Milliseconds = Milliseconds(load.FindingLatencies, 0.99),
                lost,
                duplicated,
                rawDatabasePerSecond = raw.PerSecond,
            }));
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"{store.Name}: {written.Entries} entries in {written.Commits} commits ({(double)written.Entries / Math.Max(1, written.Commits):0.0} each); raw: {raw.CommitsPerSecond:0} commits/s of one row, {raw.PerSecond:0} rows/s in groups of {RawDatabase.Group}; {load.Failed} refused; processor {load.ProcessorShare:0.00} of one core"));
            return lost + duplicated == 0 ? 0 : 1;
        }
        finally
        {
            await store.DisposeAsync();
        }
    }

    private static double Milliseconds(IReadOnlyList<double> latencies, double quantile)
    {
        if (latencies.Count == 0)
            return 0;
        var sorted = latencies.Order().ToList();
        return Math.Round(sorted[(int)Math.Min(sorted.Count - 1, Math.Floor(quantile * sorted.Count))], 2);
    }

    /// <summary>One patient, course, order and running visit for each session, put in directly: what is measured begins after the start.</summary>
    private static async Task<List<Session>> Fill(BenchStore store, int sessions)
    {
        await using var db = store.Open();
        db.Settings.Add(new ClinicSettings { Name = "Load", TimeZone = "Etc/UTC", Chairs = ["Chair 1"] });
        var now = Clock.Now(TimeProvider.System);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        List<Session> all = [];
        for (var i = 0; i < sessions; i++)
        {
            var patient = new Patient { ClinicNumber = $"L-{i}", GivenName = "Load", FamilyName = $"Session {i}", DateOfBirth = new DateOnly(1980, 1, 1) };
            var course = new Course { PatientId = patient.Id, FirstDay = today };
            var order = new InfusionOrder
            {
                CourseId = course.Id,
                Version = 1,
                DosePerKilogram = new MilligramsPerKilogram(0.5m),
                Weight = new Kilograms(61),
                WeighedOn = today,
                Duration = TimeSpan.FromMinutes(40),
                VialStrength = new MilligramsPerMillilitre(50),
                Concentration = new MilligramsPerMillilitre(1),
                Days = [0],
            };
            var visit = new Visit { PatientId = patient.Id, CourseId = course.Id, NumberInCourse = 1, ScheduledAt = now, Chair = $"Chair {i}", RunningPatientId = patient.Id };
            var start = new InfusionStarted(order.Arithmetic.PumpRate.Value, order.Concentration.Value, order.Arithmetic.PumpVolume.Value, order.Id);
            var first = new VisitEvent { Id = Guid.CreateVersion7(), VisitId = visit.Id, Number = 1, ObservedAt = now, RecordedAt = now, AuthorId = Nurse.AccountId, AuthorName = Nurse.Name, Entry = start };
            db.AddRange(patient, course, order, visit, VisitSeal.Seal(first, ""));
            all.Add(new Session(i, visit.Id, order));
        }

        await db.SaveChangesAsync();
        return all;
    }

    private static async Task WatchOn(VisitRecorder recorder, CancellationToken cancel)
    {
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5));
            while (await timer.WaitForNextTickAsync(cancel))
                await recorder.Watch(cancel);
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    internal sealed record Session(int Index, Guid VisitId, InfusionOrder Order);

    private sealed class Load(VisitRecorder recorder, List<Session> visits, int rate, int seconds)
    {
        private readonly List<double> _latencies = new(rate * seconds);
        private readonly List<double> _findings = [];
        private readonly Dictionary<Guid, (Guid VisitId, Readings Readings)> _acknowledged = new(rate * seconds);
        private readonly Lock _lock = new();
        private readonly Deviates _deviates = new(Seed, 1);

        public int Failed { get; private set; }

        public int Acknowledged => _acknowledged.Count;

        public IReadOnlyList<double> Latencies => _latencies;

        public IReadOnlyList<double> FindingLatencies => _findings;

        public double ProcessorShare { get; private set; }

        public async Task<TimeSpan> Run()
        {
            var clock = Stopwatch.StartNew();
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            List<Task> open = [];
            for (var sent = 0; sent < rate * seconds;)
            {
                var due = (int)Math.Min(rate * seconds, clock.Elapsed.TotalSeconds * rate);
                for (; sent < due; sent++)
                    open.Add(Send(sent, TimeSpan.FromSeconds((double)sent / rate), clock));
                if (open.Count > 5000)
                    open.RemoveAll(t => t.IsCompletedSuccessfully);
                await Task.Delay(1);
            }

            await Task.WhenAll(open);
            ProcessorShare = (Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds / clock.Elapsed.TotalSeconds;
            return clock.Elapsed;
        }

        // The latency counts from when the entry was due, so that a stall of the sender counts, too.
        private async Task Send(int number, TimeSpan due, Stopwatch clock)
        {
            var session = visits[number % visits.Count];
            var alarms = number % 100 == 0;
            var effect = (int)(4 * _deviates.Normal((uint)(number & 0xFFFF)));
            var readings = new Readings(alarms ? 205 : 130 + effect, alarms ? 125 : 80, 60 + (session.Index % 60), 98, 5, 1);
            var id = Guid.CreateVersion7();
            try
            {
                var result = await recorder.Append(Nurse, session.VisitId, id, new Observed(readings));
                var latency = (clock.Elapsed - due).TotalMilliseconds;
                lock (_lock)
                {
                    _acknowledged.Add(id, (session.VisitId, readings));
                    _latencies.Add(latency);
                    if (result.Opened.Count > 0)
                        _findings.Add(latency);
                }

                if (number % 200 == 0)
                    await recorder.Append(Nurse, session.VisitId, id, new Observed(readings)); // the answer was lost on its way
            }
            catch (Exception failure) when (failure is ClinicRuleException or DbUpdateException or TimeoutException or InvalidOperationException)
            {
                lock (_lock)
                {
                    if (Failed++ == 0)
                        Console.Error.WriteLine(failure.Message);
                }
            }
        }

        /// <summary>What was acknowledged and is not stored as it was sent; what is stored more than once or was never sent.</summary>
        public async Task<(int Lost, int Duplicated)> Compare(BenchStore store)
        {
            await using var db = store.Open();
            var seen = 0;
            var extra = 0;
            await foreach (var e in db.VisitEvents.AsNoTracking().AsAsyncEnumerable())
            {
                if (e.Entry is not Observed observed)
                    continue;
                if (_acknowledged.TryGetValue(e.Id, out var sent) && sent.VisitId == e.VisitId && sent.Readings == observed.Readings)
                    seen++;
                else
                    extra++;
            }

            return (_acknowledged.Count - Math.Min(seen, _acknowledged.Count), Math.Max(0, seen - _acknowledged.Count) + Math.Max(0, extra - Failed));
        }
    }
}
