namespace Euthymia.Clinic.Courses.Care;

/// <summary>What accompanies the infusions.</summary>
public enum CareKind
{
    Psychotherapy,
    Antidepressant,
    MoodStabiliser,
    Other,
}

/// <summary>How far something planned was done.</summary>
public enum Adherence
{
    AsPlanned,
    Partly,
    NotDone,
}

/// <summary>Something of the plan beside the infusions. Never changed after it was stored; what is changed or ended is a new entry in its place.</summary>
public sealed class CareItem
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid CourseId { get; init; }

    public Guid PatientId { get; init; }

    public CareKind Kind { get; init; }

    /// <summary>Such as "sertraline 100 mg daily", "cognitive behavioural therapy".</summary>
    public string What { get; init; } = "";

    /// <summary>Hours after the end of an infusion at which it is meant; null where it does not hang on infusions.</summary>
    public int? HoursAfterInfusion { get; init; }

    public string? Note { get; init; }

    /// <summary>True when this entry ends what it takes the place of.</summary>
    public bool Ends { get; init; }

    /// <summary>The entry that this one takes the place of.</summary>
    public Guid? Replaces { get; init; }

    public DateTimeOffset At { get; init; }

    public Guid ByAccountId { get; init; }

    public string ByName { get; init; } = "";
}

/// <summary>One report of how far something planned was done; never changed after it was stored.</summary>
public sealed class CareReport
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid CareItemId { get; init; }

    public Guid PatientId { get; init; }

    /// <summary>The clinic's day that it is about.</summary>
    public DateOnly Day { get; init; }

    public Adherence Adherence { get; init; }

    public string? Note { get; init; }

    public DateTimeOffset At { get; init; }

    public Guid ByAccountId { get; init; }

    public string ByName { get; init; } = "";
}
