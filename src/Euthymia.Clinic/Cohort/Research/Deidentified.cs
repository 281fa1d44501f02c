using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>
/// Turns courses into tables without names, numbers, free text, true dates, rare combinations or rare doses. A pure function: what it is
/// given of a patient beside the course are the two secrets of the consent.
/// </summary>
internal static class Deidentified
{
    private const string Hidden = "hidden";
    private const decimal DoseStep = 0.05m;
    private const int MinuteStep = 5;

    public static ResearchData Of(IReadOnlyList<(ResearchConsent Consent, IReadOnlyList<CohortCourse> Courses)> patients, ClinicSettings clinic, RuleSettings rules)
    {
        // In the order of the research numbers, which are random: the order of rows says nothing either.
        var sorted = patients.OrderBy(p => p.Consent.ResearchId, StringComparer.Ordinal).ToList();
        var quasi = QuasiIdentifiers.Generalise([.. sorted.Select(p => new QuasiIdentifiers(QuasiIdentifiers.AgeGroupOf(p.Courses[0].Age), p.Courses[0].Sex, p.Courses[0].Diagnosis))]);
        var doses = Common(sorted, c => c.Infusions.Select(i => Dose(i)));
        var effects = Common(sorted, c => c.Infusions.SelectMany(i => i.SideEffects).Select(e => e.Effect));
        return new ResearchData(
            [PatientTable(sorted, quasi), CourseTable(sorted, rules), InfusionTable(sorted, clinic, doses), ScoreTable(sorted, clinic), SideEffectTable(sorted, clinic, effects), CountTable(sorted)],
            About(sorted.Count), sorted.Count);
    }

    private static ResearchTable PatientTable(List<(ResearchConsent Consent, IReadOnlyList<CohortCourse> Courses)> patients, QuasiIdentifiers[] quasi) => new("patients",
        [Id, new("age_group", ResearchKind.Text, "Age at the first infusion, years; empty where the combination with sex and diagnosis is rare"), new("sex", ResearchKind.Text, "As recorded; empty where rare"), new("diagnosis", ResearchKind.Text, "As recorded; empty where rare"), new("courses", ResearchKind.Whole, "Courses in this export")],
        [.. patients.Select((p, i) => (IReadOnlyList<object?>)[p.Consent.ResearchId, quasi[i].AgeGroup, quasi[i].Sex?.ToString(), quasi[i].Diagnosis?.ToString(), p.Courses.Count])]);

    private static ResearchTable CourseTable(List<(ResearchConsent Consent, IReadOnlyList<CohortCourse> Courses)> patients, RuleSettings rules) => new("courses",
        [
            Id, Course, new("first_infusion", ResearchKind.Day, "Shifted day"), new("infusions", ResearchKind.Whole, "Infusions given"), new("is_over", ResearchKind.Flag, "No infusion of the course is planned any more"),
            new("phq9_before", ResearchKind.Whole, "PHQ-9 total before the first infusion, 0 to 27"), new("phq9_end", ResearchKind.Whole, "First PHQ-9 total within 14 days after the last infusion"),
            new("response", ResearchKind.Flag, "Fall of at least half; empty: not assessed"), new("remission", ResearchKind.Flag, "Total below 5; empty: not assessed"),
            new("relapse", ResearchKind.Flag, "Relapse after response (rule MNT-05); empty: no response or not assessed"), new("relapse_free_days", ResearchKind.Number, "Days from the last infusion to relapse, or to the last total"),
        ],
        [.. Courses(patients).Select(c =>
        {
            var outcome = CohortOutcome.Of(c.Course, rules);
            return (IReadOnlyList<object?>)[c.Consent.ResearchId, c.Course.Number, Shifted(c.Consent, c.Course.FirstDay), c.Course.Infusions.Count, c.Course.IsOver, c.Course.Baseline, outcome.End?.Total,
                outcome.IsResponse, outcome.IsRemission, outcome.Relapse?.Event, outcome.Relapse is { } relapse ? Math.Round(relapse.Time, 1) : null];
        })]);

    private static ResearchTable InfusionTable(List<(ResearchConsent Consent, IReadOnlyList<CohortCourse> Courses)> patients, ClinicSettings clinic, HashSet<string> common) => new("infusions",
        [Id, Course, Date, Day, new("dose_mg_per_kg", ResearchKind.Number, "As given, in steps of 0.05; empty where fewer than 11 patients had such a dose"), new("minutes", ResearchKind.Whole, "Length, in steps of 5 minutes")],
        [.. from c in Courses(patients) from i in c.Course.Infusions
            select (IReadOnlyList<object?>)[c.Consent.ResearchId, c.Course.Number, Shifted(c.Consent, clinic.DayOf(i.StartedAt)), DayOf(c, i.StartedAt), common.Contains(Dose(i)) ? (double)Rounded(i) : null, (int)Math.Round(i.Minutes / (double)MinuteStep) * MinuteStep]]);

    private static ResearchTable ScoreTable(List<(ResearchConsent Consent, IReadOnlyList<CohortCourse> Courses)> patients, ClinicSettings clinic) => new("scores",
        [Id, Course, Date, Day, new("instrument", ResearchKind.Text, "Which scale"), new("total", ResearchKind.Whole, "Its total; answers to single questions are left out")],
        [.. from c in Courses(patients) from s in c.Course.Scores
            select (IReadOnlyList<object?>)[c.Consent.ResearchId, c.Course.Number, Shifted(c.Consent, clinic.DayOf(s.At)), DayOf(c, s.At), Instrument.Phq9.Id, s.Total]]);

