using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic.Tests.Cohort;

public sealed class CohortResultsTests
{
    private static readonly DateOnly Today = new(2026, 8, 1);

    private static bool Is(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);

    private static CohortResults Count(IEnumerable<CohortCourse> courses, CohortFilter? filter = null, CohortFactor? by = null) =>
        CohortResults.Of([.. courses], filter ?? new CohortFilter(), by, RuleSettings.Shipped, Today);

    [Fact]
    public void Shares_are_of_those_assessed_and_the_others_are_counted_apart()
    {
        var results = Count([.. Courses.Many(30, 20), Courses.Of(20), Courses.Of(null, (1, 3)), Courses.Of(20, (1, 3)) with { IsOver = false }]);

        Assert.Equal(53, results.Patients);
        Assert.Equal(1, results.InCourse);
        Assert.Equal(new Share(30, 50), results.Response.Of);
        Assert.Equal(2, results.Response.NotAssessed);
        Assert.Equal(new Share(1, 51), results.Remission.Of);
        Assert.Equal(1, results.Remission.NotAssessed);
    }

    [Fact]
    public void A_patient_counts_once_with_the_first_course_inside_the_filter()
    {
        var first = Courses.Of(20, (1, 4));
        var second = Courses.Of(20, (1, 18)) with { PatientId = first.PatientId, Number = 2, FirstDay = new DateOnly(2026, 6, 1), Infusions = [Courses.Infusion(Courses.First.AddDays(92))] };

        Assert.Equal(1, Count([second, first]).Patients);
        Assert.Equal(new Share(1, 1), Count([second, first]).Response.Of);
        Assert.Equal(second.CourseId, new CohortFilter(Period: "3m").Of([first, second], Today).Single().CourseId);
    }

    [Theory]
    [InlineData("2026", 12)]
    [InlineData("2025", 0)]
    [InlineData("12m", 12)]
    [InlineData("3m", 0)]
    [InlineData("../../etc", 12)]
    [InlineData("0000", 0)]
    public void The_period_is_that_of_the_first_infusion_and_what_is_no_period_filters_nothing(string period, int patients) =>
        Assert.Equal(patients, Count(Courses.Many(6, 6), CohortFilter.Read(period, null, null)).Patients);

    [Fact]
    public void Diagnosis_and_regimen_filter_and_nonsense_in_the_address_does_not()
    {
        CohortCourse[] courses = [.. Courses.Many(5, 7), .. Courses.Many(3, 8, c => c with { Diagnosis = Diagnosis.BipolarII, Regimen = new CohortRegimen(0.75m, 60) })];

        Assert.Equal(11, Count(courses, CohortFilter.Read(null, "BipolarII", null)).Patients);
        Assert.Equal(11, Count(courses, CohortFilter.Read(null, null, "0.75-60")).Patients);
        Assert.Equal(0, Count(courses, CohortFilter.Read(null, "BipolarI", "0.75-60")).Patients);
        Assert.Equal(23, Count(courses, CohortFilter.Read("x", "3", "<script>")).Patients);
    }

    [Fact]
    public void Ten_patients_are_hidden_and_eleven_are_not()
    {
        Assert.True(Count(Courses.Many(5, 5)).IsHidden);
        Assert.False(Count(Courses.Many(5, 6)).IsHidden);
    }

    [Fact]
    public void Survival_is_drawn_while_eleven_are_at_risk_and_compared_between_groups_that_are_shown()
    {
        CohortCourse Woman(int i) => Courses.Of(20, (1, 4), (10 + i, 14), (17 + i, 14));
        CohortCourse Man(int i) => Courses.Of(20, (1, 4), (40 + i, 4)) with { Sex = RecordedSex.Male };
        CohortCourse[] courses = [.. Enumerable.Range(0, 15).Select(Woman), .. Enumerable.Range(0, 15).Select(Man)];
        var relapse = Count(courses, by: CohortFactor.Sex).Relapse;

        Assert.Equal(["Female", "Male"], relapse.Groups.Select(g => g.Name), StringComparer.Ordinal);
        Assert.Equal(15, relapse.Groups[0].N);
        Assert.Equal(14, relapse.Groups[0].ShownDays, 1e-9); // the eleventh from the end: 10 + 4
        Assert.True(relapse.Test!.PValue < 1e-6);
        Assert.Equal(15, relapse.Groups[1].Rows.Single(r => r.Week == 4).AtRisk);
        Assert.Equal(1, relapse.Groups[1].Rows.Single(r => r.Week == 4).Survival!.Value.Estimate);
        Assert.Null(relapse.Groups[0].Rows.Single(r => r.Week == 3).Survival); // day 21: four at risk
        Assert.Null(Count(courses).Relapse.Test);
    }

