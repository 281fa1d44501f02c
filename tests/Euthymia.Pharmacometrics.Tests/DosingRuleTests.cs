using Euthymia.Pharmacometrics.DosingRules;

namespace Euthymia.Pharmacometrics.Tests;

public sealed class DosingRuleTests
{
    private static readonly RegimenOrder Course = RegimenText.Parse("0.5 mg/kg over 40 min on days 0,3,7,10");

    [Theory]
    [InlineData("if MADRS at day 14 > 0.5 baseline then extend 2", RuleComparison.Above, 0.5, true, RuleAction.Extend, 2, null)]
    [InlineData("If madrs on day 7 <= 10 then stop", RuleComparison.AtMost, 10, false, RuleAction.Stop, 0, null)]
    [InlineData("if MADRS at day 3.5 < 0.25 x baseline then skip 1", RuleComparison.Below, 0.25, true, RuleAction.Skip, 1, null)]
    [InlineData("if MADRS at day 3 >= 30 then reduce 25%", RuleComparison.AtLeast, 30, false, RuleAction.Reduce, 25, null)]
    [InlineData("if MADRS at day 3 >= 30 then extend 3 every 7 days", RuleComparison.AtLeast, 30, false, RuleAction.Extend, 3, 7.0)]
    public void Rules_are_read(string text, RuleComparison comparison, double limit, bool ofBaseline, RuleAction action, double amount, double? every)
    {
        var rule = DosingRule.Parse(text);

        Assert.Equal((comparison, limit, ofBaseline, action, amount, every), (rule.Comparison, rule.Limit, rule.OfBaseline, rule.Action, rule.Amount, rule.EveryDays));
    }

    [Theory]
    [InlineData("", "rule-not-understood")]
    [InlineData("if PHQ9 at day 14 > 10 then stop", "rule-not-understood")]
    [InlineData("if MADRS at day 14 > 10 then double", "rule-not-understood")]
    [InlineData("if MADRS at day -1 > 10 then stop", "rule-not-understood")]
    [InlineData("if MADRS at day 14 > 10 then reduce 100%", "rule-amount")]
    [InlineData("if MADRS at day 14 > 10 then skip 0", "rule-amount")]
    [InlineData("if MADRS at day 14 > 10 then extend 101", "rule-amount")]
    [InlineData("if MADRS at day 14 > 10 then extend 2 every 0 days", "rule-day")]
    [InlineData("if MADRS at day 9999 > 10 then stop", "rule-day")]
    public void What_is_no_rule_is_refused(string text, string code)
    {
        var error = Assert.Throws<InvalidInputException>(() => DosingRule.Parse(text));
        Assert.Equal((code, "rule"), (error.Code, error.Field));
    }

    [Theory]
    [InlineData("skip 1", "0,3,10")]
    [InlineData("skip 9", "0,3")]
    [InlineData("stop", "0,3")]
    [InlineData("extend 2", "0,3,7,10,13,16")]
    [InlineData("extend 2 every 7 days", "0,3,7,10,17,24")]
    public void Sessions_at_or_after_the_observation_are_those_still_to_come(string action, string days)
        => Assert.Equal(days, string.Join(',', Applied($"if MADRS at day 7 > 0 then {action}").Select(session => session.StartHours / 24)));

    [Fact]
    public void A_reduction_lowers_what_is_to_come_and_reductions_multiply()
    {
        var sessions = Applied("if MADRS at day 7 > 0 then reduce 20%");
        DosingRule.Parse("if MADRS at day 8 > 0 then reduce 50%").Apply(sessions);

        Assert.Equal([1, 1, 0.8, 0.4], sessions.Select(session => session.DoseFraction));
    }

    [Fact]
    public void An_extension_after_the_end_starts_when_it_is_decided()
        => Assert.Equal([0, 3, 7, 10, 20, 23], Applied("if MADRS at day 20 > 0 then extend 2").Select(session => session.StartHours / 24));

    [Fact]
    public void An_extension_of_a_single_session_needs_an_interval()
        => Assert.Equal("rule-interval", Assert.Throws<InvalidInputException>(
            () => DosingRule.Parse("if MADRS at day 1 > 0 then extend 1").Apply([new PlannedSession(0, 0, 1)])).Code);

    [Fact]
    public void A_rule_that_always_holds_is_the_regimen_that_it_makes()
    {
        var ruled = Simulate(Course, "if MADRS at day 7 >= 0 then stop", "if MADRS at day 8 >= 0 then extend 5");
        var planned = Simulate(RegimenText.Parse("0.5 mg/kg over 40 min on days 0,3"));

        Assert.Equal(planned.Select(patient => (patient.Sessions, patient.Dose, patient.Score)), ruled.Select(patient => (patient.Sessions, patient.Dose, patient.Score)));
        Assert.All(ruled, patient => Assert.Equal([true, false], patient.Applied));
    }

    [Fact]
    public void A_rule_applies_to_those_whose_observed_score_it_names()
    {
        // On day 7 the score is seen before that day's session, so it is the same whatever the rule does.
        var seen = RuledCourse.Simulate(Course, [], Population.Adults, 200, 1, 7).Select(patient => (patient.Baseline, patient.Score)).ToArray();
        var ruled = Simulate(Course, "if MADRS at day 7 > 0.5 baseline then extend 2");

        Assert.Equal(seen.Select(pair => pair.Score > 0.5 * pair.Baseline), ruled.Select(patient => patient.Applied[0]));
        Assert.All(ruled, patient => Assert.Equal(patient.Applied[0] ? 6 : 4, patient.Sessions));
        Assert.InRange(ruled.Count(patient => patient.Applied[0]), 20, 180);
    }

    [Fact]
    public void More_sessions_help_and_a_patient_is_the_same_on_any_number_of_threads()
    {
        var planned = Simulate(Course);
        var extended = Simulate(Course, "if MADRS at day 10 >= 0 then extend 4");
        var one = RuledCourse.Simulate(Course, [], Population.Adults, 200, 1, 28, new SimulationControl(1));

        Assert.True(extended.Average(patient => patient.Score) < planned.Average(patient => patient.Score));
        Assert.Equal(one.Select(patient => patient.Score), planned.Select(patient => patient.Score));
    }

    [Theory]
    [InlineData("0.5 mg/kg IM on days 0,3", 28, "rule-route")]
    [InlineData("0.5 mg/kg over 40 min", 3, "evaluation-day")]
    [InlineData("0.5 mg/kg over 40 min", double.NaN, "evaluation-day")]
    public void What_cannot_be_simulated_is_refused(string regimen, double day, string code)
        => Assert.Equal(code, Assert.Throws<InvalidInputException>(() => RuledCourse.Simulate(
            RegimenText.Parse(regimen), [DosingRule.Parse("if MADRS at day 7 > 10 then stop")], Population.Adults, 1, 1, day)).Code);

    private static List<PlannedSession> Applied(string rule)
    {
        List<PlannedSession> sessions = [new(0, 0, 1), new(72, 0, 1), new(168, 0, 1), new(240, 0, 1)];
        DosingRule.Parse(rule).Apply(sessions);
        return sessions;
    }

    private static IReadOnlyList<RuledPatient> Simulate(RegimenOrder order, params string[] rules)
        => RuledCourse.Simulate(order, [.. rules.Select(DosingRule.Parse)], Population.Adults, 200, 1, 28);
}