    private static ResearchTable SideEffectTable(List<(ResearchConsent Consent, IReadOnlyList<CohortCourse> Courses)> patients, ClinicSettings clinic, HashSet<string> common) => new("side_effects",
        [Id, Course, Date, Day, new("effect", ResearchKind.Text, "By its code; \"hidden\" where fewer than 11 patients had it"), new("grade", ResearchKind.Text, "Mild, Moderate, Severe, LifeThreatening"), new("outcome", ResearchKind.Text, "As last recorded")],
        [.. from c in Courses(patients) from i in c.Course.Infusions from e in i.SideEffects
            select (IReadOnlyList<object?>)[c.Consent.ResearchId, c.Course.Number, Shifted(c.Consent, clinic.DayOf(e.OnsetAt)), DayOf(c, e.OnsetAt), common.Contains(e.Effect) ? e.Effect : Hidden, e.Grade.ToString(), e.Outcome.ToString()]]);

    private static ResearchTable CountTable(List<(ResearchConsent Consent, IReadOnlyList<CohortCourse> Courses)> patients)
    {
        var rows = new List<IReadOnlyList<object?>> { (object?[])["all", "all", patients.Count] };
        rows.AddRange(Counts("diagnosis", patients, c => c.Diagnosis.ToString()));
        rows.AddRange(Counts("sex", patients, c => c.Sex.ToString()));
        rows.AddRange(Counts("age_group", patients, c => QuasiIdentifiers.AgeGroupOf(c.Age)));
        return new ResearchTable("counts", [new("by", ResearchKind.Text, "What is counted by"), new("group", ResearchKind.Text, "The group"), new("patients", ResearchKind.Whole, "Empty: hidden, since it or one beside it is under 11")], rows);
    }

    private static IEnumerable<IReadOnlyList<object?>> Counts(string by, List<(ResearchConsent Consent, IReadOnlyList<CohortCourse> Courses)> patients, Func<CohortCourse, string> of)
    {
        var groups = patients.GroupBy(p => of(p.Courses[0]), StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal).Select(g => (g.Key, Count: g.Count())).ToList();
        var hidden = SmallCells.Hide([.. groups.Select(g => g.Count)]);
        return groups.Select((g, i) => (IReadOnlyList<object?>)[by, g.Key, hidden[i] ? null : g.Count]);
    }

    private static string[] About(int patients) =>
    [
        $"De-identified data of {patients} consenting patients of a ketamine infusion clinic.",
        "Dates of a patient are shifted by one secret number of days, so that intervals within a patient are true and dates are not.",
        "Shifted dates are more than the Safe Harbor rule of HIPAA allows (45 CFR 164.514(b)(2)): sharing them needs an expert's determination or an agreement. Days from the first infusion are in the column \"day\".",
        "Ages over 89 are one group. Free text, names, numbers, weights, places and staff are left out.",
        $"Every combination of age group, sex and diagnosis that is shown belongs to at least {SmallCells.Least} patients; rarer ones are empty. Doses and side effects of fewer than {SmallCells.Least} patients are hidden.",
        $"Patients enter in waves of at least {SmallCells.Least}. Who withdrew is left out.",
        "Empty cells are missing (not assessed) or hidden, never zero. Do not try to find out who anybody is.",
    ];

    private static readonly ResearchColumn Id = new("research_id", ResearchKind.Text, "Stands for the patient; random");
    private static readonly ResearchColumn Course = new("course", ResearchKind.Whole, "1 for the patient's first course");
    private static readonly ResearchColumn Date = new("date", ResearchKind.Day, "Shifted day");
    private static readonly ResearchColumn Day = new("day", ResearchKind.Number, "Days from the start of the course's first infusion");

    private static IEnumerable<(ResearchConsent Consent, CohortCourse Course)> Courses(IEnumerable<(ResearchConsent Consent, IReadOnlyList<CohortCourse> Courses)> patients) =>
        patients.SelectMany(p => p.Courses.Select(c => (p.Consent, c)));

    private static HashSet<string> Common(IEnumerable<(ResearchConsent Consent, IReadOnlyList<CohortCourse> Courses)> patients, Func<CohortCourse, IEnumerable<string>> values) =>
        patients.SelectMany(p => p.Courses.SelectMany(values).Distinct(StringComparer.Ordinal)).GroupBy(v => v, StringComparer.Ordinal)
            .Where(g => g.Count() >= SmallCells.Least).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);

    private static decimal Rounded(CohortInfusion infusion) => Math.Round(infusion.DosePerKilogram.Value / DoseStep, MidpointRounding.AwayFromZero) * DoseStep;

    private static string Dose(CohortInfusion infusion) => Rounded(infusion).ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);

    private static DateOnly Shifted(ResearchConsent consent, DateOnly day) => day.AddDays(consent.ShiftDays);

    private static double DayOf((ResearchConsent Consent, CohortCourse Course) of, DateTimeOffset moment) => Math.Round((moment - of.Course.FirstInfusionAt).TotalDays, 1);
}