    [Fact]
    public void A_small_group_has_no_curve_and_takes_one_that_would_give_it_away_with_it()
    {
        CohortCourse[] courses = [.. Courses.Many(30, 0), .. Courses.Many(14, 0, c => c with { Diagnosis = Diagnosis.MajorDepressiveDisorder }), .. Courses.Many(5, 0, c => c with { Diagnosis = Diagnosis.BipolarI })];
        var groups = Count(courses, by: CohortFactor.Diagnosis).Relapse.Groups;

        Assert.Equal(["Treatment-resistant depression"], groups.Where(g => g.Curve is not null).Select(g => g.Name), StringComparer.Ordinal);
        Assert.Equal(3, groups.Count);
    }

    [Fact]
    public void Five_patients_who_all_responded_are_never_a_hundred_per_cent()
    {
        CohortCourse[] courses = [.. Courses.Many(30, 30), .. Courses.Many(5, 0, c => c with { Sex = RecordedSex.Other }), .. Courses.Many(20, 20, c => c with { Sex = RecordedSex.Male })];
        var sex = Count(courses).Benefit.Single(f => f.Factor == CohortFactor.Sex).Groups;

        Assert.Null(sex.Single(g => Is(g.Name, "Other")).Pooled);
        Assert.All(sex.Where(g => g.Pooled is not null), g => Assert.InRange(g.Pooled!.Value.Estimate, 0.4, 0.65));
        Assert.Equal(Trials.Statistics.PartialPooling.Fit([new(30, 60), new(20, 40), new(5, 5)]).Groups[0], sex.Single(g => Is(g.Name, "Female")).Pooled);
    }

    [Fact]
    public void Side_effects_count_patients_and_infusions_apart()
    {
        CohortSideEffect nausea = new("nausea", SideEffectGrade.Mild, SideEffectOutcome.Resolved, Courses.First);
        var ill = Courses.Of(20, (1, 4)) with { Infusions = [Courses.Infusion(Courses.First, 165, nausea, nausea), Courses.Infusion(Courses.First.AddDays(2), 164, nausea), Courses.Infusion(Courses.First.AddDays(4), null)] };
        var results = Count([.. Courses.Many(10, 9), ill]);

        var row = results.SideEffects.Single(r => Is(r.Effect, "nausea"));
        Assert.Equal(new Share(1, 20), row.Patients);
        Assert.Equal(new Share(2, (19 * 6) + 3), row.Infusions);
        Assert.Equal(new Share(0, 20), row.Severe);
        Assert.Equal(new Share(1, 20), results.SideEffects.Single(r => r.Effect.StartsWith("BP 165/100 mmHg", StringComparison.Ordinal)).Patients);
    }

    [Fact]
    public void Missed_check_ins_are_a_ratio_whose_interval_knows_the_patients()
    {
        // Ten patients miss all of ten, ten none: 50 %, and as unsure as twenty answers rather than two hundred.
        CohortCourse With(int missed) => Courses.Of(20, (1, 4)) with { CheckIns = new Dictionary<CheckInReason, CheckInCount> { [CheckInReason.AfterInfusions] = new(10, missed, 0) } };
        var all = Count([.. Enumerable.Range(0, 20).Select(i => With(i < 10 ? 10 : 0)), Courses.Of(20)]).CheckIns[0];

        Assert.Equal(20, all.Patients);
        Assert.Equal(new CheckInCount(200, 100, 0), all.Count);
        Assert.Equal(0.5, all.Missed!.Value.Estimate, 1e-12);
        // R: 0.5 + qt(0.975, 19) * sqrt(20/19 * sum((missed - 0.5 * 10)^2)) / 200
        Assert.Equal(0.7400863247, all.Missed.Value.High, 1e-9);
    }

    [Fact]
    public void Each_published_figure_is_a_row_of_the_evidence_library()
    {
        Assert.Contains(PublishedFigures.For("response"), f => Is(f.Value, "70.8 % (n = 24)") && f.Citation.Contains("Murrough", StringComparison.Ordinal) && Is(f.Status, "verified"));
        Assert.Equal("45 % (35 to 55) (n = 2665)", PublishedFigures.For("response")[^1].Value);
        Assert.Equal("median 18 days after the last infusion", PublishedFigures.For("relapse")[0].Value);
        Assert.Empty(PublishedFigures.For("side effect: hiccups"));
    }
}
