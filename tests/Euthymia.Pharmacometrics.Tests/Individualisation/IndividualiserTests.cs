using Euthymia.Pharmacometrics.Individualisation;

namespace Euthymia.Pharmacometrics.Tests.Individualisation;

public sealed class IndividualiserTests
{
    private static readonly PatientObservation Baseline = new(-2, ObservedKind.Score, 34, "MADRS");

    [Fact]
    public void Without_observations_the_estimate_is_the_population_and_says_so()
    {
        var estimate = Estimate([]);

        Assert.All(estimate.Effects, effect => Assert.Equal(0, effect.Deviate, 1e-6));
        Assert.All(estimate.Effects, effect => Assert.Equal(1, effect.StandardError, 1e-3));
        Assert.Contains("population only", estimate.Basis, StringComparison.Ordinal);
        Assert.Contains(estimate.Effects, effect => string.Equals(effect.Effect.Name, "baseline", StringComparison.Ordinal));
    }

    [Fact]
    public void A_responder_is_found_sensitive_and_a_non_responder_not()
    {
        PatientObservation[] Course(params double[] scores) => [Baseline, .. scores.Select((score, i) => new PatientObservation(24 + 48 * i, ObservedKind.Score, score, "MADRS"))];

        var responder = Estimate(Course(14, 9, 7), 0, 48, 96);
        var other = Estimate(Course(33, 32, 34), 0, 48, 96);

        Assert.True(Of(responder, "sensitivity").Posterior.Median > 2 * Of(other, "sensitivity").Posterior.Median);
        Assert.True(Of(responder, "sensitivity").StandardError < 1);
        var now = 120.0;
        var forecasts = new[] { responder, other }.Select(estimate => IndividualForecast.Of(estimate, now, [], 14, cancellation: TestContext.Current.CancellationToken)).ToArray();
        Assert.True(forecasts[0].Response[0] > 0.8, $"{forecasts[0].Response[0]}");
        Assert.True(forecasts[1].Response[0] < 0.15, $"{forecasts[1].Response[0]}");
    }

    [Fact]
    public void Concentrations_twice_the_typical_find_slow_kinetics()
    {
        var typical = TypicalPatient.Concentrations(DrugModels.Default, RegimenText.Parse("35 mg over 40 min"), new Kilograms(70), [1, 2, 4, 6])["arterial"];
        var estimate = Estimate([.. new[] { 1.0, 2, 4, 6 }.Select((time, i) => new PatientObservation(time, ObservedKind.Plasma, 2 * typical[i], "arterial"))], 0);

        Assert.True(Of(estimate, "eta_CL").Estimate < 0.8);
        Assert.True(Of(estimate, "eta_CL").Posterior.High < 1.05);
        Assert.All(estimate.Observations, observation => Assert.True(observation.IsExplained));
    }

    [Fact]
    public void Below_the_limit_is_information_of_its_own()
    {
        PatientObservation[] sampled = [new(1, ObservedKind.Plasma, 60, "arterial")];
        var without = Estimate(sampled, 0);
        var with = Estimate([.. sampled, new(3, ObservedKind.Plasma, 8, "arterial", BelowLimit: true)], 0);

        Assert.True(Of(with, "eta_CL").Estimate > Of(without, "eta_CL").Estimate + 0.05);
    }

    [Fact]
    public void An_observation_that_cannot_be_explained_is_set_aside_with_its_residual_and_the_unit_it_may_be_in()
    {
        PatientObservation[] sound = [new(1, ObservedKind.Plasma, 90, "arterial"), new(2, ObservedKind.Plasma, 55, "arterial"), new(4, ObservedKind.Plasma, 28, "arterial")];
        var clean = Estimate(sound, 0);
        var spoiled = Estimate([.. sound, new(3, ObservedKind.Plasma, 0.04, "arterial")], 0);

        var aside = Assert.Single(spoiled.Observations, observation => !observation.IsExplained);
        Assert.Equal(0.04, aside.Observation.Value);
        Assert.True(aside.StandardisedResidual < -3.5);
        Assert.Contains("another unit", aside.Remark, StringComparison.Ordinal);
        Assert.Equal(Of(clean, "eta_CL").Estimate, Of(spoiled, "eta_CL").Estimate, 1e-3);
        Assert.Contains("1 observations set aside", spoiled.Basis, StringComparison.Ordinal);
    }

