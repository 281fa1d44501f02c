using System.Globalization;

namespace Euthymia.Pharmacometrics;

// Decimal, because a dose written on a label must come out as the same digits. Only operators whose units work exist.

/// <summary>An amount of drug base in mg.</summary>
public readonly record struct Milligrams(decimal Value) : IComparable<Milligrams>
{
    /// <inheritdoc cref="QuantityText"/>
    public override string ToString() => QuantityText.Of(Value, "mg");

    /// <summary>Orders by amount.</summary>
    public int CompareTo(Milligrams other) => Value.CompareTo(other.Value);

    /// <summary>The sum, in the same unit.</summary>
    public static Milligrams operator +(Milligrams left, Milligrams right) => new(left.Value + right.Value);

    /// <summary>The difference, in the same unit; it may be negative.</summary>
    public static Milligrams operator -(Milligrams left, Milligrams right) => new(left.Value - right.Value);

    /// <summary>mg / kg = mg/kg.</summary>
    public static MilligramsPerKilogram operator /(Milligrams dose, Kilograms weight) => new(dose.Value / weight.Value);

    /// <summary>mg / (mg/mL) = mL.</summary>
    public static Millilitres operator /(Milligrams dose, MilligramsPerMillilitre strength) => new(dose.Value / strength.Value);

    /// <summary>mg / time = mg/h.</summary>
    public static MilligramsPerHour operator /(Milligrams dose, TimeSpan duration)
        => new(dose.Value * TimeSpan.TicksPerHour / duration.Ticks);

    /// <summary>Whether the first is the smaller.</summary>
    public static bool operator <(Milligrams left, Milligrams right) => left.Value < right.Value;

    /// <summary>Whether the first is the larger.</summary>
    public static bool operator >(Milligrams left, Milligrams right) => left.Value > right.Value;

    /// <summary>Whether the first is not the larger.</summary>
    public static bool operator <=(Milligrams left, Milligrams right) => left.Value <= right.Value;

    /// <summary>Whether the first is not the smaller.</summary>
    public static bool operator >=(Milligrams left, Milligrams right) => left.Value >= right.Value;
}

/// <summary>A dose in mg per kg of body weight.</summary>
public readonly record struct MilligramsPerKilogram(decimal Value) : IComparable<MilligramsPerKilogram>
{
    /// <inheritdoc cref="QuantityText"/>
    public override string ToString() => QuantityText.Of(Value, "mg/kg");

    /// <summary>Orders by dose.</summary>
    public int CompareTo(MilligramsPerKilogram other) => Value.CompareTo(other.Value);

    /// <summary>The sum, in the same unit.</summary>
    public static MilligramsPerKilogram operator +(MilligramsPerKilogram left, MilligramsPerKilogram right) => new(left.Value + right.Value);

    /// <summary>mg/kg x kg = mg.</summary>
    public static Milligrams operator *(MilligramsPerKilogram dose, Kilograms weight) => new(dose.Value * weight.Value);

    /// <summary>Whether the first is the smaller.</summary>
    public static bool operator <(MilligramsPerKilogram left, MilligramsPerKilogram right) => left.Value < right.Value;

    /// <summary>Whether the first is the larger.</summary>
    public static bool operator >(MilligramsPerKilogram left, MilligramsPerKilogram right) => left.Value > right.Value;

    /// <summary>Whether the first is not the larger.</summary>
    public static bool operator <=(MilligramsPerKilogram left, MilligramsPerKilogram right) => left.Value <= right.Value;

    /// <summary>Whether the first is not the smaller.</summary>
    public static bool operator >=(MilligramsPerKilogram left, MilligramsPerKilogram right) => left.Value >= right.Value;
}

/// <summary>A body weight in kg.</summary>
public readonly record struct Kilograms(decimal Value) : IComparable<Kilograms>
{
    /// <inheritdoc cref="QuantityText"/>
    public override string ToString() => QuantityText.Of(Value, "kg");

    /// <summary>Orders by weight.</summary>
    public int CompareTo(Kilograms other) => Value.CompareTo(other.Value);

    /// <summary>kg x mg/kg = mg.</summary>
    public static Milligrams operator *(Kilograms weight, MilligramsPerKilogram dose) => dose * weight;

    /// <summary>Whether the first is the smaller.</summary>
    public static bool operator <(Kilograms left, Kilograms right) => left.Value < right.Value;

    /// <summary>Whether the first is the larger.</summary>
    public static bool operator >(Kilograms left, Kilograms right) => left.Value > right.Value;

    /// <summary>Whether the first is not the larger.</summary>
    public static bool operator <=(Kilograms left, Kilograms right) => left.Value <= right.Value;

    /// <summary>Whether the first is not the smaller.</summary>
    public static bool operator >=(Kilograms left, Kilograms right) => left.Value >= right.Value;
}

/// <summary>A rate of drug in mg/h.</summary>
public readonly record struct MilligramsPerHour(decimal Value) : IComparable<MilligramsPerHour>
{
    /// <inheritdoc cref="QuantityText"/>
    public override string ToString() => QuantityText.Of(Value, "mg/h");

    /// <summary>Orders by rate.</summary>
    public int CompareTo(MilligramsPerHour other) => Value.CompareTo(other.Value);

    /// <summary>The sum, in the same unit.</summary>
    public static MilligramsPerHour operator +(MilligramsPerHour left, MilligramsPerHour right) => new(left.Value + right.Value);

    /// <summary>mg/h x time = mg.</summary>
    public static Milligrams operator *(MilligramsPerHour rate, TimeSpan duration)
        => new(rate.Value * duration.Ticks / TimeSpan.TicksPerHour);

    /// <summary>mg/h / (mg/mL) = mL/h.</summary>
    public static MillilitresPerHour operator /(MilligramsPerHour rate, MilligramsPerMillilitre strength) => new(rate.Value / strength.Value);

    /// <summary>Whether the first is the smaller.</summary>
    public static bool operator <(MilligramsPerHour left, MilligramsPerHour right) => left.Value < right.Value;

    /// <summary>Whether the first is the larger.</summary>
    public static bool operator >(MilligramsPerHour left, MilligramsPerHour right) => left.Value > right.Value;

    /// <summary>Whether the first is not the larger.</summary>
    public static bool operator <=(MilligramsPerHour left, MilligramsPerHour right) => left.Value <= right.Value;

    /// <summary>Whether the first is not the smaller.</summary>
    public static bool operator >=(MilligramsPerHour left, MilligramsPerHour right) => left.Value >= right.Value;
}

