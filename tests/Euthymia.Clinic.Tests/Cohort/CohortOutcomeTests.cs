using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic.Tests.Cohort;

public sealed class CohortOutcomeTests
{
    [Theory]
    [InlineData(20, 11, false, false)]
    [InlineData(20, 10, true, false)]
    [InlineData(20, 5, true, false)]
    [InlineData(20, 4, true, true)]
    [InlineData(8, 4, true, true)]
    [InlineData(0, 4, null, true)]
    [InlineData(null, 4, null, true)]
    public void The_end_of_a_course_is_judged_below_at_and_above_the_cuts(int? baseline, int total, bool? response, bool? remission)
    {
        var outcome = CohortOutcome.Of(Courses.Of(baseline, (1, total)), RuleSettings.Shipped);

        Assert.Equal(response, outcome.IsResponse);
        Assert.Equal(remission, outcome.IsRemission);
    }

    [Theory]
    [InlineData(14.0, true)]
    [InlineData(14.01, false)]
    public void A_total_after_the_scales_own_window_does_not_judge_the_course(double day, bool isAssessed)
    {
        var outcome = CohortOutcome.Of(Courses.Of(20, (day, 4)), RuleSettings.Shipped);

        Assert.Equal(isAssessed, outcome.IsResponse is not null);
        Assert.Equal(isAssessed, outcome.End is not null);
    }

    [Fact]
    public void Without_a_total_or_before_its_end_a_course_is_not_assessed()
    {
        Assert.Equal(new CohortOutcome(null, null, null, null), CohortOutcome.Of(Courses.Of(20), RuleSettings.Shipped));
        Assert.Null(CohortOutcome.Of(Courses.Of(20, (1, 4)) with { IsOver = false }, RuleSettings.Shipped).IsResponse);
        Assert.Null(CohortOutcome.Of(Courses.Of(20, (1, 18), (20, 19)), RuleSettings.Shipped).Relapse);
    }

    // Best 4: the limit is 10, and 5 above the best is 9, so that 10 decides; best 8: 13 decides.
    [Theory]
    [InlineData(4, 9, 9, false, 22)]
    [InlineData(4, 10, 9, false, 22)]
    [InlineData(4, 9, 10, false, 22)]
    [InlineData(4, 10, 10, true, 15)]
    [InlineData(8, 12, 13, false, 22)]
    [InlineData(8, 13, 13, true, 15)]
    public void Relapse_needs_two_high_totals_and_counts_from_the_first(int best, int first, int second, bool isRelapse, double day)
    {
        var relapse = CohortOutcome.Of(Courses.Of(20, (1, best), (15, first), (22, second)), RuleSettings.Shipped).Relapse;

        Assert.Equal(isRelapse, relapse!.Value.Event);
        Assert.Equal(day, relapse.Value.Time, 1e-9);
    }

    [Theory]
    [InlineData(19.9, false)]
    [InlineData(20.0, true)]
    public void The_second_high_total_has_to_be_days_later(double second, bool isRelapse) =>
        Assert.Equal(isRelapse, CohortOutcome.Of(Courses.Of(20, (1, 4), (15, 14), (second, 14)), RuleSettings.Shipped).Relapse!.Value.Event);

    [Fact]
    public void A_good_total_between_two_high_ones_breaks_the_run() =>
        Assert.False(CohortOutcome.Of(Courses.Of(20, (1, 4), (15, 14), (22, 5), (29, 14)), RuleSettings.Shipped).Relapse!.Value.Event);
}
