using CsCheck;

namespace Euthymia.Pharmacometrics.Tests;

public sealed class TypicalPatientTests
{
    private static readonly DrugModel Model = DrugModels.Default;
    private static readonly Kilograms SeventyKilograms = new(70);
    private static readonly double[] Times = [0.1, 0.3, 0.5, 0.6666, 0.7, 1, 2, 4, 8, 24, 48, 72];

    [Theory]
    [InlineData(70, 0.2)]
    [InlineData(70, 0.6666)]
    [InlineData(70, 1.5)]
    [InlineData(70, 30)]
    [InlineData(52.5, 0.6666)]
    [InlineData(118, 3)]
    public void It_agrees_with_a_numerical_integration(double weight, double hours)
    {
        var order = RegimenText.Parse("0.5 mg/kg over 40 min on days 0,1");
        var rate = 0.75 * weight;
        const double stop = 2.0 / 3;
        var segments = hours <= stop
            ? [(hours, rate)]
            : hours <= 24
                ? new[] { (stop, rate), (hours - stop, 0.0) }
                : [(stop, rate), (24 - stop, 0.0), (stop, rate), (hours - 24 - stop, 0.0)];
        var (ketamine, norketamine) = new RungeKutta(weight).Integrate(segments);

        var predicted = TypicalPatient.Concentrations(Model, order, new Kilograms((decimal)weight), [hours]);

        Assert.Equal(ketamine, predicted["arterial"][0], 1e-9 * ketamine);
        Assert.Equal(norketamine, predicted["norketamine"][0], 1e-9 * norketamine);
    }

    [Fact]
    public void Exposure_is_exact()
    {
        var exposure = TypicalPatient.Exposures(Model, RegimenText.Parse("35 mg over 40 min"), SeventyKilograms);
        var end = new RungeKutta(70).Integrate([(2.0 / 3, 52.5)]).Ketamine;

        // AUC = dose / CL; the metabolite's is fm x dose / CLn in moles.
        Assert.Equal(35_000 / 84.0, exposure["arterial"].Auc, 1e-9 * 35_000 / 84);
        Assert.Equal(0.714 * 35_000 / 237.725 * 223.7 / 38, exposure["norketamine"].Auc, 1e-6);
        Assert.Equal(end, exposure["arterial"].Cmax, 1e-9 * end);
        Assert.Equal(2.0 / 3, exposure["arterial"].TmaxHours, 1e-12);
        Assert.Equal(3.06, exposure["arterial"].HalfLifeHours, 0.01);
    }

    [Fact]
    public void A_delayed_peak_is_found_between_the_grid()
    {
        var order = RegimenText.Parse("35 mg over 40 min");
        var exposure = TypicalPatient.Exposures(Model, order, SeventyKilograms)["norketamine"];
        double[] around = [exposure.TmaxHours - 0.01, exposure.TmaxHours, exposure.TmaxHours + 0.01];
        var concentrations = TypicalPatient.Concentrations(Model, order, SeventyKilograms, around)["norketamine"];

        Assert.InRange(exposure.TmaxHours, 0.7, 2);
        Assert.Equal(exposure.Cmax, concentrations[1], 1e-9 * exposure.Cmax);
        Assert.True(concentrations[0] < concentrations[1] && concentrations[2] < concentrations[1]);
    }

    [Fact]
    public void Concentrations_are_proportional_to_the_dose()
        => Gen.Double[0.01, 1000].Sample(
            factor => SameCourse(Course(Of((0, 35, 40))), Course(Of((0, 35 * factor, 40))), factor),
            iter: 10_000);

    [Fact]
    public void Infusions_add()
        => Infusions.Sample(
            infusions =>
            {
                var whole = Course(Of(infusions));
                var sum = infusions.Select(infusion => Course(Of(infusion))).Aggregate((a, b) => [.. a.Zip(b, (x, y) => x + y)]);
                SameCourse(sum, whole, 1);
            },
            iter: 10_000);

    [Fact]
    public void An_infusion_cut_in_two_is_the_same_infusion()
        => Gen.Select(Gen.Double[1, 500], Gen.Double[10, 300], Gen.Double[0.05, 0.95]).Sample(
            (dose, minutes, cut) => SameCourse(
                Course(Of((0, dose, minutes))),
                Course(Of((0, dose * cut, minutes * cut), (minutes * cut / 60, dose * (1 - cut), minutes * (1 - cut)))),
                1),
            iter: 10_000);

    [Fact]
    public void A_later_start_shifts_the_course()
        => Gen.Double[0, 500].Sample(
            shift =>
            {
                var moved = Arterial(Of((shift, 35, 40)), [.. Times.Select(time => time + shift)]);
                SameCourse(Arterial(Of((0, 35, 40)), Times), moved, 1, 1e-9);
            },
            iter: 10_000);

    [Fact]
    public void Drug_given_is_drug_left_plus_drug_eliminated()
        => Infusions.Sample(
            infusions =>
            {
                // AUC to infinity x clearance is all that left; nothing is left at infinity.
                var order = Of(infusions);
                var auc = TypicalPatient.Exposures(Model, order, SeventyKilograms)["arterial"].Auc;
                var dose = infusions.Sum(infusion => infusion.Dose);
                Assert.Equal(dose, auc * 84 / 1000, 1e-8 * dose);
            },
            iter: 10_000);

    [Fact]
    public void No_concentration_is_negative_or_not_a_number()
        => Gen.Select(Infusions, Gen.Double[0, 87_600].Array[1, 20]).Sample(
            (infusions, times) => Assert.All(
                TypicalPatient.Concentrations(Model, Of(infusions), SeventyKilograms, times).Values.SelectMany(values => values),
                value => Assert.True(value >= 0 && double.IsFinite(value))),
            iter: 10_000);

    [Fact]
    public void Venous_blood_does_not_rise_when_the_pump_stops()
    {
        double[] times = [.. Enumerable.Range(0, 200).Select(i => 0.6666 + i * 0.001)];
        var venous = TypicalPatient.Concentrations(Model, RegimenText.Parse("35 mg over 40 min"), SeventyKilograms, times)["venous"];

        for (var i = 1; i < venous.Length; i++)
            Assert.True(venous[i] <= venous[i - 1] + 0.1);
        Assert.True(venous[^1] < 0.7 * venous[0]);
    }

    private static Gen<(double StartHours, double Dose, double Minutes)[]> Infusions
        => Gen.Select(Gen.Double[0, 60], Gen.Double[1, 200], Gen.Double[1, 300]).Array[1, 6];

    private static RegimenOrder Of(params (double StartHours, double Dose, double Minutes)[] infusions)
        => new([.. infusions.Select(infusion => new RegimenOrder.Part(
            null,
            new Milligrams((decimal)infusion.Dose),
            TimeSpan.FromMinutes(infusion.Minutes),
            [TimeSpan.FromHours(infusion.StartHours)]))]);

    private static double[] Course(RegimenOrder order)
    {
        var concentrations = TypicalPatient.Concentrations(Model, order, SeventyKilograms, Times);
        return [.. concentrations["arterial"], .. concentrations["norketamine"]];
    }

    private static double[] Arterial(RegimenOrder order, double[] times)
        => TypicalPatient.Concentrations(Model, order, SeventyKilograms, times)["arterial"];

    private static void SameCourse(double[] expected, double[] actual, double factor, double tolerance = 1e-7)
    {
        // Start and duration are rounded to the tick, 1e-7 s: that is what the tolerance allows for, at the peak's scale.
        var scale = tolerance * factor * expected.Max();
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i] * factor, actual[i], scale);
    }
}
