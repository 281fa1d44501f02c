using System.Globalization;
using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics;

/// <summary>Something of a course that has a value at each time or, for an exposure, one value.</summary>
/// <param name="Name">As it is asked for, such as <c>occupancy</c> or <c>auc</c>.</param>
/// <param name="Observation">The observation of the model that it is made of.</param>
/// <param name="Label">For a person, without the unit.</param>
/// <param name="Unit">Such as ng/mL; 1 for a fraction.</param>
public sealed record CourseQuantity(string Name, string Observation, string Label, string Unit)
{
    /// <summary>Whether there is one value for the whole course.</summary>
    public bool IsExposure => CourseQuantities.Exposures.Contains(Name, StringComparer.Ordinal);

    /// <summary>Heading of a column, unit included, such as <c>arterial_ng_per_mL</c>.</summary>
    public string Column
    {
        get
        {
            var name = IsExposure ? $"{Name}_{Observation}" : Name;
            return Unit is "1" ? $"{name}_fraction" : $"{name}_{Unit.Replace("/", "_per_", StringComparison.Ordinal).Replace(' ', '_')}";
        }
    }
}

/// <summary>The quantities that a model gives.</summary>
public static class CourseQuantities
{
    internal static readonly string[] Exposures = ["cmax", "tmax", "auc", "halfLife", "timeAbove"];

    private const string Unbound = "unbound";
    private const string Occupancy = "occupancy";

    /// <summary>Every quantity of a model: those with a value at each time first.</summary>
    public static IReadOnlyList<CourseQuantity> Of(DrugModel model)
    {
        var measured = model.Observations.Where(observation => observation.VenousMixing is null).ToArray();
        var drug = measured[0];
        List<CourseQuantity> all = [.. model.Observations.Select(observation => new CourseQuantity(observation.Name, observation.Name, observation.Label, "ng/mL"))];
        if (model.EffectSite is not null)
        {
            const string Site = DrugModel.EffectSiteObservation;
            all.Add(new CourseQuantity(Site, Site, "Effect site", "ng/mL"));
            all.Add(new CourseQuantity(Unbound, drug.Name, $"Unbound, {drug.Label}", "ng/mL"));
            all.Add(new CourseQuantity(Occupancy, Site, "NMDA receptor occupancy (derived)", "1"));
        }

        (string Name, string Label, string Unit)[] exposures =
            [("cmax", "Cmax", "ng/mL"), ("tmax", "Tmax after its dose", "h"), ("auc", "AUC 0-inf", "ng h/mL"), ("halfLife", "Terminal half-life", "h"), ("timeAbove", "Time above the level", "h")];
        foreach (var (name, label, unit) in exposures)
            all.AddRange(measured.Select(observation => new CourseQuantity(name, observation.Name, $"{label}, {observation.Label}", unit)));
        return all;
    }

    /// <summary>Quantities by their names: <c>arterial,occupancy</c>, <c>cmax</c> (of every substance) or <c>cmax:norketamine</c>.</summary>
    /// <exception cref="InvalidInputException">An unknown name; field <c>quantities</c>.</exception>
    public static IReadOnlyList<CourseQuantity> Parse(DrugModel model, IEnumerable<string> names)
    {
        var all = Of(model);
        List<CourseQuantity> wanted = [];
        foreach (var name in names)
        {
            var parts = name.Split(':', 2);
            var found = all.Where(quantity => string.Equals(quantity.Name, parts[0], StringComparison.OrdinalIgnoreCase)
                && (parts.Length == 1 || (quantity.IsExposure && string.Equals(quantity.Observation, parts[1], StringComparison.OrdinalIgnoreCase)))).ToArray();
            if (found.Length == 0)
                throw new InvalidInputException("quantity-unknown", "quantities", $"The model {model.Id} gives no \"{name}\". Choose from: {string.Join(", ", all.Select(quantity => quantity.Name).Distinct(StringComparer.Ordinal))}; an exposure of one substance is written cmax:{all[0].Name}.");
            wanted.AddRange(found.Except(wanted));
        }

        return wanted;
    }

    internal static double Value(CourseQuantity quantity, DrugModel model, double concentration) => quantity.Name switch
    {
        Unbound => ReceptorOccupancy.Unbound(concentration),
        Occupancy => ReceptorOccupancy.Of(concentration, model.Drug.Name),
        _ => concentration,
    };

    internal static double Value(CourseQuantity quantity, Exposure exposure) => quantity.Name switch
    {
        "cmax" => exposure.Cmax,
        "tmax" => exposure.TmaxHours,
        "auc" => exposure.Auc,
        "halfLife" => exposure.HalfLifeHours,
        _ => exposure.HoursAbove,
    };
}

/// <summary>Chosen quantities of every virtual patient of a simulation, without a summary.</summary>
public sealed class PopulationCourse
{
    private const long LargestOutput = 100_000_000;

    private PopulationCourse(IReadOnlyList<CourseQuantity> quantities, IReadOnlyList<double> timesHours, int patients, double[][] values)
        => (Quantities, TimesHours, Patients, Values) = (quantities, timesHours, patients, values);

    /// <summary>What was asked for.</summary>
    public IReadOnlyList<CourseQuantity> Quantities { get; }

    /// <summary>In h from the start of the course; one entry, 0, when only exposures were asked for.</summary>
    public IReadOnlyList<double> TimesHours { get; }

