using Euthymia.Trials.Statistics;

namespace Euthymia.Clinic;

/// <summary>Who responds: every group's estimate is drawn toward the whole by as much as its size leaves open.</summary>
internal static class CohortBenefit
{
    public static IReadOnlyList<BenefitFactor> Of(IEnumerable<(CohortCourse Course, CohortOutcome Outcome)> judged)
    {
        var assessed = judged.Where(j => j.Outcome.IsResponse is not null).ToList();
        return assessed.Count < SmallCells.Least ? [] : [.. Enum.GetValues<CohortFactor>().Select(factor => Factor(factor, assessed)).Where(f => f.Groups.Count > 1)];
    }

    private static BenefitFactor Factor(CohortFactor factor, List<(CohortCourse Course, CohortOutcome Outcome)> assessed)
    {
        var groups = assessed.Select(j => (Name: CohortGroups.Of(j.Course, factor), IsResponse: j.Outcome.IsResponse == true)).Where(j => j.Name is not null)
            .GroupBy(j => j.Name!, j => j.IsResponse, StringComparer.Ordinal).OrderBy(g => CohortGroups.Rank(g.Key)).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => (g.Key, Count: new GroupCount(g.Count(r => r), g.Count()))).ToList();
        if (groups.Count < 2)
            return new BenefitFactor(factor, []);
        var pooled = PartialPooling.Fit([.. groups.Select(g => g.Count)]).Groups;
        var hidden = SmallCells.Hide([.. groups.Select(g => g.Count.N)]);
        return new BenefitFactor(factor, [.. groups.Select((g, i) => new BenefitGroup(g.Key, g.Count.N, hidden[i] ? null : pooled[i]))]);
    }
}
