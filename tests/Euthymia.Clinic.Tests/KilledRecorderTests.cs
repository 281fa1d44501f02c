using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Euthymia.Clinic.Recorder;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

/// <summary>
/// Twenty chairs record in a process of its own, which is killed at random moments (SIGKILL) and started again. Set
/// EUTHYMIA_KILLS to 200 for the long run.
/// </summary>
public sealed class KilledRecorderTests
{
    private const int Chairs = 20;
    private const int UsualKills = 8;

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable("EUTHYMIA_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills) ? kills : UsualKills;

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Whatever_was_acknowledged_is_stored_once_under_its_patient_with_every_finding(Store store)
    {
        await using var clinic = await TestClinic.Open(store, Chairs);
        var found = await Torment(clinic, store, Kills, isEarly: false);
        Assert.True(found.Acknowledged > Kills * Chairs, $"Only {found.Acknowledged} entries were acknowledged: the kills came before anything happened.");
        Assert.Equal(new Faults(0, 0, 0, 0, 0), found.Faults);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Kills} kills, {found.Acknowledged} acknowledged, {found.Findings} alarms, no fault.");
    }

    /// <summary>The check can fail: a recorder that acknowledges before it has stored loses entries, and the check says so.</summary>
    [Fact]
    public async Task A_recorder_that_acknowledges_too_early_is_found_out()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite, Chairs);
        var found = await Torment(clinic, Store.Sqlite, kills: 2, isEarly: true);
        Assert.True(found.Faults.Lost > 0, "Nothing was lost, though every acknowledgement came too early.");
    }

    private sealed record Faults(int Lost, int WrongPatient, int Changed, int Broken, int WrongFindings);

    private sealed record Outcome(int Acknowledged, int Findings, Faults Faults);

    private static async Task<Outcome> Torment(TestClinic clinic, Store store, int kills, bool isEarly)
    {
        var visits = await StartEverywhere(clinic);
        var next = visits.ToDictionary(v => v, _ => 1);
        var acknowledged = new HashSet<(Guid Visit, int Number)>();
        for (var kill = 0; kill < kills; kill++)
        {
            var lines = await RunAndKill(clinic, store, visits, next, isEarly, TimeSpan.FromMilliseconds(RandomNumberGenerator.GetInt32(20, 400)));
            foreach (var (visit, number) in lines)
            {
                acknowledged.Add((visit, number));
                next[visit] = Math.Max(next[visit], number + 1);
            }
        }

        return await Compare(clinic, visits, acknowledged);
    }

    private static async Task<List<Guid>> StartEverywhere(TestClinic clinic)
    {
        clinic.Time.SetUtcNow(TimeProvider.System.GetUtcNow());
        List<Guid> visits = [];
        for (var chair = 1; chair <= Chairs; chair++)
        {
            var (_, _, course) = await clinic.AddCourse($"K-{chair}", $"Chair {chair}");
            await clinic.Start(course[0].Id);
            visits.Add(course[0].Id);
        }

        return visits;
    }

    /// <summary>Returns what was acknowledged. The kill comes some time after as many acknowledgements as there are chairs: a busy machine may need long for them.</summary>
    private static async Task<List<(Guid Visit, int Number)>> RunAndKill(TestClinic clinic, Store store, List<Guid> visits, Dictionary<Guid, int> next, bool isEarly, TimeSpan after)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(RecordedEvents).Assembly.Location, store == Store.Sqlite ? "sqlite" : "postgres", clinic.Connection, isEarly ? "early" : "true",
            .. visits.Select((v, i) => $"{v}:{next[v].ToString(CultureInfo.InvariantCulture)}:{i.ToString(CultureInfo.InvariantCulture)}")])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The recorder did not start.");
        List<(Guid, int)> acknowledged = [];
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = Task.Run(async () =>
        {
            while (await process.StandardOutput.ReadLineAsync(TestClinic.Cancel) is { } line)
            {
                // A line cut off by the kill says nothing.
                if (line.Split(' ') is [{ Length: 36 } visit, var number] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
                    acknowledged.Add((Guid.Parse(visit), parsed));
                if (acknowledged.Count >= Chairs)
                    first.TrySetResult();
            }

            first.TrySetResult();
        });
        await first.Task;
        await Task.Delay(after, TestClinic.Cancel);
        process.Kill(); // SIGKILL
        await process.WaitForExitAsync(TestClinic.Cancel);
        await reading;
        return acknowledged;
    }

    /// <summary>Compares the database with what was acknowledged, and the alarms with an oracle of its own that knows nothing of the rules' code.</summary>
    private static async Task<Outcome> Compare(TestClinic clinic, List<Guid> visits, HashSet<(Guid Visit, int Number)> acknowledged)
    {
        await using var db = clinic.Db();
        int lost = 0, wrong = 0, changed = 0, broken = 0, wrongFindings = 0, findings = 0;
        foreach (var (visit, chair) in visits.Select((v, i) => (v, i)))
        {
            var events = await db.VisitEvents.AsNoTracking().Where(e => e.VisitId == visit).OrderBy(e => e.Number).ToListAsync(TestClinic.Cancel);
            // The readings before the start are those of the sheet, not the recorder's.
            var stored = events.SkipWhile(e => e.Entry is not InfusionStarted).Where(e => e.Entry is Observed).ToDictionary(e => e.Id);
            var numbers = acknowledged.Where(a => a.Visit == visit).Select(a => a.Number).ToList();
            lost += numbers.Count(n => !stored.ContainsKey(RecordedEvents.Id(visit, n)));
            changed += numbers.Count(n => stored.TryGetValue(RecordedEvents.Id(visit, n), out var e) && e.Entry != RecordedEvents.Entry(chair, n));
            wrong += stored.Values.Count(e => ((Observed)e.Entry).Readings.HeartRate != 60 + chair);
            broken += VisitSeal.FirstBroken(events) is null ? 0 : 1;

            var expected = new List<Guid>();
            var isHigh = false;
            foreach (var e in events.Where(e => e.Entry is Observed))
            {
                var high = ((Observed)e.Entry).Readings.Systolic > 200;
                if (high && !isHigh)
                    expected.Add(e.Id);
                isHigh = high;
            }

            var alarms = await db.Findings.AsNoTracking().Where(f => f.SubjectId == visit && f.RuleId == "MON-07b").Select(f => f.EventId!.Value).ToListAsync(TestClinic.Cancel);
            findings += alarms.Count;
            wrongFindings += alarms.Count == expected.Count && alarms.ToHashSet().SetEquals(expected) ? 0 : 1;
        }

        return new Outcome(acknowledged.Count, findings, new Faults(lost, wrong, changed, broken, wrongFindings));
    }
}