/// <summary>A rate of fluid in mL/h.</summary>
public readonly record struct MillilitresPerHour(decimal Value) : IComparable<MillilitresPerHour>
{
    /// <inheritdoc cref="QuantityText"/>
    public override string ToString() => QuantityText.Of(Value, "mL/h");

    /// <summary>Orders by rate.</summary>
    public int CompareTo(MillilitresPerHour other) => Value.CompareTo(other.Value);

    /// <summary>mL/h x mg/mL = mg/h.</summary>
    public static MilligramsPerHour operator *(MillilitresPerHour rate, MilligramsPerMillilitre strength) => new(rate.Value * strength.Value);

    /// <summary>mL/h x time = mL.</summary>
    public static Millilitres operator *(MillilitresPerHour rate, TimeSpan duration)
        => new(rate.Value * duration.Ticks / TimeSpan.TicksPerHour);

    /// <summary>Whether the first is the smaller.</summary>
    public static bool operator <(MillilitresPerHour left, MillilitresPerHour right) => left.Value < right.Value;

    /// <summary>Whether the first is the larger.</summary>
    public static bool operator >(MillilitresPerHour left, MillilitresPerHour right) => left.Value > right.Value;

    /// <summary>Whether the first is not the larger.</summary>
    public static bool operator <=(MillilitresPerHour left, MillilitresPerHour right) => left.Value <= right.Value;

    /// <summary>Whether the first is not the smaller.</summary>
    public static bool operator >=(MillilitresPerHour left, MillilitresPerHour right) => left.Value >= right.Value;
}

/// <summary>A volume of fluid in mL.</summary>
public readonly record struct Millilitres(decimal Value) : IComparable<Millilitres>
{
    /// <inheritdoc cref="QuantityText"/>
    public override string ToString() => QuantityText.Of(Value, "mL");

    /// <summary>Orders by volume.</summary>
    public int CompareTo(Millilitres other) => Value.CompareTo(other.Value);

    /// <summary>The sum, in the same unit.</summary>
    public static Millilitres operator +(Millilitres left, Millilitres right) => new(left.Value + right.Value);

    /// <summary>The difference, in the same unit; it may be negative.</summary>
    public static Millilitres operator -(Millilitres left, Millilitres right) => new(left.Value - right.Value);

    /// <summary>mL / time = mL/h.</summary>
    public static MillilitresPerHour operator /(Millilitres volume, TimeSpan duration)
        => new(volume.Value * TimeSpan.TicksPerHour / duration.Ticks);

    /// <summary>mL x mg/mL = mg.</summary>
    public static Milligrams operator *(Millilitres volume, MilligramsPerMillilitre strength) => new(volume.Value * strength.Value);

    /// <summary>Whether the first is the smaller.</summary>
    public static bool operator <(Millilitres left, Millilitres right) => left.Value < right.Value;

    /// <summary>Whether the first is the larger.</summary>
    public static bool operator >(Millilitres left, Millilitres right) => left.Value > right.Value;

    /// <summary>Whether the first is not the larger.</summary>
    public static bool operator <=(Millilitres left, Millilitres right) => left.Value <= right.Value;

    /// <summary>Whether the first is not the smaller.</summary>
    public static bool operator >=(Millilitres left, Millilitres right) => left.Value >= right.Value;
}

/// <summary>A strength in mg of drug per mL of what is in the syringe.</summary>
public readonly record struct MilligramsPerMillilitre(decimal Value) : IComparable<MilligramsPerMillilitre>
{
    /// <inheritdoc cref="QuantityText"/>
    public override string ToString() => QuantityText.Of(Value, "mg/mL");

    /// <summary>Orders by strength.</summary>
    public int CompareTo(MilligramsPerMillilitre other) => Value.CompareTo(other.Value);

    /// <summary>Whether the first is the smaller.</summary>
    public static bool operator <(MilligramsPerMillilitre left, MilligramsPerMillilitre right) => left.Value < right.Value;

    /// <summary>Whether the first is the larger.</summary>
    public static bool operator >(MilligramsPerMillilitre left, MilligramsPerMillilitre right) => left.Value > right.Value;

    /// <summary>Whether the first is not the larger.</summary>
    public static bool operator <=(MilligramsPerMillilitre left, MilligramsPerMillilitre right) => left.Value <= right.Value;

    /// <summary>Whether the first is not the smaller.</summary>
    public static bool operator >=(MilligramsPerMillilitre left, MilligramsPerMillilitre right) => left.Value >= right.Value;
}

/// <summary>
/// How a quantity is written: a leading zero, no trailing zeros, a narrow no-break space before the unit
/// (ISMP, "List of error-prone abbreviations, symbols and dose designations").
/// </summary>
internal static class QuantityText
{
    private const char NarrowNoBreakSpace = '\u202F';

    public static string Of(decimal value, string unit)
        => value.ToString("0.############################", CultureInfo.InvariantCulture) + NarrowNoBreakSpace + unit;
}
