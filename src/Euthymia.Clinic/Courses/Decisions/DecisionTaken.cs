namespace Euthymia.Clinic.Courses.Decisions;

/// <summary>What a clinician decides on a course.</summary>
public enum DecisionKind
{
    /// <summary>Go on as ordered.</summary>
    Continue,

    /// <summary>Go on otherwise: the order is amended.</summary>
    Adapt,

    /// <summary>End the course.</summary>
    Stop,

    /// <summary>Longer and longer intervals, then the end.</summary>
    Taper,

    /// <summary>One interval for as long as it holds.</summary>
    Maintain,
}

/// <summary>
/// A decision on a course, taken by a named clinician with a reason. Never changed after it was stored: an amendment is a new entry that
/// names the one it takes the place of.
/// </summary>
public sealed class DecisionTaken
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid CourseId { get; init; }

    public Guid PatientId { get; init; }

    /// <summary>Infusions given in the course when it was taken.</summary>
    public int AfterInfusions { get; init; }

    public DecisionKind Kind { get; init; }

    /// <summary>Days between infusions: one for maintenance, each step of a taper; empty otherwise.</summary>
    public IList<int> IntervalDays { get; init; } = [];

    public string Reason { get; init; } = "";

    /// <summary>What was on the page: outcome, published figures, own forecast with the models' versions.</summary>
    public string BasisShown { get; init; } = "";

    /// <summary>The entry that this one takes the place of; null for a first entry.</summary>
    public Guid? Amends { get; init; }

    public DateTimeOffset At { get; init; }

    public Guid ByAccountId { get; init; }

    public string ByName { get; init; } = "";

    /// <summary>Those that no later entry takes the place of, newest first.</summary>
    public static IEnumerable<DecisionTaken> Holding(IReadOnlyCollection<DecisionTaken> decisions)
    {
        var amended = decisions.Select(d => d.Amends).OfType<Guid>().ToHashSet();
        return decisions.Where(d => !amended.Contains(d.Id)).OrderByDescending(d => d.At).ThenByDescending(d => d.Id);
    }
}
