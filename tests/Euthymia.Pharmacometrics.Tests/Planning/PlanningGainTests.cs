using Euthymia.Pharmacometrics.Individualisation;
using Euthymia.Pharmacometrics.Planning;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Pharmacometrics.Tests.Individualisation;

namespace Euthymia.Pharmacometrics.Tests.Planning;

/// <summary>
/// What individual planning is worth in a world where the model is right: virtual patients with known truths get two
/// infusions of 0.5 mg/kg, are observed, and then four more infusions, either the same or chosen on their posterior so that
/// the clinic's expected number of violations stays the same.
/// </summary>
public sealed class PlanningGainTests
{
    private static readonly PatientObservation[] Design =
    [
        new(-0.5, ObservedKind.SystolicPressure, 125), new(0.65, ObservedKind.SystolicPressure, 140), new(47.5, ObservedKind.SystolicPressure, 125), new(48.65, ObservedKind.SystolicPressure, 140),
        new(0.6, ObservedKind.DissociationLevel, 2), new(48.6, ObservedKind.DissociationLevel, 1),
        new(24, ObservedKind.Score, 20, "MADRS"), new(72, ObservedKind.Score, 20, "MADRS"), new(95, ObservedKind.Score, 20, "MADRS"),
    ];

    private static readonly PlanConstraints Limits = new(SystolicLimit: 160, CadssLimit: 30);

    [Fact]
    public void Individual_plans_do_better_than_the_fixed_course_at_no_more_violations()
    {
        var patients = int.Parse(Environment.GetEnvironmentVariable("EUTHYMIA_GAIN_PATIENTS") ?? "60", System.Globalization.CultureInfo.InvariantCulture);
        RegimenOption[] options =
        [
            .. RegimenOption.Grid([new(0.5m), new(0.2m), new(0.3m), new(0.4m), new(0.6m), new(0.75m), new(1m)], [40, 60, 100], [2], [4])
                .Select(option => option with { StartDays = [0, 3, 5, 7] }),
        ];
        var believed = new PlannedRegimen[patients][];
        var actual = new PlannedRegimen[patients][];
        Parallel.For(0, patients, i =>
        {
            var patient = SimulatedPatient.Draw(77, (ulong)i, Design, 0, 48);
            var estimate = Individualiser.Estimate(patient.Record, options: new IndividualOptions(Draws: 300, Starts: 2, Seed: (ulong)i, Threads: 1));
            var request = new PlanRequest(options, 96, Constraints: Limits);
            believed[i] = [.. Planner.Compare(estimate, request, 1).Regimens];
            actual[i] = [.. Planner.Compare(Known(estimate, patient.Truth), request, 1).Regimens];
        });

        var fixedChoice = new int[patients];
        var choice = Equal(believed, fixedChoice);
        var (fixedResponse, ownResponse) = (Mean(actual, fixedChoice, regimen => regimen.Response), Mean(actual, choice, regimen => regimen.Response));
        var (fixedRisk, ownRisk) = (Mean(actual, fixedChoice, Risk), Mean(actual, choice, Risk));
        double[] gains = [.. Enumerable.Range(0, patients).Select(i => actual[i][choice[i]].Response - actual[i][0].Response)];
        var error = Math.Sqrt(gains.Average(gain => (gain - gains.Average()) * (gain - gains.Average())) / patients);
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant(
            $"{patients} patients: response at day 28 fixed {fixedResponse:P1}, individual {ownResponse:P1}, gain {gains.Average() * 100:0.0} +- {error * 100:0.0} points; violations fixed {fixedRisk:0.000}, individual {ownRisk:0.000}; days in remission {Mean(actual, fixedChoice, r => r.DaysInRemission):0.0} and {Mean(actual, choice, r => r.DaysInRemission):0.0}; dose mg {Mean(actual, fixedChoice, r => (double)r.TotalDose.Value):0} and {Mean(actual, choice, r => (double)r.TotalDose.Value):0}"));

        Assert.True(gains.Average() > 0, $"gain {gains.Average()}");
        // The violations were equal in expectation on the posteriors; on the truths they may differ by chance.
        Assert.InRange(ownRisk, 0, fixedRisk + 3 * Math.Sqrt(fixedRisk / patients));
    }

    // The choice of most benefit less a price for each violation, the price such that the clinic expects no more of them than now.
    private static int[] Equal(PlannedRegimen[][] believed, int[] fixedChoice)
    {
        var most = Mean(believed, fixedChoice, Risk);
        var (low, high) = (0.0, 100.0);
        for (var round = 0; round < 60; round++)
        {
            var price = (low + high) / 2;
            if (Mean(believed, At(believed, price), Risk) > most)
                low = price;
            else
                high = price;
        }

        return At(believed, high);
    }

    private static int[] At(PlannedRegimen[][] believed, double price)
        => [.. believed.Select(own => Enumerable.Range(0, own.Length).MaxBy(c => own[c].Response - price * Risk(own[c])))];

    private static double Risk(PlannedRegimen regimen) => regimen.SystolicRisk + regimen.CadssRisk;

    private static double Mean(PlannedRegimen[][] regimens, int[] choice, Func<PlannedRegimen, double> value)
        => Enumerable.Range(0, regimens.Length).Average(i => value(regimens[i][choice[i]]));

    // The same patient with nothing unknown but what future infusions and visits bring.
    private static IndividualEstimate Known(IndividualEstimate estimate, double[] truth)
    {
        double[] draws = [.. Enumerable.Range(0, 200).SelectMany(_ => truth)];
        return new IndividualEstimate(estimate.Context, 0, 0, true, 1, estimate.Effects, [], new IndividualPosterior(draws, 200, truth.Length, 200, 0, 200, 1, 0), "truth");
    }
}
