using System.Globalization;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>Low and high limits on one quantity, with unit, source and the status of that source.</summary>
public sealed record DoseLimit(
    string Id, string Field, string Name, string Unit, decimal HardLow, decimal SoftLow, decimal SoftHigh, decimal HardHigh, string Source, string Status);

/// <summary>How far a value is from its limits.</summary>
public enum LimitLevel
{
    Within,

    /// <summary>Outside the usual range: accepted with a reason.</summary>
    Soft,

    /// <summary>Outside what is accepted at all.</summary>
    Hard,
}

/// <summary>One value compared with its limits.</summary>
public sealed record LimitCheck(DoseLimit Limit, decimal Value, LimitLevel Level)
{
    public string Code => $"{(Level == LimitLevel.Hard ? "hard" : "soft")}_limit_{Limit.Id.Replace('-', '_')}";

    public string Message
    {
        get
        {
            var (low, high) = Level == LimitLevel.Hard ? (Limit.HardLow, Limit.HardHigh) : (Limit.SoftLow, Limit.SoftHigh);
            var name = char.ToUpperInvariant(Limit.Name[0]) + Limit.Name[1..];
            var close = Level == LimitLevel.Hard ? "This is refused." : "Give a reason to go on.";
            return $"{name} {Text(Value)} {Limit.Unit} is outside {Text(low)} to {Text(high)} {Limit.Unit}. {close}";
        }
    }

    private static string Text(decimal value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}

/// <summary>The limits of the data file, and the comparison with them.</summary>
public sealed class DoseLimits
{
    private readonly Dictionary<string, DoseLimit> _byId;

    private DoseLimits(LimitFile file)
    {
        _byId = file.Limits.ToDictionary(l => l.Id, StringComparer.Ordinal);
        All = file.Limits;
        Version = file.Version;
        VialStrengths = [.. file.VialStrengths.Values.Select(v => new MilligramsPerMillilitre(v))];
        MaximumInfusions = file.Course.MaximumInfusions;
        MaximumDay = file.Course.MaximumDay;
        PumpTolerance = file.PumpTolerance.Fraction;
    }

    public static DoseLimits Current { get; } = new(EmbeddedData.Read<LimitFile>("Courses.dose-limits.json"));

    public int Version { get; }

    public IReadOnlyList<DoseLimit> All { get; }

    public IReadOnlyList<MilligramsPerMillilitre> VialStrengths { get; }

    public int MaximumInfusions { get; }

    public int MaximumDay { get; }

    /// <summary>Relative difference above which a programmed rate is not the worked rate.</summary>
    public decimal PumpTolerance { get; }

    /// <summary>Every limited quantity of one infusion; all are checked, since each catches another slip.</summary>
    public IReadOnlyList<LimitCheck> Check(DoseArithmetic infusion) =>
    [
        Check("dose-per-kilogram", infusion.DosePerKilogram.Value),
        Check("dose", infusion.Dose.Value),
        Check("dose-rate", infusion.MilligramsPerMinute),
        Check("pump-rate", infusion.Rate.Value),
        Check("concentration", infusion.Concentration.Value),
        Check("duration", (decimal)infusion.Duration.Ticks / TimeSpan.TicksPerMinute),
    ];

    /// <summary>The limits that a rate programmed at the chair has to keep.</summary>
    public IReadOnlyList<LimitCheck> CheckRate(MillilitresPerHour rate, MilligramsPerMillilitre concentration) =>
    [
        Check("pump-rate", rate.Value),
        Check("dose-rate", (rate * concentration).Value / 60),
    ];

    public LimitCheck Check(string id, decimal value)
    {
        var limit = _byId[id];
        var level = value < limit.HardLow || value > limit.HardHigh ? LimitLevel.Hard
            : value < limit.SoftLow || value > limit.SoftHigh ? LimitLevel.Soft
            : LimitLevel.Within;
        return new LimitCheck(limit, value, level);
    }

    private sealed record LimitFile(int Version, DoseLimit[] Limits, Strengths VialStrengths, CourseSize Course, Tolerance PumpTolerance);

    private sealed record Strengths(decimal[] Values);

    private sealed record CourseSize(int MaximumInfusions, int MaximumDay);

    private sealed record Tolerance(decimal Fraction);
}