    [Fact]
    public void A_hundred_observations_at_one_time_count_as_one_and_are_noted()
    {
        var once = Estimate([Baseline, new(24, ObservedKind.Score, 20, "MADRS")], 0);
        var often = Estimate([Baseline, .. Enumerable.Repeat(new PatientObservation(24, ObservedKind.Score, 20, "MADRS"), 100)], 0);

        Assert.Equal(once.Objective, often.Objective, 1e-9);
        Assert.Contains(often.Notes, note => note.StartsWith("100 readings of MADRS", StringComparison.Ordinal));
    }

    [Fact]
    public void Times_before_the_first_dose_make_the_baseline_or_are_told_to_be_unusable()
    {
        var estimate = Estimate([Baseline, new(-50 * 24, ObservedKind.Score, 20, "MADRS"), new(-1, ObservedKind.Plasma, 50, "arterial"), new(-0.5, ObservedKind.SystolicPressure, 150), new(-0.2, ObservedKind.Cadss, 2)], 0);

        Assert.Contains("baseline MADRS 34", estimate.Basis, StringComparison.Ordinal);
        Assert.Contains(estimate.Notes, note => note.Contains("before the first infusion", StringComparison.Ordinal));
        Assert.Contains(estimate.Notes, note => note.Contains("more than thirty days before", StringComparison.Ordinal));
        Assert.True(Of(estimate, "systolic_baseline").Estimate > 140);
    }

    [Fact]
    public void Five_hundred_infusions_over_ten_years_are_estimated()
    {
        double[] starts = [.. Enumerable.Range(0, 500).Select(i => i * 7.3 * 24)];
        PatientObservation[] observations =
        [
            Baseline,
            .. starts.Where((_, i) => i % 5 == 4).Select(start => new PatientObservation(start + 72, ObservedKind.Score, 16, "MADRS")),
            .. starts.Where((_, i) => i % 10 == 0).Select(start => new PatientObservation(start + 0.7, ObservedKind.SystolicPressure, 141)),
        ];

        var estimate = Individualiser.Estimate(SimulatedPatient.Record70(observations, starts), options: new IndividualOptions(Draws: 200, Starts: 2), cancellation: TestContext.Current.CancellationToken);

        Assert.True(estimate.Converged);
        Assert.Contains(estimate.Notes, note => note.Contains("last 12 of 50 infusions", StringComparison.Ordinal));
        Assert.Equal(16, IndividualForecast.Of(estimate, starts[^1] + 72, [], 7, cancellation: TestContext.Current.CancellationToken).Score.Median[0], 3.0);
    }

    [Theory]
    [InlineData(ObservedKind.Score, 61, "MADRS", "value-out-of-range")]
    [InlineData(ObservedKind.Score, 28, "PHQ-9", "value-out-of-range")]
    [InlineData(ObservedKind.Score, 10, "CGI", "scale-unknown")]
    [InlineData(ObservedKind.Plasma, -1, "arterial", "value-out-of-range")]
    [InlineData(ObservedKind.Plasma, 0, "arterial", "concentration-zero")]
    [InlineData(ObservedKind.Plasma, 180_000, "arterial", "value-out-of-range")]
    [InlineData(ObservedKind.Plasma, double.NaN, "arterial", "value-out-of-range")]
    [InlineData(ObservedKind.DissociationLevel, 2.5, null, "value-out-of-range")]
    [InlineData(ObservedKind.SystolicPressure, 14, null, "value-out-of-range")]
    public void What_cannot_be_right_is_refused_by_name(ObservedKind kind, double value, string? measure, string code)
    {
        var error = Assert.Throws<InvalidInputException>(() => Estimate([new(1, kind, value, measure)], 0));

        Assert.Equal(code, error.Code);
        Assert.Equal("observations", error.Field);
    }

    [Fact]
    public void Contradictory_pressures_and_impossible_times_are_refused()
    {
        Assert.Equal("pressures-contradict", Assert.Throws<InvalidInputException>(() => Estimate([new(1, ObservedKind.SystolicPressure, 80), new(1, ObservedKind.DiastolicPressure, 120)], 0)).Code);
        Assert.Equal("time-out-of-range", Assert.Throws<InvalidInputException>(() => Estimate([new(double.NaN, ObservedKind.Cadss, 3)], 0)).Code);
        Assert.Equal("time-out-of-range", Assert.Throws<InvalidInputException>(() => Estimate([new(1e9, ObservedKind.Cadss, 3)], 0)).Code);
    }

