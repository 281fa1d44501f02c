using Euthymia.Pharmacometrics.Individualisation;
using Euthymia.Pharmacometrics.Planning;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Pharmacometrics.Tests.Individualisation;

namespace Euthymia.Pharmacometrics.Tests.Planning;

public sealed class PlannerTests
{
    private static readonly PlanConstraints Loose = new(MostSystolicProbability: 1, MostCadssProbability: 1);

    [Fact]
    public void More_drug_gives_more_benefit_and_more_risk()
    {
        var plan = Compare(RegimenOption.Grid([new(0.2m), new(0.5m), new(1m)], [40], [2], [6]), constraints: Loose);

        for (var i = 1; i < 3; i++)
        {
            Assert.True(plan.Regimens[i].Response > plan.Regimens[i - 1].Response);
            Assert.True(plan.Regimens[i].ScoreArea < plan.Regimens[i - 1].ScoreArea);
            Assert.True(plan.Regimens[i].CadssRisk >= plan.Regimens[i - 1].CadssRisk);
            Assert.True(plan.Regimens[i].Cmax.Median > plan.Regimens[i - 1].Cmax.Median * 1.9);
        }

        Assert.Equal(70 * 0.5m * 6, plan.Regimens[1].TotalDose.Value);
        Assert.Equal(4, plan.Regimens[1].VisitsPerWeek);
        Assert.All(plan.Regimens, regimen => Assert.True(regimen.IsEfficient));
        Assert.Equal(plan.Efficient.OrderByDescending(regimen => regimen.Response), plan.Efficient);
    }

    [Fact]
    public void A_longer_infusion_lowers_the_peak_and_its_risks()
    {
        var plan = Compare(RegimenOption.Grid([new(0.75m)], [40, 120], [2], [6]), constraints: Loose);

        Assert.True(plan.Regimens[1].Cmax.Median < plan.Regimens[0].Cmax.Median);
        Assert.True(plan.Regimens[1].CadssRisk < plan.Regimens[0].CadssRisk);
    }

    [Fact]
    public void A_regimen_that_breaks_a_constraint_is_named_and_not_efficient()
    {
        var plan = Compare(
            RegimenOption.Grid([new(0.2m), new(1.2m)], [40], [1], [6]),
            constraints: new PlanConstraints(180, 0.1, 30, 0.05, MostCmax: 300, MostTotalDose: new Milligrams(400), MostVisitsPerWeek: 3));

        Assert.False(plan.Regimens[1].IsEfficient);
        Assert.Contains(plan.Regimens[1].Broken, reason => reason.Contains("CADSS above 30", StringComparison.Ordinal));
        Assert.Contains(plan.Regimens[1].Broken, reason => reason.Contains("Cmax", StringComparison.Ordinal));
        Assert.Contains(plan.Regimens[1].Broken, reason => reason.Contains("total dose", StringComparison.Ordinal));
        Assert.Contains(plan.Regimens[1].Broken, reason => reason.Contains("6 visits in a week", StringComparison.Ordinal));
        Assert.Empty(plan.Efficient);
        Assert.Contains("Every regimen breaks a constraint", Assert.Single(plan.WhatWouldChange), StringComparison.Ordinal);
    }

    [Fact]
    public void A_dominated_regimen_is_not_efficient()
    {
        // One infusion more, but after the day that counts: no better, and a visit dearer.
        var four = RegimenOption.Infusions(new(0.5m), 40, 1, 4);
        var five = four with { Name = "one more, too late to count", StartDays = [0, 1, 2, 3, 10] };

        var plan = Planner.Compare(Estimate(), new PlanRequest([four, five], 1, 14, PlanObjective.ResponseAtDay, 5, Loose), null, TestContext.Current.CancellationToken);

        Assert.Equal(plan.Regimens[0].Response, plan.Regimens[1].Response);
        Assert.True(plan.Regimens[0].IsEfficient);
        Assert.False(plan.Regimens[1].IsEfficient);
        Assert.Same(four, Assert.Single(plan.Efficient).Option);
    }

