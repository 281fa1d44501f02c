namespace Euthymia.Clinic;

/// <summary>When somebody last had a running visit in sight: the chair's page or the room asked for it. One row a visit; no row means that nobody can tell, and never that nobody looked.</summary>
public sealed class VisitLook
{
    public Guid VisitId { get; init; }

    public DateTimeOffset At { get; set; }
}
