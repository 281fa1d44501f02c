using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

/// <summary>Fills a visit's sheets as careful people would, so that a test can be about what comes after.</summary>
public static class PreparedVisit
{
    /// <summary>For 61 kg at 0.5 mg/kg: 30.5 mg from a vial of 50 mg/mL; 0.61 mL are drawn and filled up to 30.5 mL.</summary>
    public static DrugPrepared Vial(DateOnly today) => new("V-7", "LOT-7", today.AddMonths(6), 50, 10, 0.61m, 30.5m, LabelSaysBase: true, BarbiturateInLine: false);

    public static PumpEntered Pump => new(61, 1, 45.75m, 30.5m);

    public static AfterAnswers Fit { get; } = new()
    {
        Oriented = true,
        SteadyGait = true,
        OnRoomAir = true,
        LineRemoved = true,
        SuicideRiskRechecked = true,
        HandedToEscort = true,
        DrivingToldPatient = true,
        DrivingToldEscort = true,
        InstructionsGiven = true,
        LateEffectsExplained = true,
    };

    public static Readings Rest { get; } = new(120, 78, 66, 98, 5, 0, 0, 0, 14);

    public static Task<AppendResult> ByLead(this TestClinic clinic, Guid visit, VisitEntry entry) =>
        clinic.Visits(v => v.Append(visit, Guid.CreateVersion7(), entry), clinic.Lead);

    /// <summary>Everything that a start waits for, but not for what <paramref name="except"/> names.</summary>
    public static async Task Prepare(this TestClinic clinic, Guid visit, Type? except = null)
    {
        var now = clinic.Time.GetUtcNow();
        var patientId = await clinic.As(clinic.Nurse, (db, _) => db.Visits.Where(v => v.Id == visit).Select(v => v.PatientId).SingleAsync());
        if ((await clinic.FollowUps(f => f.List(patientId))).All(a => a.CompletedAt < now.AddHours(-12)))
            await clinic.FollowUps(f => f.RecordPhq9(patientId, new Phq9Form(Guid.CreateVersion7(), [2, 2, 2, 2, 2, 2, 2, 2, 0])));
        VisitEntry[] entries = [new CheckedBefore(GoNoGoAnswers.AllWell(now)), new Observed(Rest), new Weighed(61), Vial(DateOnly.FromDateTime(now.UtcDateTime)), Pump];
        foreach (var entry in entries.Where(e => e.GetType() != except))
            await clinic.Append(visit, entry);
        await clinic.ByLead(visit, Pump);
    }

    public static async Task<bool> IsPrepared(this TestClinic clinic, Guid visit) =>
        (await clinic.As(clinic.Nurse, (db, _) => db.VisitEvents.Where(e => e.VisitId == visit).ToListAsync())).Any(e => e.Entry is Weighed);

    /// <summary>Closes the ledger of an ended infusion: what is left over is wasted by the nurse and witnessed by the lead.</summary>
    public static async Task CloseLedger(this TestClinic clinic, Guid visit)
    {
        var open = DrugLedger.Of((await clinic.Visits(v => v.State(visit))).State).Open;
        var waste = await clinic.Append(visit, new DrugWasted(open.Value, "absorbing bottle"));
        await clinic.ByLead(visit, new Witnessed(waste.Event.Id));
    }

    /// <summary>An hour later the patient is fit: readings, scores and answers, but not the completion itself.</summary>
    public static async Task Recover(this TestClinic clinic, Guid visit)
    {
        clinic.Time.Advance(TimeSpan.FromMinutes(61));
        await clinic.Append(visit, new Observed(Rest));
        await clinic.Append(visit, new RecoveryScored(2, 2, 2, 2, 1));
        await clinic.Append(visit, new HomeReadinessScored(2, 2, 2, 2, 2));
        await clinic.Append(visit, new CheckedAfter(Fit));
    }

    /// <summary>Ledger, recovery and completion.</summary>
    public static async Task<AppendResult> Finish(this TestClinic clinic, Guid visit)
    {
        await clinic.CloseLedger(visit);
        await clinic.Recover(visit);
        return await clinic.Append(visit, new VisitCompleted());
    }
}
