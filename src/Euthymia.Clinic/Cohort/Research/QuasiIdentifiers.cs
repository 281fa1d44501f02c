namespace Euthymia.Clinic;

/// <summary>What a stranger may know of a patient: age group, sex and diagnosis. Null is hidden.</summary>
public readonly record struct QuasiIdentifiers(string? AgeGroup, RecordedSex? Sex, Diagnosis? Diagnosis)
{
    /// <summary>Ages above this are one group: there are so few that the age names the person (45 CFR 164.514(b)(2)(i)(C)).</summary>
    public const int OldestAge = 89;

    private const int Levels = 4;

    /// <summary>"40-49"; "90 and over" above 89.</summary>
    public static string AgeGroupOf(int age) => age > OldestAge ? "90 and over" : age < 30 ? "18-29" : $"{age / 10 * 10}-{(age / 10 * 10) + 9}";

    /// <summary>
    /// Hides as little as it takes that every combination that is shown belongs to at least <see cref="SmallCells.Least"/> patients
    /// (k-anonymity, Sweeney 2002, by local suppression): first the age of those in small combinations, then their sex, then their diagnosis.
    /// With fewer patients than that, all is hidden.
    /// </summary>
    public static QuasiIdentifiers[] Generalise(IReadOnlyList<QuasiIdentifiers> patients)
    {
        var level = new int[patients.Count];
        for (var at = 0; at < Levels - 1; at++)
            RaiseSmall(patients, level, at);

        // The wholly hidden ones must be enough to hide among, too: the smallest combinations join them until they are.
        while (level.Count(l => l == Levels - 1) is > 0 and < SmallCells.Least && level.Any(l => l < Levels - 1))
        {
            var smallest = Enumerable.Range(0, patients.Count).Where(i => level[i] < Levels - 1).GroupBy(i => Shown(patients[i], level[i])).MinBy(g => g.Count())!;
            foreach (var i in smallest.ToList())
                level[i] = Levels - 1;
        }

        return [.. patients.Select((p, i) => Shown(p, level[i]))];
    }

    private static void RaiseSmall(IReadOnlyList<QuasiIdentifiers> patients, int[] level, int at)
    {
        foreach (var group in Enumerable.Range(0, patients.Count).Where(i => level[i] == at).GroupBy(i => Shown(patients[i], at)).Where(g => g.Count() < SmallCells.Least).ToList())
        {
            foreach (var i in group)
                level[i] = at + 1;
        }
    }

    private static QuasiIdentifiers Shown(QuasiIdentifiers patient, int level) =>
        new(level < 1 ? patient.AgeGroup : null, level < 2 ? patient.Sex : null, level < 3 ? patient.Diagnosis : null);
}
