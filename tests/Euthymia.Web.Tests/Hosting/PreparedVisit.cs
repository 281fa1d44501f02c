using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Clinic.Tests;
using Euthymia.Pharmacometrics;

namespace Euthymia.Web.Tests.Hosting;

/// <summary>Fills a visit's sheets as careful people would, for tests about what comes after.</summary>
public static class PreparedVisit
{
    /// <summary>Everything that a start waits for, by two people, for a patient of 70 kg on the usual order.</summary>
    public static async Task Fill(ClinicDb db, TimeProvider time, Actor nurse, Actor second, Visit visit)
    {
        var log = new VisitLog(db, time, nurse);
        var now = time.GetUtcNow();
        await new FollowUp(db, time, nurse).RecordPhq9(visit.PatientId, new Phq9Form(Guid.CreateVersion7(), [2, 2, 2, 2, 2, 2, 2, 2, 0]));
        VisitEntry[] entries =
        [
            new CheckedBefore(GoNoGoAnswers.AllWell(now)), new Observed(new Readings(124, 78, 66, 98, 5, 0, 0, 0, 14)), new Weighed(70),
            new DrugPrepared("V-1", "L-1", DateOnly.FromDateTime(now.UtcDateTime).AddMonths(6), 50, 10, 0.7m, 35, LabelSaysBase: true, BarbiturateInLine: false), Pump,
        ];
        foreach (var entry in entries)
            await log.Append(visit.Id, Guid.CreateVersion7(), entry);
        await new VisitLog(db, time, second).Append(visit.Id, Guid.CreateVersion7(), Pump);
    }

    public static PumpEntered Pump => new(70, 1, 52.5m, 35);

    public static Task<AppendResult> Start(ClinicDb db, TimeProvider time, Actor nurse, Visit visit) =>
        new VisitLog(db, time, nurse).Start(visit.Id, Guid.CreateVersion7(), new MillilitresPerHour(52.5m));
}
