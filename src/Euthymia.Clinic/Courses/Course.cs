using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>A course of infusions of one patient. What is ordered is in its orders: the last version holds, the earlier ones are kept.</summary>
public sealed class Course
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PatientId { get; init; }

    /// <summary>Day 0 of the course.</summary>
    public DateOnly FirstDay { get; init; }

    public DateTimeOffset OrderedAt { get; init; }

    /// <summary>All versions, in order of version when loaded by <see cref="CoursePlanner"/>.</summary>
    public IList<InfusionOrder> Orders { get; init; } = [];

    /// <summary>The order that holds.</summary>
    public InfusionOrder Order => Orders.MaxBy(o => o.Version) ?? throw new InvalidOperationException($"Course {Id} was loaded without its orders.");
}

/// <summary>One version of what is ordered; never changed after it was stored.</summary>
public sealed class InfusionOrder
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid CourseId { get; init; }

    /// <summary>1 for the first order, one more for each amendment.</summary>
    public int Version { get; init; } = 1;

    public MilligramsPerKilogram DosePerKilogram { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>Days of the infusions, counted from the first day of the course, ascending.</summary>
    public IList<int> Days { get; init; } = [];

    /// <summary>Strength of the vial that is drawn from.</summary>
    public MilligramsPerMillilitre VialStrength { get; init; }

    /// <summary>Strength of what is in the syringe or bag after dilution; the pump's mL/h follow from it.</summary>
    public MilligramsPerMillilitre Concentration { get; init; }

    /// <summary>The weight that the dose was worked out with.</summary>
    public Kilograms Weight { get; init; }

    public DateOnly WeighedOn { get; init; }

    public DateTimeOffset OrderedAt { get; init; }

    public Guid OrderedBy { get; init; }

    public string OrderedByName { get; init; } = "";

    /// <summary>Why an unusual value was accepted, or why the order was amended; null when neither applies.</summary>
    public string? Reason { get; init; }

    /// <summary>Dose, volumes and rate, worked out from this order.</summary>
    public DoseArithmetic Arithmetic => ArithmeticFor(Weight);

    /// <summary>The same order worked out for the weight of the day.</summary>
    public DoseArithmetic ArithmeticFor(Kilograms weight) => new(DosePerKilogram, weight, Duration, VialStrength, Concentration);

    /// <summary>The order as a regimen of the engine, counted from the first infusion.</summary>
    public Regimen Regimen() =>
        new([.. Days.Select(day => Infusion.Constant(TimeSpan.FromDays(day - Days[0]), Arithmetic.Dose, Duration))]);
}
