namespace Euthymia.Web.Components.Charts;

/// <summary>A quantity that is drawn. One quantity has one colour on every page; the name is the CSS class that carries it.</summary>
public enum Quantity
{
    Arterial,
    Venous,
    Norketamine,
    Score,
    Dose,
    Systolic,
    Dissociation,

    /// <summary>What happened, rather than how much.</summary>
    Event,
}

/// <summary>A prediction: median and the band that holds 90 % of virtual patients, at ascending times.</summary>
public sealed record PredictedBand(IReadOnlyList<double> Times, IReadOnlyList<double> Low, IReadOnlyList<double> Median, IReadOnlyList<double> High);

/// <summary>One observed value; a null value is a gap that is never bridged.</summary>
public sealed record ObservedPoint(double Time, double? Value, string Label, bool IsHollow = false);

/// <summary>A bar from the bottom, such as one infusion by its mg.</summary>
public sealed record Bar(double Time, double Value, string Label);

/// <summary>A dashed line across the panel with its words.</summary>
public sealed record Threshold(double Value, string Label);

/// <summary>A moment that is marked with words, such as the first day of response.</summary>
public sealed record Mark(double Time, string Label);

/// <summary>One panel of a chart: a quantity with its own value axis over the shared axis of time.</summary>
public sealed record Panel(Quantity Quantity, string Label, string Unit)
{
    public PredictedBand? Predicted { get; init; }

    public IReadOnlyList<ObservedPoint> Observed { get; init; } = [];

    public IReadOnlyList<Bar> Bars { get; init; } = [];

    public IReadOnlyList<Threshold> Thresholds { get; init; } = [];

    public IReadOnlyList<Mark> Marks { get; init; } = [];

    /// <summary>The end of the value axis when the scale has one of its own (PHQ-9: 27).</summary>
    public double? Highest { get; init; }

    /// <summary>A lane of moments rather than of values: its points stand on one line, unjoined, without an axis of their own.</summary>
    public bool IsLane { get; init; }

    /// <summary>Where the value axis begins; zero unless a quantity never comes near it, such as a pressure.</summary>
    public double Lowest { get; init; }

    /// <summary>Share of the drawing's height, beside the other panels.</summary>
    public double Weight { get; init; } = 1;

    /// <summary>The value at which the points of a lane stand is 1, half of this.</summary>
    private const double LaneHeight = 2;

    public string ColourClass => $"q-{Quantity.ToString().ToLowerInvariant()}";

    /// <summary>The highest value that has to fit.</summary>
    public double Top => IsLane ? LaneHeight : Highest ?? new[]
    {
        Predicted?.High.DefaultIfEmpty(0).Max() ?? 0,
        Observed.Max(p => p.Value) ?? 0,
        Bars.Select(b => b.Value).DefaultIfEmpty(0).Max(),
        Thresholds.Select(t => t.Value).DefaultIfEmpty(0).Max(),
    }.Max();
}

/// <summary>The numbers of a chart as a table.</summary>
public sealed record ChartTable(string Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
