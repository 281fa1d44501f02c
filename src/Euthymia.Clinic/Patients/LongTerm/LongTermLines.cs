using System.Globalization;
using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Forecasts;
using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic.Patients.LongTerm;

/// <summary>The lines of the watch: each with its last result, when it is due, and its rules.</summary>
internal static class LongTermLines
{
    public static IReadOnlyList<WatchLine> Of(CourseRules rules, LongTermFacts facts, StageReport report) =>
    [
        Instrument(rules, report, "Bladder", "BLADDER", EveryDays("BLADDER"), "LTS-01", "LTS-02"),
        Liver(rules, facts, report),
        Pressure(rules),
        Instrument(rules, report, "Memory and thinking", "COGNITION", rules.Settings.Value(RuleBook.Get("LTS-04"), "days"), "LTS-04"),
        Instrument(rules, report, "Misuse and craving", "MISUSE", EveryDays("MISUSE"), "LTS-05"),
        Serious(rules, report),
        Record(rules, report, "Prescription monitoring programme", WatchKind.MonitoringQuery, rules.Settings.Value(RuleBook.Get("LTS-06"), "days"), onlyMaintenance: true, "LTS-06"),
        Record(rules, report, "Renewal review", WatchKind.RenewalReview, rules.Settings.Value(RuleBook.Get("MNT-10"), "days"), onlyMaintenance: true),
    ];

    public static Assessment? Last(RecordedHistory story, string instrumentId) => story.Assessments.LastOrDefault(a => string.Equals(a.InstrumentId, instrumentId, StringComparison.Ordinal));

    private static decimal? EveryDays(string instrumentId) => CheckInPlan.Current.Instruments.FirstOrDefault(i => string.Equals(i.Id, instrumentId, StringComparison.Ordinal))?.EveryDays;

    private static WatchLine Instrument(CourseRules rules, StageReport report, string name, string id, decimal? everyDays, params string[] ruleIds)
    {
        var last = Last(rules.Story, id);
        var first = rules.Story.Assessments.FirstOrDefault(a => string.Equals(a.InstrumentId, id, StringComparison.Ordinal));
        var words = last switch
        {
            null => null,
            { Total: { } total } => string.Create(CultureInfo.InvariantCulture, $"{total} of {InstrumentLibrary.Shipped[id].Maximum}{(first is { Total: { } start } && first.Id != last.Id ? $", {start} at first" : "")}{(last.Band is { } band ? $", {band}" : "")}"),
            _ => last.Band ?? "answered, no total",
        };
        return Line(rules, name, last?.CompletedAt, words, everyDays, [.. ruleIds.Select(r => report[r])]);
    }

    private static WatchLine Serious(CourseRules rules, StageReport report)
    {
        var last = SeriousEvent.Holding(rules.Serious).LastOrDefault();
        var words = last switch
        {
            null => null,
            { Kind: SeriousEventKind.AskedNone } => "asked, none",
            { Report: AuthorityReport.NotYet } => "not yet reported to the authority",
            _ => "see the list",
        };
        var day = last is null ? (DateTimeOffset?)null : last.Day is { } known ? new DateTimeOffset(known.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero) : last.At;
        return new WatchLine("Serious events", day, words, null, rules.HadSeriousEvent is null, [rules.Maintenance(null)["MNT-04"], report["LTS-07"]]);
    }

    private static WatchLine Liver(CourseRules rules, LongTermFacts facts, StageReport report)
    {
        var due = report["LTS-03a"];
        static string Multiple(decimal? value) => value is { } known ? known.ToString("0.##", CultureInfo.InvariantCulture) : "not assessed";
        var line = Line(rules, "Liver", facts.LiverTestsAt, facts.LiverTestsAt is null ? null : $"ALT or AST {Multiple(facts.AltOrAst)}, ALP or GGT {Multiple(facts.AlpOrGgt)} times the upper limit of normal",
            rules.Settings.Value(RuleBook.Get("LTS-03a"), "days"), [due, report["LTS-03b"]]);
        return line with { IsDue = line.IsDue || due.Outcome == RuleOutcome.Fired };
    }

    /// <summary>Resting pressure before the infusions, from the sheets: due at every visit, so only its course is shown here.</summary>
    private static WatchLine Pressure(CourseRules rules)
    {
        var resting = rules.Story.Visits.Select(v => VisitFold.Of(v, v.Events, rules.Now))
            .Select(s => s.Log.Where(l => s.StartedAt is null || l.ObservedAt <= s.StartedAt).Select(l => (l.ObservedAt, Readings: l.Sound)).LastOrDefault(x => x.Readings is { Systolic: not null, Diastolic: not null }))
            .Where(x => x.Readings is not null).OrderBy(x => x.ObservedAt).ToList();
        if (resting.Count == 0)
            return new WatchLine("Blood pressure at rest", null, null, null, true, []);
        var (first, last) = (resting[0], resting[^1]);
        var change = last.Readings!.Systolic - first.Readings!.Systolic;
        var words = string.Create(CultureInfo.InvariantCulture, $"{last.Readings.Systolic}/{last.Readings.Diastolic} mmHg before the last infusion{(resting.Count > 1 ? $", {first.Readings.Systolic}/{first.Readings.Diastolic} before the first ({change:+0;-0;0} systolic)" : "")}");
        return new WatchLine("Blood pressure at rest", last.ObservedAt, words, null, false, []);
    }

    private static WatchLine Record(CourseRules rules, StageReport report, string name, WatchKind kind, decimal everyDays, bool onlyMaintenance, params string[] ruleIds)
    {
        var last = WatchRecord.Holding(rules.Watch).LastOrDefault(r => r.Kind == kind);
        var line = Line(rules, name, last is null ? null : new DateTimeOffset(last.Day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero), last is null ? null : last.Note ?? "done", everyDays, [.. ruleIds.Select(r => report[r])]);
        return onlyMaintenance && !rules.History.Maintenance.Any() && last is null ? line with { IsDue = false } : line;
    }

    private static WatchLine Line(CourseRules rules, string name, DateTimeOffset? last, string? words, decimal? everyDays, IReadOnlyList<RuleResult> results)
    {
        var due = last + TimeSpan.FromDays((double)(everyDays ?? 0));
        return new WatchLine(name, last, words, everyDays is null ? null : due, last is null || (everyDays is not null && due <= rules.Now), results);
    }
}
