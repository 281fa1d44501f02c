namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>What is given, as inputs into compartments, and how long each dose takes.</summary>
internal sealed record Dosing(IReadOnlyList<Schedule.Input> Inputs, IReadOnlyList<TimeSpan> Lengths, IReadOnlyList<double> Starts)
{
    public static Dosing Of(Regimen regimen)
        => new(
            [.. regimen.Infusions.SelectMany(infusion => infusion.Segments)
                .Where(segment => segment.Rate.Value > 0)
                .Select(segment => new Schedule.Input(segment.Start.TotalHours, segment.End.TotalHours, 0, (double)segment.Rate.Value))],
            [.. regimen.Infusions.Select(infusion => infusion.End - infusion.Start)],
            [.. regimen.Infusions.Select(infusion => infusion.Start.TotalHours)]);

    /// <summary>The doses of an order in a model.</summary>
    /// <exception cref="InvalidInputException">The model does not take a route or drug of the order; field <c>regimen</c>.</exception>
    public static Dosing Of(RegimenOrder order, DrugModel model)
        => new(
            [.. order.Parts.SelectMany(part => InputsOf(part, model))],
            [.. order.Parts.SelectMany(part => part.Starts.Select(_ => part.Duration))],
            [.. order.Parts.SelectMany(part => part.Starts).Select(start => start.TotalHours)]);

    /// <summary>Why an observation of the model does not hold for these doses, or null when it does.</summary>
    public string? WhyNotApplicable(Observation observation)
    {
        if (observation.VenousMixing is not { } venous)
            return null;
        var shortest = TimeSpan.FromMinutes(venous.ShortestInfusionMinutes);
        var longest = TimeSpan.FromMinutes(venous.LongestInfusionMinutes);
        return Lengths.All(length => length >= shortest && length <= longest)
            ? null
            : FormattableString.Invariant($"No venous concentration: its term holds for infusions of {venous.ShortestInfusionMinutes} to {venous.LongestInfusionMinutes} min only.");
    }

    private static IEnumerable<Schedule.Input> InputsOf(RegimenOrder.Part part, DrugModel model)
    {
        if (part.Drug is { } drug && !string.Equals(drug, model.Drug.Name, StringComparison.OrdinalIgnoreCase))
            throw new InvalidInputException("drug-not-of-model", "regimen", $"The regimen gives {drug}, the model {model.Id} is of {model.Drug.Name}: choose another model.");
        var perKilogram = (double)(part.DosePerKilogram?.Value ?? 0);
        var dose = (double)(part.Dose?.Value ?? 0);
        return part.Route is Route.IntravenousInfusion or Route.IntravenousBolus
            ? part.Starts.Select(start => Over(start.TotalHours, part.Duration.TotalHours, perKilogram, dose, Schedule.Input.Infusions))
            : Depots(part, model, perKilogram, dose);
    }

    private static IEnumerable<Schedule.Input> Depots(RegimenOrder.Part part, DrugModel model, double perKilogram, double dose)
    {
        var route = model.Routes?.FirstOrDefault(route => route.Route == part.Route)
            ?? throw new InvalidInputException("route-not-of-model", "regimen", $"The model {model.Id} takes no {RegimenText.Words(part.Route)} doses. Models that do: {string.Join(", ", DrugModels.All.Where(other => other.Takes(part.Route)).Select(other => other.Id))}.");
        foreach (var input in route.Into)
        {
            if (perKilogram > 0 && (input.AboveMilligrams > 0 || input.UpToMilligrams is not null))
                throw new InvalidInputException("dose-per-kilogram-not-of-route", "regimen", $"A {RegimenText.Words(part.Route)} dose of the model {model.Id} is absorbed by its mg: write it in mg, not mg/kg.");
            var amount = Math.Clamp(dose, input.AboveMilligrams, input.UpToMilligrams ?? double.MaxValue) - input.AboveMilligrams;
            if (amount <= 0 && perKilogram <= 0)
                continue;
            var compartment = model.Compartments.Select((item, i) => (item, i)).Single(pair => string.Equals(pair.item.Name, input.Compartment, StringComparison.Ordinal));
            var duration = model.Parameters.FirstOrDefault(parameter => string.Equals(parameter.Name, compartment.item.Duration, StringComparison.Ordinal))?.Value ?? 0;
            foreach (var start in part.Starts)
                yield return Over(start.TotalHours, duration, perKilogram, amount, compartment.i);
        }
    }

    private static Schedule.Input Over(double start, double duration, double perKilogram, double dose, int compartment)
        => duration > 0
            ? new Schedule.Input(start, start + duration, perKilogram / duration, dose / duration, compartment)
            : new Schedule.Input(start, start, perKilogram, dose, compartment);
}
