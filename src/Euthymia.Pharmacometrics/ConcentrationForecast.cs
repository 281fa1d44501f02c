using System.Globalization;
using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics;

/// <summary>The 5th, 50th and 95th percentile over virtual patients at each time.</summary>
public sealed record Band(double[] Low, double[] Median, double[] High);

/// <summary>Concentrations over a regimen in a population, in ng/mL, without residual error.</summary>
public sealed class ConcentrationForecast
{
    private const long LargestOutput = 250_000_000;

    private ConcentrationForecast(double[] timesHours, IReadOnlyDictionary<string, Band> bands, string? venousUnavailable, string basis)
        => (TimesHours, Bands, VenousUnavailable, Basis) = (timesHours, bands, venousUnavailable, basis);

    /// <summary>As asked for, in h from the start of the course.</summary>
    public double[] TimesHours { get; }

    /// <summary>A band for each observation of the model that applies to the regimen, by its name.</summary>
    public IReadOnlyDictionary<string, Band> Bands { get; }

    /// <summary>Ketamine in arterial plasma.</summary>
    public Band Arterial => Of("arterial");

    /// <summary>Ketamine in venous plasma, or null where the venous term does not hold: see <see cref="VenousUnavailable"/>.</summary>
    public Band? Venous => Bands.GetValueOrDefault("venous");

    /// <summary>Why there is no venous band, for a person to read; null when there is one.</summary>
    public string? VenousUnavailable { get; }

    /// <summary>Norketamine in plasma.</summary>
    public Band Norketamine => Of("norketamine");

    /// <summary>One sentence that names the model, its version, the population and the number of virtual patients.</summary>
    public string Basis { get; }

    /// <summary>Simulates virtual patients under a regimen.</summary>
    /// <param name="model">From <see cref="DrugModels"/>.</param>
    /// <param name="regimen">What is given, in mg.</param>
    /// <param name="population">Whom the virtual patients stand for.</param>
    /// <param name="patients">From 1 to 1,000,000.</param>
    /// <param name="seed">Virtual patient i of a seed is always the same patient.</param>
    /// <param name="timesHours">Finite, zero or more, in any order; from the start of the course. At a switch of the pump, the value just before it.</param>
    /// <param name="control">Threads, progress and cancellation, if wanted.</param>
    /// <exception cref="InvalidInputException">Something is out of range; the field is named.</exception>
    public static ConcentrationForecast Simulate(
        DrugModel model, Regimen regimen, Population population, int patients, ulong seed, IReadOnlyList<double> timesHours,
        SimulationControl? control = null)
        => Simulate(model, Dosing.Of(regimen), population, patients, seed, timesHours, control, null);

    /// <summary>Simulates virtual patients under an order, each with the dose for their own weight.</summary>
    /// <param name="model">From <see cref="DrugModels"/>.</param>
    /// <param name="order">What is given.</param>
    /// <param name="population">Whom the virtual patients stand for.</param>
    /// <param name="patients">From 1 to 1,000,000.</param>
    /// <param name="seed">Virtual patient i of a seed is always the same patient.</param>
    /// <param name="timesHours">Finite, zero or more, in any order; at a switch of the pump or a dose, the value just before it.</param>
    /// <param name="control">Threads, progress and cancellation, if wanted.</param>
    /// <param name="variability">Sampling, variability between occasions, residual error.</param>
    /// <exception cref="InvalidInputException">Something is out of range; the field is named.</exception>
    public static ConcentrationForecast Simulate(
        DrugModel model, RegimenOrder order, Population population, int patients, ulong seed, IReadOnlyList<double> timesHours,
        SimulationControl? control = null, Variability? variability = null)
        => Simulate(model, Dosing.Of(order, model), population, patients, seed, timesHours, control, variability);

    /// <summary>Why an observation of a model does not hold for an order, or null when it does.</summary>
    /// <param name="model">From <see cref="DrugModels"/>.</param>
    /// <param name="order">What is given.</param>
    /// <param name="observation">Name of an observation of the model.</param>
    /// <exception cref="InvalidInputException">The model does not take the order.</exception>
    public static string? WhyNotApplicable(DrugModel model, RegimenOrder order, string observation)
        => Dosing.Of(order, model).WhyNotApplicable(model.Observations.Single(item => string.Equals(item.Name, observation, StringComparison.Ordinal)));

    private static ConcentrationForecast Simulate(
        DrugModel model, Dosing dosing, Population population, int patients, ulong seed, IReadOnlyList<double> timesHours,
        SimulationControl? control, Variability? variability)
    {
        SimulationControl.CheckPatients(patients);
        CheckTimes(timesHours);
        variability?.Check();

        if ((long)patients * timesHours.Count * model.Observations.Count > LargestOutput)
            throw new InvalidInputException("simulation-too-large", "patients", $"Patients x times x observations must be at most {LargestOutput:N0}: ask for fewer patients or times.");

        var simulation = new PopulationSimulation(model, dosing, population, seed, timesHours, variability);
        var concentrations = simulation.Concentrations(patients, control);
        var bands = new Dictionary<string, Band>(StringComparer.Ordinal);
        string? venousUnavailable = null;
        for (var observation = 0; observation < model.Observations.Count; observation++)
        {
            if (dosing.WhyNotApplicable(model.Observations[observation]) is { } reason)
                venousUnavailable = reason;
            else
                bands[model.Observations[observation].Name] = BandOf(concentrations, observation, timesHours.Count, patients);
        }

        var basis = string.Create(
            CultureInfo.InvariantCulture,
            $"{model.Name}, model {model.Id} {model.Version}; {patients:N0} virtual patients, {population.Description}; 5th to 95th percentile between patients, {(variability is { Residual: true } ? "with" : "without")} residual error.");
        return new ConcentrationForecast([.. timesHours], bands, venousUnavailable, basis);
    }

    private Band Of(string name)
        => Bands.GetValueOrDefault(name)
            ?? throw new InvalidInputException("observation-missing", "model", $"The model gives no \"{name}\": it has {string.Join(", ", Bands.Keys)}.");

    internal static void CheckTimes(IReadOnlyList<double> timesHours)
    {
        if (timesHours.Any(time => !(time is >= 0 and <= 1e6)))
            throw new InvalidInputException("time-out-of-range", "at", "Every time must be a number of hours from 0 to 1,000,000.");
    }

    private static Band BandOf(double[] concentrations, int observation, int times, int patients)
    {
        var band = new Band(new double[times], new double[times], new double[times]);
        Parallel.For(0, times, time =>
        {
            var values = concentrations.AsSpan((observation * times + time) * patients, patients);
            (band.Low[time], band.Median[time], band.High[time]) = Quantile.Band(values);
        });
        return band;
    }
}
