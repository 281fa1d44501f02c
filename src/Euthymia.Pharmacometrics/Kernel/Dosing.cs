namespace Euthymia.Pharmacometrics.Kernel;

/// <summary>What is given, as inputs of constant rate, and how long each infusion takes.</summary>
internal sealed record Dosing(IReadOnlyList<Schedule.Input> Inputs, IReadOnlyList<TimeSpan> InfusionLengths, IReadOnlyList<double> Starts)
{
    public static Dosing Of(Regimen regimen)
        => new(
            [.. regimen.Infusions.SelectMany(infusion => infusion.Segments)
                .Where(segment => segment.Rate.Value > 0)
                .Select(segment => new Schedule.Input(segment.Start.TotalHours, segment.End.TotalHours, 0, (double)segment.Rate.Value))],
            [.. regimen.Infusions.Select(infusion => infusion.End - infusion.Start)],
            [.. regimen.Infusions.Select(infusion => infusion.Start.TotalHours)]);

    public static Dosing Of(RegimenOrder order)
        => new(
            [.. order.Parts.SelectMany(part => part.Starts.Select(start => new Schedule.Input(
                start.TotalHours,
                (start + part.Duration).TotalHours,
                part.DosePerKilogram is { } perKilogram ? (double)perKilogram.Value / part.Duration.TotalHours : 0,
                part.Dose is { } dose ? (double)(dose / part.Duration).Value : 0)))],
            [.. order.Parts.SelectMany(part => part.Starts.Select(_ => part.Duration))],
            [.. order.Parts.SelectMany(part => part.Starts).Select(start => start.TotalHours)]);

    /// <summary>Why an observation of the model does not hold for these infusions, or null when it does.</summary>
    public string? WhyNotApplicable(Observation observation)
    {
        if (observation.VenousMixing is not { } venous)
            return null;
        var shortest = TimeSpan.FromMinutes(venous.ShortestInfusionMinutes);
        var longest = TimeSpan.FromMinutes(venous.LongestInfusionMinutes);
        return InfusionLengths.All(length => length >= shortest && length <= longest)
            ? null
            : FormattableString.Invariant($"No venous concentration: its term holds for infusions of {venous.ShortestInfusionMinutes} to {venous.LongestInfusionMinutes} min only.");
    }
}
