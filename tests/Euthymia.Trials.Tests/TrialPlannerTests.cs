using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Designs;

namespace Euthymia.Trials.Tests;

public sealed class TrialPlannerTests
{
    private static readonly TrialDesign Single = new("single", RegimenText.Parse("0.5 mg/kg over 40 min"), KetamineForm.Racemic, ControlKind.Midazolam, 40, 0, 24);

    [Fact]
    public void Power_grows_with_the_size_of_the_arms_and_the_needed_size_gives_it()
    {
        var forecast = TrialPlanner.Forecast(Single, ResponseParameters.Default, 0.7, 100, 1, cancel: TestContext.Current.CancellationToken);

        Assert.Equal(forecast.PowerByN.OrderBy(point => point.PerArm).Select(point => point.Power), forecast.PowerByN.Select(point => point.Power).Order());
        Assert.InRange(forecast.Power, 0.05, 1);
        Assert.NotNull(forecast.NeededPerArm);
        Assert.True(TrialPlanner.Forecast(Single with { PerArm = forecast.NeededPerArm.Value }, ResponseParameters.Default, 0.7, 100, 1, cancel: TestContext.Current.CancellationToken).Power >= 0.7);
    }

    [Fact]
    public void Saline_is_easier_to_beat_than_midazolam()
        => Assert.True(
            TrialPlanner.Forecast(Single with { Control = ControlKind.Saline }, ResponseParameters.Default, 0.8, 100, 1, cancel: TestContext.Current.CancellationToken).Power
            > TrialPlanner.Forecast(Single, ResponseParameters.Default, 0.8, 100, 1, cancel: TestContext.Current.CancellationToken).Power);

    [Fact]
    public void Drop_out_costs_power()
        => Assert.True(
            TrialPlanner.Forecast(Single with { DropOut = 0.4 }, ResponseParameters.Default, 0.8, 100, 1, cancel: TestContext.Current.CancellationToken).Power
            < TrialPlanner.Forecast(Single, ResponseParameters.Default, 0.8, 100, 1, cancel: TestContext.Current.CancellationToken).Power);

    [Fact]
    public void A_new_antidepressant_in_both_arms_lets_the_control_group_respond_more()
    {
        var weeks = Single with { PrimaryHours = 672 };

        Assert.True(
            TrialPlanner.Forecast(weeks with { NewAntidepressant = true }, ResponseParameters.Default, 0.8, 60, 1, cancel: TestContext.Current.CancellationToken).ResponseControl.Median
            > TrialPlanner.Forecast(weeks, ResponseParameters.Default, 0.8, 60, 1, cancel: TestContext.Current.CancellationToken).ResponseControl.Median + 5);
    }

    [Theory]
    [InlineData(1, 0.1, 24, "n")]
    [InlineData(40, 1, 24, "drop-out")]
    [InlineData(40, 0.1, 0, "at-hours")]
    public void An_impossible_design_is_refused_by_field(int n, double dropOut, double hours, string field)
        => Assert.Equal(field, Assert.Throws<InvalidInputException>(() => (Single with { PerArm = n, DropOut = dropOut, PrimaryHours = hours }).Checked()).Field);
}
