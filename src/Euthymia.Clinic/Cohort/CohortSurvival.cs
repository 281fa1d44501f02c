using Euthymia.Trials.Statistics;

namespace Euthymia.Clinic;

/// <summary>Relapse-free survival of responders, whole or by the groups of a factor.</summary>
internal static class CohortSurvival
{
    public static SurvivalResult Of(IEnumerable<(CohortCourse Course, CohortOutcome Outcome)> judged, CohortFactor? by)
    {
        var responders = judged.Where(j => j.Outcome.Relapse is not null)
            .Select(j => (Group: by is { } factor ? CohortGroups.Of(j.Course, factor) ?? "Not known" : "All who responded", Time: j.Outcome.Relapse!.Value)).ToList();
        var parts = responders.GroupBy(r => r.Group, r => r.Time, StringComparer.Ordinal)
            .OrderBy(g => CohortGroups.Rank(g.Key)).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => (Name: g.Key, Times: g.ToList())).ToList();
        var hidden = SmallCells.Hide([.. parts.Select(p => p.Times.Count)]);
        var shown = parts.Where((_, i) => !hidden[i]).Select(p => (IReadOnlyList<SurvivalTime>)p.Times).ToList();
        return new SurvivalResult(
            [.. parts.Select((p, i) => hidden[i] ? new SurvivalGroup(p.Name, p.Times.Count, null, 0, []) : Group(p.Name, p.Times))],
            shown.Count >= 2 ? GroupLogRank.Compare(shown) : null,
            PublishedFigures.For("relapse"));
    }

    private static SurvivalGroup Group(string name, List<SurvivalTime> times)
    {
        var curve = KaplanMeier.Fit(times);
        // The time of the eleventh from the end: until then at least eleven are observed.
        var last = times.Select(t => t.Time).OrderDescending().Skip(SmallCells.Least - 1).First();
        return new SurvivalGroup(name, times.Count, curve, last, [.. SurvivalResult.Weeks.Select(week =>
        {
            var atRisk = KaplanMeier.AtRisk(times, week * 7);
            return new SurvivalRow(week, atRisk, atRisk >= SmallCells.Least ? curve.IntervalAt(week * 7) : null);
        })]);
    }
}
