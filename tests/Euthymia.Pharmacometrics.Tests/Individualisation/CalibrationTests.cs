using Euthymia.Pharmacometrics.Individualisation;

namespace Euthymia.Pharmacometrics.Tests.Individualisation;

/// <summary>
/// Simulation-based calibration (Talts et al, arXiv:1804.06788): truths drawn from the prior, data from the truths; then the
/// rank of a truth among its posterior draws is uniform, and 90 % intervals hold 90 % of truths.
/// </summary>
public sealed class CalibrationTests
{
    private static readonly PatientObservation[] Design =
    [
        new(0.6, ObservedKind.Plasma, 150, "arterial"),
        new(2, ObservedKind.Plasma, 60, "arterial"),
        new(8, ObservedKind.Plasma, 5, "arterial", BelowLimit: true),
        new(4, ObservedKind.Plasma, 60, "norketamine"),
        new(0.7, ObservedKind.Cadss, 15),
        new(48.7, ObservedKind.DissociationLevel, 2),
        new(-0.5, ObservedKind.SystolicPressure, 125),
        new(0.65, ObservedKind.SystolicPressure, 140),
        new(48.65, ObservedKind.SystolicPressure, 140),
        new(-0.4, ObservedKind.DiastolicPressure, 78),
        new(0.7, ObservedKind.DiastolicPressure, 85),
        new(24, ObservedKind.Score, 20, "MADRS"),
        new(72, ObservedKind.Score, 20, "MADRS"),
        new(168, ObservedKind.Score, 20, "MADRS"),
        new(170, ObservedKind.Score, 10, "PHQ-9"),
    ];

    [Fact]
    public void Ranks_are_uniform_and_intervals_hold_their_share()
    {
        var patients = int.Parse(Environment.GetEnvironmentVariable("EUTHYMIA_CALIBRATION_PATIENTS") ?? "160", System.Globalization.CultureInfo.InvariantCulture);
        const int draws = 200;
        var ranks = new double[patients][];
        var moved = 0;
        Parallel.For(0, patients, i =>
        {
            var patient = SimulatedPatient.Draw(2024, (ulong)i, Design, 0, 48);
            // Its own seed: draws that patients shared would shift all their ranks alike.
            var estimate = Individualiser.Estimate(patient.Record, options: new IndividualOptions(Draws: draws, Starts: 2, Seed: 1000 + (ulong)i, Threads: 1));
            ranks[i] = [.. patient.Truth.Select((truth, k) => (Enumerable.Range(0, draws).Count(draw => estimate.Posterior[draw][k] < truth) + 0.5) / (draws + 1))];
            if (estimate.Posterior.Moves > 0)
                Interlocked.Increment(ref moved);
        });

        var effects = ranks[0].Length;
        var (inside, worst) = (0, 0.0);
        for (var k = 0; k < effects; k++)
        {
            double[] own = [.. ranks.Select(rank => rank[k])];
            inside += own.Count(rank => rank is > 0.05 and < 0.95);
            var expected = patients / 10.0;
            var chiSquare = Enumerable.Range(0, 10).Sum(bin => Math.Pow(own.Count(rank => (int)(rank * 10) == bin) - expected, 2) / expected);
            worst = Math.Max(worst, chiSquare);
        }

        var coverage = inside / (double)(patients * effects);
        TestContext.Current.TestOutputHelper?.WriteLine($"{patients} patients, {effects} effects: coverage of 90 % intervals {coverage:P2}, largest chi-square (9 df) {worst:0.0}, {moved} posteriors needed moves");

        // The largest of about 40 chi-square variates of 9 degrees of freedom: P(any > 33.7) is 0.4 %.
        Assert.InRange(worst, 0, 33.7);
        // The effects of a patient are nearly independent: three standard errors of a share of 0.9.
        Assert.InRange(coverage, 0.9 - 3 * Math.Sqrt(0.09 / (patients * effects)), 0.9 + 3 * Math.Sqrt(0.09 / (patients * effects)));
    }
}