    [Fact]
    public void Common_random_numbers_make_equal_regimens_equal_and_threads_do_not_matter()
    {
        var option = RegimenOption.Infusions(new(0.5m), 40, 2, 4);
        var estimate = Estimate();
        var request = new PlanRequest([option, option with { Name = "again" }], 1, 14);

        var one = Planner.Compare(estimate, request, 1, TestContext.Current.CancellationToken);
        var four = Planner.Compare(estimate, request, 4, TestContext.Current.CancellationToken);

        Assert.Equal(one.Regimens[0].Response, one.Regimens[1].Response);
        Assert.Equal(one.Regimens[0].SystolicRisk, one.Regimens[1].SystolicRisk);
        Assert.Equal(one.Regimens[0].Score.Median, four.Regimens[1].Score.Median);
        Assert.Equal(one.Regimens[0].DaysInRemission, four.Regimens[0].DaysInRemission);
    }

    [Fact]
    public void A_target_is_reached_held_and_never_passed_within_the_pump()
    {
        var estimate = Estimate();
        var target = new EffectSiteTarget(150, TimeSpan.FromMinutes(60), new MilligramsPerHour(120), TimeSpan.FromMinutes(2));
        var plan = Compare([new RegimenOption("hold 150", Route.IntravenousInfusion, target, [0])], constraints: Loose, estimate: estimate);

        var segments = plan.Regimens[0].Segments;
        Assert.All(segments, segment => Assert.InRange(segment.Rate, 0, 120));
        Assert.Equal(120, segments[0].Rate);
        var pattern = new SessionPattern(segments);
        var patient = new LanePatient(estimate.Context);
        patient.Set([.. estimate.Effects.SelectMany(effect => Enumerable.Repeat(effect.Deviate, IndividualModel.Lanes))]);
        double At(double minutes) => pattern.At(minutes / 60, patient.Kinetics, patient.Kinetics.Curves)[0];
        Assert.All(Enumerable.Range(1, 75), minute => Assert.True(At(minute) <= 150 * 1.005, $"{At(minute)} at {minute} min"));
        Assert.All(Enumerable.Range(25, 35), minute => Assert.InRange(At(minute), 150 * 0.98, 150 * 1.005));
    }

    [Fact]
    public void Steps_follow_one_another()
    {
        var plan = Compare([new RegimenOption("stepped", Route.IntravenousInfusion, new SteppedDose([(new(0.2m), TimeSpan.FromMinutes(10)), (new(0.3m), TimeSpan.FromMinutes(30))]), [0, 2])], constraints: Loose);

        Assert.Equal([(0, 1.0 / 6, 84), (1.0 / 6, 2.0 / 3, 42)], plan.Regimens[0].Segments.Select(segment => (segment.Start, segment.End, Math.Round(segment.Rate, 6))));
        Assert.Equal(70, plan.Regimens[0].TotalDose.Value);
    }

    [Fact]
    public void A_route_without_data_gets_words_and_no_numbers()
    {
        var constant = new ConstantDose(new(0.5m), null, TimeSpan.FromMinutes(1));
        var plan = Compare([new RegimenOption("oral", Route.Oral, constant, [0]), new RegimenOption("muscle", Route.Intramuscular, constant, [0]), RegimenOption.Infusions(new(0.5m), 40, 2, 1)], constraints: Loose);

        Assert.Contains("no data for oral", plan.Regimens[0].Withheld, StringComparison.Ordinal);
        Assert.True(double.IsNaN(plan.Regimens[0].Response));
        Assert.False(plan.Regimens[0].IsEfficient);
        Assert.Null(plan.Regimens[1].Withheld);
        Assert.Equal(35, plan.Regimens[1].TotalDose.Value);
        Assert.InRange(plan.Regimens[1].Response, 0.5 * plan.Regimens[2].Response, 1.2 * plan.Regimens[2].Response);
    }

    [Fact]
    public void Maintenance_trades_visits_against_relapse()
    {
        PatientObservation[] scores = [new(-1, ObservedKind.Score, 34, "MADRS"), new(120, ObservedKind.Score, 8, "MADRS"), new(250, ObservedKind.Score, 9, "MADRS")];
        var estimate = Individualiser.Estimate(SimulatedPatient.Record70(scores, 0, 48, 96, 168, 216), cancellation: TestContext.Current.CancellationToken);

        var maintenance = Maintenance.Of(estimate, 250, new ConstantDose(new(0.5m), null, TimeSpan.FromMinutes(40)), [7, 14, 28], cancellation: TestContext.Current.CancellationToken);

        Assert.True(maintenance.Responding > 0.5);
        Assert.Equal([11, 5, 2], maintenance.Intervals.Select(interval => interval.Visits));
        Assert.True(maintenance.Intervals[0].Relapse < maintenance.Intervals[2].Relapse);
        Assert.True(maintenance.Intervals[2].Relapse < maintenance.Without.Relapse);
        Assert.True(maintenance.Intervals[0].MeanScore < maintenance.Without.MeanScore);
    }

