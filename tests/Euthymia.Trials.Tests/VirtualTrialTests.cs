using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Agreement;
using Euthymia.Trials.Evidence;
using Euthymia.Trials.VirtualTrials;

namespace Euthymia.Trials.Tests;

public sealed class VirtualTrialTests
{
    private static readonly ResponseParameters Parameters = ResponseParameters.Default;
    private static readonly EvidenceLibrary Library = EvidenceReader.ReadBuiltIn();

    [Theory]
    [InlineData("ketamine racemic", "0.5", "40", "IV", "0;2;4", KetamineForm.Racemic, true, 0.5, 3)]
    [InlineData("esketamine", "56/84 mg flexible", "", "IN", "2x/week x4 wk", KetamineForm.Esketamine, false, 70, 8)]
    [InlineData("esketamine", "0.4", "40", "IV", "0;3", KetamineForm.Esketamine, true, 0.4, 2)]
    [InlineData("ketamine racemic", "0.5-0.75", "40", "IV", "4 infusions in 1-2 weeks", KetamineForm.Racemic, true, 0.625, 4)]
    [InlineData("R-ketamine", "0.5 mg/kg", "40", "IV", "0", KetamineForm.Arketamine, true, 0.5, 1)]
    [InlineData("ketamine", "0.5", "", "SC", "3x/week for 2 weeks", KetamineForm.Racemic, true, 0.5, 6)]
    public void An_arm_is_read_as_published(string drug, string dose, string minutes, string route, string schedule, KetamineForm form, bool perKilogram, double amount, int sessions)
    {
        var read = Read(drug, dose, minutes, route, schedule);

        Assert.Equal(form, read.Design!.Dose!.Form);
        Assert.Equal(perKilogram, read.Design.Dose.PerKilogram);
        Assert.Equal(amount, read.Design.Dose.Amount + read.Design.Dose.Bolus, 1e-9);
        Assert.Equal(sessions, read.Design.SessionHours.Length);
    }

    [Theory]
    [InlineData("saline", "IV", Expectancy.InertControl)]
    [InlineData("midazolam", "IV", Expectancy.Psychoactive)]
    [InlineData("placebo", "IN", Expectancy.PlaceboSpray)]
    public void A_control_has_the_expectancy_of_what_it_feels_like(string drug, string route, Expectancy expectancy)
        => Assert.Equal(expectancy, Read(drug, "", "40", route, "0").Design!.Expectancy);

    [Theory]
    [InlineData("ECT", "", "0", "'ECT' is not modelled: only ketamine and its blinded controls are")]
    [InlineData("ECT with ketamine anaesthesia", "0.5", "0", "'ECT with ketamine anaesthesia' is not modelled: only ketamine and its blinded controls are")]
    [InlineData("ketamine", "some", "0", "the dose 'some' is not understood")]
    [InlineData("ketamine", "0.5", "as needed", "the schedule 'as needed' has no fixed days")]
    public void An_arm_that_cannot_be_simulated_says_why(string drug, string dose, string schedule, string reason)
        => Assert.Equal(reason, Read(drug, dose, "40", "IV", schedule).Reason);

    [Theory]
    [InlineData("MADRS", "change", 24.0, null)]
    [InlineData("response", "pct", 24.0, null)]
    [InlineData("response", "pct", null, "the publication gives no time")]
    [InlineData("SSI", "change", 24.0, "'SSI' is not modelled")]
    [InlineData("MADRS", "kurtosis", 24.0, "the statistic 'kurtosis' is not one that a virtual trial produces")]
    [InlineData("MADRS", "diff", 24.0, "'KET' does not name two arms of the trial")]
    [InlineData("AE:unheard-of", "pct", null, "no rate of 'unheard-of' is calibrated")]
    public void An_outcome_is_read_or_refused_with_a_reason(string measure, string statistic, double? hours, string? reason)
    {
        var outcome = new Outcome("T", "KET", measure, statistic, hours, -10, null, null, null, null, 20, "points", "VERIFIED", 2, null);

        Assert.Equal(reason, new TargetReader(Parameters).Read(outcome, SomeTrial(), ["KET", "SALINE"]).Reason);
    }

