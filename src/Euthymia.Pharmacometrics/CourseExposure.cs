using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics;

/// <summary>What one observation of one patient amounts to over a course.</summary>
/// <param name="Cmax">Highest concentration, ng/mL.</param>
/// <param name="TmaxHours">When, in h from the start of the infusion running or last begun then.</param>
/// <param name="Auc">Area under the curve from zero to infinity, ng h/mL.</param>
/// <param name="HalfLifeHours">Of the slowest exponential that reaches the observation.</param>
/// <param name="HoursAbove">Time above the level asked for, h; NaN when none was.</param>
public readonly record struct Exposure(double Cmax, double TmaxHours, double Auc, double HalfLifeHours, double HoursAbove = double.NaN);

/// <summary>The 5th, 50th and 95th percentile between patients.</summary>
public sealed record Spread(double Low, double Median, double High);

/// <summary>Exposure of a population to one observed substance.</summary>
public sealed record ExposureSummary(string Observation, string Label, Spread Cmax, Spread TmaxHours, Spread Auc, Spread HalfLifeHours);

/// <summary>Exposure over a whole course, without residual error. Areas and half-lives are exact, maxima to rounding.</summary>
public static class CourseExposure
{
    /// <summary>Exposures of virtual patients, each with the dose for their own weight, for each observation of the model that is no derived venous term.</summary>
    /// <param name="model">From <see cref="DrugModels"/>.</param>
    /// <param name="order">What is given.</param>
    /// <param name="population">Whom the virtual patients stand for.</param>
    /// <param name="patients">From 1 to 1,000,000.</param>
    /// <param name="seed">Virtual patient i of a seed is always the same patient.</param>
    /// <param name="control">Threads, progress and cancellation, if wanted.</param>
    /// <param name="sampling">Philox or Sobol.</param>
    /// <exception cref="InvalidInputException">Something is out of range; the field is named.</exception>
    public static IReadOnlyList<ExposureSummary> Simulate(
        DrugModel model, RegimenOrder order, Population population, int patients, ulong seed, SimulationControl? control = null, Sampling sampling = Sampling.Philox)
        => Simulate(model, Dosing.Of(order, model), population, patients, seed, control, sampling);

    /// <summary>The same for a regimen in mg.</summary>
    /// <param name="model">From <see cref="DrugModels"/>.</param>
    /// <param name="regimen">What is given, in mg.</param>
    /// <param name="population">Whom the virtual patients stand for.</param>
    /// <param name="patients">From 1 to 1,000,000.</param>
    /// <param name="seed">Virtual patient i of a seed is always the same patient.</param>
    /// <param name="control">Threads, progress and cancellation, if wanted.</param>
    /// <exception cref="InvalidInputException">Something is out of range; the field is named.</exception>
    public static IReadOnlyList<ExposureSummary> Simulate(
        DrugModel model, Regimen regimen, Population population, int patients, ulong seed, SimulationControl? control = null)
        => Simulate(model, Dosing.Of(regimen), population, patients, seed, control, Sampling.Philox);

    private static List<ExposureSummary> Simulate(
        DrugModel model, Dosing dosing, Population population, int patients, ulong seed, SimulationControl? control, Sampling sampling)
    {
        SimulationControl.CheckPatients(patients);
        var exposures = new PopulationSimulation(model, dosing, population, seed, [], new Variability(sampling)).Exposures(patients, control);
        List<ExposureSummary> summaries = [];
        for (var observation = 0; observation < model.Observations.Count; observation++)
        {
            if (model.Observations[observation].VenousMixing is not null)
                continue;
            var own = exposures.AsMemory(observation * patients, patients);
            summaries.Add(new ExposureSummary(
                model.Observations[observation].Name,
                model.Observations[observation].Label,
                SpreadOf(own, exposure => exposure.Cmax),
                SpreadOf(own, exposure => exposure.TmaxHours),
                SpreadOf(own, exposure => exposure.Auc),
                SpreadOf(own, exposure => exposure.HalfLifeHours)));
        }

        return summaries;
    }

    private static Spread SpreadOf(ReadOnlyMemory<Exposure> exposures, Func<Exposure, double> value)
    {
        var values = new double[exposures.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = value(exposures.Span[i]);
        var (low, median, high) = Quantile.Band(values);
        return new Spread(low, median, high);
    }
}
