using Euthymia.Clinic.Forecasts;

namespace Euthymia.Clinic.Tests.Forecasts;

/// <summary>Patients with infusions and answers, to forecast.</summary>
internal static class Infused
{
    public static Phq9Form Total(int total) => new(Guid.CreateVersion7(), [.. Enumerable.Range(0, 9).Select(i => (int?)Math.Clamp(total - (3 * i), 0, 3))]);

    /// <summary>Gives one infusion of 40 minutes with readings at 20 and 41 minutes and completes the visit.</summary>
    public static async Task Give(this TestClinic clinic, Visit visit, int systolicAtPeak = 142, int dissociationAtPeak = 2)
    {
        if (clinic.Time.GetUtcNow() < visit.ScheduledAt)
            clinic.Time.SetUtcNow(visit.ScheduledAt);
        await clinic.Start(visit.Id);
        clinic.Time.Advance(TimeSpan.FromMinutes(20));
        await clinic.Append(visit.Id, new Observed(new Readings(Systolic: systolicAtPeak - 8, Diastolic: 86, Dissociation: 1)));
        clinic.Time.Advance(TimeSpan.FromMinutes(20));
        await clinic.Append(visit.Id, new InfusionStopped("Volume infused"));
        clinic.Time.Advance(TimeSpan.FromMinutes(1));
        await clinic.Append(visit.Id, new Observed(new Readings(Systolic: systolicAtPeak, Diastolic: 88, Dissociation: dissociationAtPeak)));
        await clinic.Finish(visit.Id);
    }

    public static Task<PatientModel> Model(this TestClinic clinic, Guid patientId, Actor? actor = null) =>
        clinic.As(actor ?? clinic.Lead, (db, a) => new ForecastDesk(db, clinic.Time, a, new IndividualModels()).Model(patientId, TestClinic.Cancel));

    public static Task<int> Check(this TestClinic clinic) => new ModelCheck(clinic.Db, clinic.Time).Run(cancel: TestClinic.Cancel);
}