    [Fact]
    public void Every_outcome_of_the_library_is_predicted_or_listed_with_a_reason()
    {
        var trials = Library.Trials.Select(trial => VirtualTrial.Read(Library, trial, Parameters)).ToList();

        Assert.Equal(Library.Outcomes.Count, trials.Sum(trial => trial.Targets.Count + trial.NotPredicted.Count));
        Assert.All(trials.SelectMany(trial => trial.NotPredicted), item => Assert.NotEmpty(item.Reason));
        Assert.True(trials.Sum(trial => trial.Targets.Count) > 250);
    }

    [Fact]
    public void A_trial_is_simulated_the_same_alone_and_among_others()
    {
        var alone = TrialValidation.Run(Library, [Library.Trial("Murrough2013_RCT")], Parameters, 40, 7, cancel: TestContext.Current.CancellationToken);
        var among = TrialValidation.Run(Library, [Library.Trial("Daly2018"), Library.Trial("Murrough2013_RCT")], Parameters, 40, 7, cancel: TestContext.Current.CancellationToken);

        Assert.Equal(
            alone.Outcomes.Select(outcome => (outcome.Predicted, outcome.Low90, outcome.High90)),
            among.Outcomes.Where(outcome => outcome.Trial is "Murrough2013_RCT").Select(outcome => (outcome.Predicted, outcome.Low90, outcome.High90)));
    }

    [Fact]
    public void Another_seed_gives_other_trials()
        => Assert.NotEqual(
            TrialValidation.Run(Library, [Library.Trial("Murrough2013_RCT")], Parameters, 40, 7, cancel: TestContext.Current.CancellationToken).Outcomes[0].Predicted,
            TrialValidation.Run(Library, [Library.Trial("Murrough2013_RCT")], Parameters, 40, 8, cancel: TestContext.Current.CancellationToken).Outcomes[0].Predicted);

    [Fact]
    public void Each_calibration_trial_predicted_by_the_others_lies_inside_the_intervals_as_often_as_promised()
    {
        var trials = Library.Trials.Where(trial => Calibration.CalibrationUse.IsMood(trial.Id)).ToList();
        var mood = TrialValidation.Run(Library, trials, Parameters, 200, 1, Calibration.LeftOutParameters.Shipped, cancel: TestContext.Current.CancellationToken).Outcomes
            .Where(outcome => outcome.IsMood).ToList();

        Assert.Equal(trials.Select(trial => trial.Id), Calibration.LeftOutParameters.Shipped.Trials.Select(set => set.Trial), StringComparer.Ordinal);
        Assert.All(mood, outcome => Assert.True(outcome.LeftOut));
        var summary = AgreementSummary.Of(mood);
        Assert.InRange(summary.Coverage90, 0.85, 0.95);
        Assert.InRange(summary.RmsZ, 0.5, 1.25);
    }

