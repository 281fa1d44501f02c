namespace Euthymia.Clinic;

/// <summary>A named clinician takes back an override of a stop before a course, with a reason. Never changed after it was stored; an override is taken back once.</summary>
public sealed class OverrideWithdrawal
{
    public Guid OverrideId { get; init; }

    public Guid PatientId { get; init; }

    public string Reason { get; init; } = "";

    public DateTimeOffset At { get; init; }

    public Guid ByAccountId { get; init; }

    public string ByName { get; init; } = "";
}
