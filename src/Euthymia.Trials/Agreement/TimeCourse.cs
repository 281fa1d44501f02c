using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.VirtualTrials;

namespace Euthymia.Trials.Agreement;

/// <summary>Mean MADRS change of an arm over time, with the interval in which trials of 40 a group fall.</summary>
public sealed record TimeCourse(string Name, double[] TimesHours, double[] Low, double[] Median, double[] High)
{
    private const int PatientsPerArm = 40;
    private const double SixInfusionsEndDays = 11;

    /// <summary>Courses of a single infusion and its controls, to compare with published changes.</summary>
    public static IReadOnlyList<TimeCourse> Single(ResponseParameters parameters, int replicates, ulong seed)
    {
        double[] times = [1, 2, 4, 8, 16, 24, 36, 48, 72, 96, 120, 168, 216, 264, 336];
        return
        [
            Of("ketamine 0.5 mg/kg over 40 min", Infusions([0], Expectancy.Psychoactive, true), times, parameters, replicates, seed),
            Of("midazolam", Infusions([0], Expectancy.Psychoactive, false), times, parameters, replicates, seed),
            Of("saline", Infusions([0], Expectancy.InertControl, false), times, parameters, replicates, seed),
        ];
    }

    /// <summary>Six open infusions over twelve days, and the weeks after.</summary>
    public static TimeCourse Six(ResponseParameters parameters, int replicates, ulong seed)
    {
        double[] days = [0, 2, 4, 7, 9, SixInfusionsEndDays];
        double[] times = [.. Enumerable.Range(1, 48).Select(day => day * 24.0 - 2)];
        return Of("six open infusions", Infusions([.. days.Select(day => day * 24)], Expectancy.OpenLabel, true), times, parameters, replicates, seed);
    }

    private static ArmDesign Infusions(double[] sessions, Expectancy expectancy, bool drug) => new(
        "course", drug ? new OrderedDose(KetamineForm.Racemic, true, 0.5, 40.0 / 60, 1, double.PositiveInfinity) : null,
        sessions, expectancy, false, PatientsPerArm, null, null, null, DepressionScale.Madrs, 0, 0, []);

    private static TimeCourse Of(string name, ArmDesign arm, double[] times, ResponseParameters parameters, int replicates, ulong seed)
    {
        var simulator = new ArmSimulator(arm, DepressionScale.Madrs, times, parameters);
        var draws = new ParameterDraws(parameters, seed);
        var changes = new double[times.Length][];
        for (var t = 0; t < times.Length; t++)
            changes[t] = new double[replicates];
        Parallel.For(0, replicates, r =>
        {
            var drawn = draws.Draw(r);
            var trial = TrialEffects.Draw(new Deviates(seed, (0xC0000000ul << 32) | (uint)r), 0, false, drawn);
            var scores = simulator.Simulate(drawn, new MoodParameters(drawn), trial, new Deviates(seed, (0xC0000001ul << 32) | (uint)r), new Deviates(seed, (0xC0000002ul << 32) | (uint)r), PatientsPerArm);
            for (var t = 0; t < times.Length; t++)
                changes[t][r] = scores.Scores[t].Average() - scores.Baseline.Average();
        });
        var bands = Array.ConvertAll(changes, values => Quantile.Band(values));
        return new TimeCourse(name, times, Array.ConvertAll(bands, band => band.Low), Array.ConvertAll(bands, band => band.Median), Array.ConvertAll(bands, band => band.High));
    }
}