    [Fact]
    public void The_calibration_trials_show_no_bias_by_time_exposure_or_comparator()
    {
        var trials = Library.Trials.Where(trial => Calibration.CalibrationUse.IsMood(trial.Id)).ToList();

        var groups = Bias.Of(TrialValidation.Run(Library, trials, Parameters, 200, 1, Calibration.LeftOutParameters.Shipped, cancel: TestContext.Current.CancellationToken).Outcomes, Parameters);

        Assert.Equal(["comparator", "exposure", "time"], groups.Select(group => group.Aspect).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.All(groups, group => Assert.True(Math.Abs(group.Mean) < group.HalfWidth95, $"{group.Aspect} {group.Group}: {group.Mean:0.00} of {group.TrialMeans.Count} trials"));
        Assert.All(groups, group => Assert.InRange(group.HalfWidth95!.Value, 0.1, 2.5));
    }

    [Fact]
    public void A_bias_that_is_there_is_seen()
    {
        var trials = Library.Trials.Where(trial => Calibration.CalibrationUse.IsMood(trial.Id)).ToList();
        var strong = Parameters.With(new Dictionary<string, double>(StringComparer.Ordinal) { ["drug_effect"] = 3 * Parameters["drug_effect"], ["expectancy_inert"] = 1.2 });

        var groups = Bias.Of(TrialValidation.Run(Library, trials, strong, 200, 1, cancel: TestContext.Current.CancellationToken).Outcomes, strong);

        Assert.Contains(groups, group => group is { Aspect: "comparator", Group: "saline" } && group.Mean > group.HalfWidth95);
        Assert.Contains(groups, group => group is { Aspect: "comparator", Group: "blinded ketamine" } && group.Mean > group.HalfWidth95);
    }

    [Fact]
    public void A_trial_left_out_is_predicted_by_parameters_that_did_not_see_it()
    {
        var small = Library with { Trials = [Library.Trial("Murrough2013_RCT"), Library.Trial("Lapidus2014")] };

        var sets = Calibration.LeftOutParameters.Run(small, Parameters, 1, cancel: TestContext.Current.CancellationToken);
        var alone = new Calibration.MoodCalibration(Library with { Trials = [Library.Trial("Lapidus2014")] }, Parameters, 1).Run(cancel: TestContext.Current.CancellationToken);
        Assert.Equal(alone.Correlated.Select(name => alone[name]), sets.Trials[0].Values);

        var read = Calibration.LeftOutParameters.Parse(sets.ToJson());
        var without = TrialValidation.Run(small, Parameters, 40, 1, read, cancel: TestContext.Current.CancellationToken);
        var with = TrialValidation.Run(small, Parameters, 40, 1, cancel: TestContext.Current.CancellationToken);

        Assert.All(without.Outcomes, outcome => Assert.Equal(outcome.IsMood, outcome.LeftOut));
        Assert.All(with.Outcomes, outcome => Assert.False(outcome.LeftOut));
        Assert.Equal(with.Outcomes.Select(outcome => outcome.Observed), without.Outcomes.Select(outcome => outcome.Observed));
        Assert.NotEqual(with.Outcomes.Select(outcome => outcome.Predicted), without.Outcomes.Select(outcome => outcome.Predicted));
        Assert.Equal("left-out-version", Assert.Throws<InvalidInputException>(() => sets.Without("Lapidus2014", Parameters with { Version = "other" })).Code);
        Assert.Null(sets.Without("Daly2018", Parameters));
    }

    [Fact]
    public void A_calibration_can_be_stopped()
    {
        using CancellationTokenSource stop = new();
        stop.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => Calibration.CalibrationRun.Run(Library, Parameters, "0", 1, cancel: stop.Token));
    }

    [Fact]
    public void A_pooled_result_of_few_patients_is_simulated_as_few_trials()
    {
        double Width(double patients)
        {
            var ratio = Library.OutcomesOf("Cochrane2021_MDD").First() with { N = patients };
            var one = Library with { Outcomes = [ratio] };
            var held = TrialValidation.Run(one, [one.Trial("Cochrane2021_MDD")], Parameters, 200, 1, cancel: TestContext.Current.CancellationToken).Outcomes.Single();
            return Math.Log(held.High90 / held.Low90);
        }

        Assert.True(Width(40) > 1.1 * Width(5000));
    }

    [Fact]
    public void Published_numbers_are_compared_within_their_rounding()
    {
        var report = TrialValidation.Run(Library, [Library.Trial("NIMH_MOA_IPD")], Parameters, 100, 1, cancel: TestContext.Current.CancellationToken);

        // No saline patient remitted, and none does in most simulated trials: zero is inside whatever the width.
        Assert.All(report.Outcomes.Where(outcome => outcome is { Arm: "SALINE", Outcome: "remission" }), outcome => Assert.True(outcome.Inside && double.IsFinite(outcome.Z)));
    }

    [Fact]
    public void Drawn_parameters_stay_within_what_they_can_be()
    {
        var draws = new ParameterDraws(Parameters, 3);

        foreach (var drawn in Enumerable.Range(0, 50).Select(draws.Draw))
        {
            Assert.All(drawn.Parameters, parameter => Assert.True(double.IsFinite(parameter.Value)));
            Assert.InRange(drawn["slow_fraction"], 0, 1);
            Assert.True(drawn["drug_effect"] > 0);
            Assert.Equal(0, drawn["benefit_tolerance"]);
        }
    }

    private static ReadArm Read(string drug, string dose, string minutes, string route, string schedule)
        => new ArmReader(Library, Parameters).Read(SomeTrial(), new Arm("T", "A", drug, dose, minutes, route, schedule, 20, 33, 5, null, "", null, null, "VERIFIED"));

    private static Trial SomeTrial() => new("T", "Someone 2030", "", "", "randomised double-blind single infusion", "TRD", "saline", "40", "", "MADRS", "VERIFIED", "");
}