    [Fact]
    public void Report_days_agree_with_the_objective_of_that_day()
    {
        var request = new PlanRequest([RegimenOption.Infusions(new(0.5m), 40, 2, 4)], 1, ObjectiveDay: 14) { ReportDays = [14, 28] };
        var regimen = Planner.Compare(Estimate(), request, null, TestContext.Current.CancellationToken).Regimens[0];

        Assert.Equal([14, 28], regimen.OnDays.Select(day => day.Day));
        Assert.Equal((regimen.Response, regimen.Remission), (regimen.OnDays[0].Response, regimen.OnDays[0].Remission));
        Assert.NotEqual(regimen.OnDays[0].Response, regimen.OnDays[1].Response);
        Assert.Equal("report-day-out-of-range", Assert.Throws<InvalidInputException>(() => Planner.Compare(Estimate(), request with { ReportDays = [29] }, null, TestContext.Current.CancellationToken)).Code);
    }

    [Fact]
    public void A_forecast_on_the_clinics_scale_follows_its_crosswalk()
    {
        var estimate = Estimate();
        var madrs = ScaleForecast.Of(estimate, DepressionScale.Madrs, 1, [], [1, 200], cancellation: TestContext.Current.CancellationToken);
        var phq = ScaleForecast.Of(estimate, DepressionScale.Named("PHQ-9")!, 1, [], [1, 200], cancellation: TestContext.Current.CancellationToken);

        Assert.All(Enumerable.Range(0, 2), t => Assert.InRange(phq.Median[t] / madrs.Median[t], 0.5, 0.66));
        Assert.All(Enumerable.Range(0, 2), t => Assert.True(phq.Low[t] < phq.Median[t] && phq.Median[t] < phq.High[t]));
        Assert.Equal("hours-out-of-range", Assert.Throws<InvalidInputException>(() => ScaleForecast.Of(estimate, DepressionScale.Madrs, 10, [], [5], cancellation: TestContext.Current.CancellationToken)).Code);
    }

    [Fact]
    public void What_cannot_be_planned_is_refused_by_name()
    {
        RegimenOption[] sound = [RegimenOption.Infusions(new(0.5m), 40, 2, 4)];
        Refused("options-out-of-range", () => Compare([]));
        Refused("days-out-of-range", () => Compare(sound, days: 0));
        Refused("start-out-of-range", () => Compare(sound, days: 5));
        Refused("dose-not-positive", () => Compare([RegimenOption.Infusions(new(0m), 40, 2, 4)]));
        Refused("dose-ambiguous", () => Compare([new RegimenOption("both", Route.IntravenousInfusion, new ConstantDose(new(0.5m), new Milligrams(35), TimeSpan.FromMinutes(40)), [0])]));
        Refused("target-invalid", () => Compare([new RegimenOption("none", Route.IntravenousInfusion, new EffectSiteTarget(0, TimeSpan.FromMinutes(40), new(100), TimeSpan.FromMinutes(1)), [0])]));
        Refused("interval-out-of-range", () => Maintenance.Of(Estimate(), 1, new ConstantDose(new(0.5m), null, TimeSpan.FromMinutes(40)), [0.1]));

        static void Refused(string code, Func<object> plan) => Assert.Equal(code, Assert.Throws<InvalidInputException>(plan).Code);
    }

    private static IndividualEstimate Estimate()
        => Individualiser.Estimate(
            SimulatedPatient.Record70([new(-1, ObservedKind.Score, 34, "MADRS"), new(-0.5, ObservedKind.SystolicPressure, 128), new(0.67, ObservedKind.SystolicPressure, 140)], 0),
            options: new IndividualOptions(Draws: 600));

    private static Plan Compare(IReadOnlyList<RegimenOption> options, PlanConstraints? constraints = null, PlanObjective objective = PlanObjective.ResponseAtDay, int days = 28, IndividualEstimate? estimate = null)
        => Planner.Compare(estimate ?? Estimate(), new PlanRequest(options, 1, days, objective, null, constraints), null, TestContext.Current.CancellationToken);
}
