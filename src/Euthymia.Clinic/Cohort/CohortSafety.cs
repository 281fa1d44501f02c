using Euthymia.Trials.Statistics;
using MathNet.Numerics.Distributions;

namespace Euthymia.Clinic;

/// <summary>Side effects at the chair and check-ins at home.</summary>
internal static class CohortSafety
{
    /// <summary>Both readings that make "treatment-emergent hypertension" in Rodrigues 2020, mmHg.</summary>
    private const int HighSystolic = 165;
    private const int HighDiastolic = 100;

    public static IReadOnlyList<SideEffectResult> SideEffects(IReadOnlyList<CohortCourse> courses)
    {
        List<(string Name, Func<CohortInfusion, bool> Is, Func<CohortInfusion, bool>? IsSevere)> kinds =
        [
            ($"BP {HighSystolic}/{HighDiastolic} mmHg or above", i => i.HighestSystolic >= HighSystolic || i.HighestDiastolic >= HighDiastolic, null),
            ("infusion stopped early", i => i.IsEarlyStop, null),
            .. courses.SelectMany(c => c.Infusions).SelectMany(i => i.SideEffects).Select(e => e.Effect).Distinct(StringComparer.Ordinal)
                .Select(effect => (effect, (Func<CohortInfusion, bool>)(i => i.SideEffects.Any(e => Is(e, effect))), (Func<CohortInfusion, bool>?)(i => i.SideEffects.Any(e => Is(e, effect) && e.Grade >= SideEffectGrade.Severe)))),
        ];
        var infusions = courses.Sum(c => c.Infusions.Count);
        return [.. kinds.Select(kind => new SideEffectResult(
                kind.Name,
                new Share(courses.Count(c => c.Infusions.Any(kind.Is)), courses.Count),
                new Share(courses.Sum(c => c.Infusions.Count(kind.Is)), infusions),
                kind.IsSevere is { } severe ? new Share(courses.Count(c => c.Infusions.Any(severe)), courses.Count) : default,
                PublishedFigures.For($"side effect: {kind.Name}")))
            .OrderByDescending(r => r.Patients.Count).ThenBy(r => r.Effect, StringComparer.Ordinal)];
    }

    public static IReadOnlyList<CheckInResult> CheckIns(IReadOnlyList<CohortCourse> courses)
    {
        var asked = courses.Where(c => c.CheckIns is { Count: > 0 }).Select(c => c.CheckIns!).ToList();
        List<CheckInResult> rows = [Row(null, [.. asked.Select(a => a.Values.Aggregate((x, y) => x + y))])];
        rows.AddRange(Enum.GetValues<CheckInReason>().Select(reason => Row(reason, [.. asked.Where(a => a.ContainsKey(reason)).Select(a => a[reason])])));
        return rows;
    }

    private static CheckInResult Row(CheckInReason? reason, List<CheckInCount> patients) => patients.Count < SmallCells.Least
        ? new CheckInResult(reason, patients.Count, null, null)
        : new CheckInResult(reason, patients.Count, patients.Aggregate((x, y) => x + y), Missed(patients));

    /// <summary>
    /// The ratio of missed to asked with the variance of a ratio over patients (Cochran 1977, section 6.3): those who forget once forget again,
    /// so that check-ins must not count as independent.
    /// </summary>
    private static Interval Missed(List<CheckInCount> patients)
    {
        double asked = patients.Sum(p => p.Asked), n = patients.Count;
        var share = patients.Sum(p => p.Missed) / asked;
        var residual = patients.Sum(p => Math.Pow(p.Missed - (share * p.Asked), 2));
        var half = StudentT.InvCDF(0, 1, n - 1, 0.975) * Math.Sqrt(n / (n - 1) * residual) / asked;
        return new Interval(share, Math.Max(0, share - half), Math.Min(1, share + half));
    }

    private static bool Is(CohortSideEffect effect, string name) => string.Equals(effect.Effect, name, StringComparison.Ordinal);
}