    [Fact]
    public void The_same_data_give_the_same_draws_on_any_number_of_threads()
    {
        PatientObservation[] data = [Baseline, new(24, ObservedKind.Score, 20, "MADRS"), new(0.7, ObservedKind.Cadss, 12)];

        var one = Individualiser.Estimate(SimulatedPatient.Record70(data, 0), options: new IndividualOptions(Threads: 1), cancellation: TestContext.Current.CancellationToken);
        var four = Individualiser.Estimate(SimulatedPatient.Record70(data, 0), options: new IndividualOptions(Threads: 4), cancellation: TestContext.Current.CancellationToken);

        for (var draw = 0; draw < one.Posterior.Count; draw++)
            Assert.True(one.Posterior[draw].SequenceEqual(four.Posterior[draw]));
    }

    [Fact]
    public void Outside_the_models_range_there_is_a_warning_or_no_forecast()
    {
        var record = SimulatedPatient.Record70([Baseline], 0);
        var heavy = record with { Covariates = new Covariates(new Kilograms(190), 45) };
        var pregnant = record with { Circumstances = Circumstances.Pregnant };
        var young = record with { Covariates = new Covariates(new Kilograms(50), 15) };

        Assert.Contains(ModelRange.Of(heavy), finding => finding.Code is "weight-outside" && !finding.WithholdsNumbers);
        Assert.Empty(ModelRange.Of(record));
        foreach (var withheld in new[] { pregnant, young })
        {
            var estimate = Individualiser.Estimate(withheld, cancellation: TestContext.Current.CancellationToken);
            Assert.Equal("outside-model-range", Assert.Throws<InvalidInputException>(() => IndividualForecast.Of(estimate, 24, [], cancellation: TestContext.Current.CancellationToken)).Code);
        }
    }

    [Fact]
    public void The_forecast_of_an_infusion_and_of_the_weeks_holds_together()
    {
        var estimate = Estimate([Baseline, new(24, ObservedKind.Score, 12, "MADRS"), new(-0.5, ObservedKind.SystolicPressure, 130), new(0.67, ObservedKind.SystolicPressure, 150)], 0);

        var forecast = IndividualForecast.Of(estimate, 48, [SimulatedPatient.Infusion(48, 35)], 56, cancellation: TestContext.Current.CancellationToken);

        var infusion = forecast.Infusion!;
        var peak = Array.IndexOf(infusion.Systolic.Median, infusion.Systolic.Median.Max());
        Assert.InRange(infusion.HoursFromStart[peak], 0.6, 1.0);
        Assert.InRange(infusion.Systolic.Median[0], 124, 136);
        Assert.True(infusion.Systolic.Median[peak] > infusion.Systolic.Median[0] + 8);
        Assert.All(Enumerable.Range(0, infusion.HoursFromStart.Length), i => Assert.True(infusion.Cadss.Low[i] <= infusion.Cadss.Median[i] && infusion.Cadss.Median[i] <= infusion.Cadss.High[i]));
        Assert.True(forecast.Score.Median[1] < forecast.Score.Median[56]);
        Assert.True(forecast.Response[1] > forecast.Response[56]);
        Assert.Equal(forecast.Relapse.ByDay.Order(), forecast.Relapse.ByDay);
        Assert.InRange(forecast.Relapse.ByDay[56], forecast.Relapse.ByDay[7], 1);
        Assert.True(forecast.Relapse.Day!.Low <= forecast.Relapse.Day.Median);
        Assert.Equal("planned-in-past", Assert.Throws<InvalidInputException>(() => IndividualForecast.Of(estimate, 72, [SimulatedPatient.Infusion(48, 35)], cancellation: TestContext.Current.CancellationToken)).Code);
        Assert.Equal("now-out-of-range", Assert.Throws<InvalidInputException>(() => IndividualForecast.Of(estimate, 0.1, [], cancellation: TestContext.Current.CancellationToken)).Code);
    }

    private static IndividualEstimate Estimate(PatientObservation[] observations, params double[] startHours)
        => Individualiser.Estimate(SimulatedPatient.Record70(observations, startHours), cancellation: TestContext.Current.CancellationToken);

    private static EffectEstimate Of(IndividualEstimate estimate, string name) => estimate.Effects.Single(effect => string.Equals(effect.Effect.Name, name, StringComparison.Ordinal));
}