    /// <summary>Number of virtual patients.</summary>
    public int Patients { get; }

    /// <summary>By quantity, then at [time x patients + patient].</summary>
    public IReadOnlyList<double[]> Values { get; }

    /// <summary>Simulates virtual patients.</summary>
    /// <param name="model">From <see cref="DrugModels"/> or <see cref="CovariateModel.Adjust"/>.</param>
    /// <param name="order">What is given.</param>
    /// <param name="population">Whom the virtual patients stand for.</param>
    /// <param name="patients">From 1 to 1,000,000.</param>
    /// <param name="seed">Virtual patient i of a seed is always the same patient.</param>
    /// <param name="timesHours">Finite, zero or more, in any order; at a switch of the pump or a dose, the value just before it.</param>
    /// <param name="quantities">From <see cref="CourseQuantities"/>; either with values at times, or exposures.</param>
    /// <param name="level">In ng/mL, for <c>timeAbove</c>; NaN when it is not asked for.</param>
    /// <param name="variability">Sampling, variability between occasions, residual error.</param>
    /// <param name="control">Threads, progress and cancellation, if wanted.</param>
    /// <exception cref="InvalidInputException">Something is out of range or cannot be given; the field is named.</exception>
    public static PopulationCourse Simulate(
        DrugModel model, RegimenOrder order, Population population, int patients, ulong seed, IReadOnlyList<double> timesHours,
        IReadOnlyList<CourseQuantity> quantities, double level = double.NaN, Variability? variability = null, SimulationControl? control = null)
    {
        SimulationControl.CheckPatients(patients);
        ConcentrationForecast.CheckTimes(timesHours);
        (variability ?? new Variability()).Check();
        if (quantities.Count == 0)
            throw new InvalidInputException("quantities-missing", "quantities", "Name at least one quantity.");
        var exposures = quantities.Count(quantity => quantity.IsExposure);
        if (exposures != 0 && exposures != quantities.Count)
            throw new InvalidInputException("quantities-mixed", "quantities", "Quantities at times and exposures over the course have different rows: ask for them in two runs.");
        if (quantities.Any(quantity => quantity.Name is "timeAbove") && !(level is > 0 and < double.PositiveInfinity))
            throw new InvalidInputException("level-missing", "above", "A time above a level needs the level: a concentration above zero, in ng/mL.");
        var rows = exposures > 0 ? 1 : timesHours.Count;
        if ((long)patients * rows * (quantities.Count + model.Observations.Count + 1) > LargestOutput)
            throw new InvalidInputException("simulation-too-large", "patients", string.Create(CultureInfo.InvariantCulture, $"Patients x times x quantities must be at most {LargestOutput:N0}: ask for fewer patients, times or quantities."));

        if (quantities.Any(quantity => quantity.Observation is DrugModel.EffectSiteObservation))
            model = model.WithEffectSite();
        var dosing = Dosing.Of(order, model);
        foreach (var quantity in quantities)
            if (dosing.WhyNotApplicable(Observation(model, quantity)) is { } reason)
                throw new InvalidInputException("quantity-not-applicable", "quantities", reason);
        var simulation = new PopulationSimulation(model, dosing, population, seed, exposures > 0 ? [] : timesHours, variability);
        var values = exposures > 0
            ? OfExposures(simulation.Exposures(patients, control, level), model, quantities, patients)
            : OfConcentrations(simulation.Concentrations(patients, control), model, quantities, timesHours.Count * patients);
        return new PopulationCourse(quantities, exposures > 0 ? [0] : [.. timesHours], patients, values);
    }

    /// <summary>The 5th, 50th and 95th percentile between patients of a quantity at each time.</summary>
    /// <param name="quantity">Its place in <see cref="Quantities"/>.</param>
    public Band BandOf(int quantity)
    {
        var band = new Band(new double[TimesHours.Count], new double[TimesHours.Count], new double[TimesHours.Count]);
        var own = new double[Patients];
        for (var time = 0; time < TimesHours.Count; time++)
        {
            Values[quantity].AsSpan(time * Patients, Patients).CopyTo(own);
            (band.Low[time], band.Median[time], band.High[time]) = Quantile.Band(own);
        }

        return band;
    }

    private static Observation Observation(DrugModel model, CourseQuantity quantity)
        => model.Observations.Single(observation => string.Equals(observation.Name, quantity.Observation, StringComparison.Ordinal));

    private static int Index(DrugModel model, CourseQuantity quantity) => model.Observations.ToList().IndexOf(Observation(model, quantity));

    private static double[][] OfExposures(Exposure[] exposures, DrugModel model, IReadOnlyList<CourseQuantity> quantities, int patients)
        => [.. quantities.Select(quantity => exposures.AsSpan(Index(model, quantity) * patients, patients).ToArray()
            .Select(exposure => CourseQuantities.Value(quantity, exposure)).ToArray())];

    private static double[][] OfConcentrations(double[] concentrations, DrugModel model, IReadOnlyList<CourseQuantity> quantities, int length)
        => [.. quantities.Select(quantity =>
        {
            var own = concentrations.AsSpan(Index(model, quantity) * length, length).ToArray();
            for (var i = 0; i < own.Length; i++)
                own[i] = CourseQuantities.Value(quantity, model, own[i]);
            return own;
        })];
}
