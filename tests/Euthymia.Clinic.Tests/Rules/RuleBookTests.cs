using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic.Tests.Rules;

public sealed class RuleBookTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_rule_is_evaluated_or_says_why_not()
        => Assert.DoesNotContain(RuleBook.All, rule => rule.Basis != RuleBasis.Data && string.IsNullOrWhiteSpace(rule.Reason));

    [Fact]
    public void Every_stage_of_the_book_has_rules()
    {
        Assert.Equal(16, RuleBook.Stages.Count);
        Assert.All(RuleBook.Stages, stage => Assert.NotEmpty(RuleBook.OfStage(stage)));
        Assert.Equal(RuleBook.All.Count(), RuleBook.Stages.Sum(stage => RuleBook.OfStage(stage).Count()));
    }

    [Fact]
    public void Every_rule_carries_source_status_and_version()
        => Assert.All(RuleBook.All, rule =>
        {
            Assert.False(string.IsNullOrWhiteSpace(rule.Source), rule.Id);
            Assert.True(Enum.IsDefined(rule.Status), rule.Id);
            Assert.True(rule.Version >= 1, rule.Id);
        });

    [Fact]
    public void An_alarm_at_the_chair_has_a_priority_and_a_stop_there_is_loud()
    {
        var evaluated = RuleBook.OfStage("in_session").Where(rule => rule.Basis == RuleBasis.Data).ToList();

        Assert.All(evaluated, rule => Assert.NotNull(rule.Priority));
        Assert.All(evaluated.Where(rule => rule.Severity == Severity.Stop), rule => Assert.True(rule.Priority >= AlarmPriority.Medium, rule.Id));
    }

    [Fact]
    public void An_unknown_rule_is_never_taken_as_passed()
        => Assert.Throws<KeyNotFoundException>(() => RuleBook.Get("PRE-99"));

    [Fact]
    public void An_assumed_rule_informs_until_the_medical_director_signs_it()
    {
        var facts = new PreSessionFacts { SuicideScreenSinceLastVisit = false };
        var unsigned = PreSession.Evaluate(facts, RuleSettings.Shipped, Now)["PRE-17"];
        var signed = PreSession.Evaluate(facts, RuleSettings.Shipped.Sign("PRE-17", "Dr Example", Now), Now)["PRE-17"];

        Assert.Equal((RuleOutcome.Fired, Severity.Information, false), (unsigned.Outcome, unsigned.Severity, unsigned.Stops));
        Assert.Contains("has not signed", unsigned.Message, StringComparison.Ordinal);
        Assert.Equal((RuleOutcome.Fired, Severity.Stop, true), (signed.Outcome, signed.Severity, signed.Stops));
    }

    [Fact]
    public void An_absolute_stop_acts_unsigned_and_nobody_overrides_it()
    {
        var result = Dosing.Evaluate(new DosingFacts { Weight = 400 }, RuleSettings.Shipped, Now)["DOS-17"];

        Assert.True(result.Stops);
        Assert.False(result.MayBeOverridden);
    }

    [Fact]
    public void A_stop_that_could_not_be_assessed_still_stops()
    {
        var result = PreSession.Evaluate(new PreSessionFacts(), RuleSettings.Shipped, Now)["PRE-09"];

        Assert.Equal(RuleOutcome.NotAssessed, result.Outcome);
        Assert.True(result.Stops);
        Assert.True(result.MayBeOverridden);
    }

    [Fact]
    public void A_result_shows_what_was_seen_the_limit_and_the_basis_of_its_options()
    {
        var result = PreSession.Evaluate(new PreSessionFacts { Systolic = 152, Diastolic = 84 }, RuleSettings.Shipped, Now)["PRE-03"];

        Assert.Equal("The resting blood pressure is above the recheck limit. Seen: systolic 152, diastolic 84. Limits: systolic 140 mmHg, diastolic 90 mmHg.", result.Message);
        Assert.All(result.Options, option => Assert.EndsWith("(verified)", option.Basis, StringComparison.Ordinal));
        Assert.NotEmpty(result.Options);
    }

    [Fact]
    public void A_missing_input_is_named_in_the_message()
        => Assert.Contains("weight measured at not assessed", PreSession.Evaluate(new PreSessionFacts(), RuleSettings.Shipped, Now)["PRE-02a"].Message, StringComparison.Ordinal);

    [Fact]
    public void A_changed_threshold_judges_and_marks_the_version()
    {
        var facts = new PreSessionFacts { Systolic = 150, Diastolic = 84 };
        var changed = RuleSettings.Shipped.Change("PRE-03", "systolic", 150);

        Assert.Equal((RuleOutcome.Fired, "1"), Judged(RuleSettings.Shipped));
        Assert.Equal((RuleOutcome.Clear, "1+1"), Judged(changed));

        (RuleOutcome Outcome, string Version) Judged(RuleSettings settings)
        {
            var result = PreSession.Evaluate(facts, settings, Now)["PRE-03"];
            return (result.Outcome, result.Version);
        }
    }

    [Theory]
    [InlineData("PRE-99", "systolic", 150, "rule.unknown")]
    [InlineData("PRE-03", "pulse", 150, "rule.parameter_unknown")]
    [InlineData("PRE-03", "systolic", 161, "rule.parameter_range")]
    [InlineData("PRE-03", "systolic", 129, "rule.parameter_range")]
    public void A_clinic_changes_only_known_thresholds_inside_their_range(string ruleId, string parameter, int value, string code)
        => Assert.Equal(code, Assert.Throws<RuleSettingException>(() => RuleSettings.Shipped.Change(ruleId, parameter, value)).Code);

    [Fact]
    public void A_signature_needs_a_name()
        => Assert.Equal("rule.signature_name", Assert.Throws<RuleSettingException>(() => RuleSettings.Shipped.Sign("PRE-17", " ", Now)).Code);
}
