using System.Globalization;
using Euthymia.Pharmacometrics;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Cohort;

/// <summary>What leaves the clinic for research, from the database on: consent, waves, disguise, audit (attacks A71 to A74).</summary>
public sealed class ResearchExportTests
{
    private const string Canary = "Zzcanary";
    private static readonly DateTimeOffset FirstVisit = new(2026, 2, 23, 9, 0, 0, TimeSpan.Zero);

    [Theory]
    [ClassData(typeof(OnEveryDatabase))]
    public async Task Only_who_consented_and_did_not_withdraw_is_exported(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patients = await Treated(clinic, 14);
        await Consent(clinic, patients.Take(12));

        Assert.Equal(new ExportOutlook(12, 0), await clinic.Exports(e => e.Outlook()));
        Assert.Equal(12, (await clinic.Exports(e => e.Make())).Patients);
        await clinic.Research(r => Done(r.Withdraw(patients[0])));
        var later = await clinic.Exports(e => e.Make());
        Assert.Equal(11, later.Patients);
        Assert.DoesNotContain((await ConsentOf(clinic, patients[0]))!.ResearchId, Cells(later), StringComparer.Ordinal);
        await clinic.Research(r => Done(r.Withdraw(patients[1])));
        await Refused.With("too_few", () => clinic.Exports(e => e.Make()));
    }

    [Theory]
    [ClassData(typeof(OnEveryDatabase))]
    public async Task A73_two_exports_differ_by_eleven_new_patients_or_by_none(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patients = await Treated(clinic, 24);
        await Consent(clinic, patients.Take(12));
        Assert.Equal(12, (await clinic.Exports(e => e.Make())).Patients);
        await Consent(clinic, patients.Skip(12).Take(10));

        Assert.Equal(new ExportOutlook(12, 10), await clinic.Exports(e => e.Outlook()));
        Assert.Equal(12, (await clinic.Exports(e => e.Make())).Patients);
        await Consent(clinic, patients.Skip(22).Take(1));
        Assert.Equal(23, (await clinic.Exports(e => e.Make())).Patients);
    }

    [Theory]
    [ClassData(typeof(OnEveryDatabase))]
    public async Task Every_patient_of_an_export_is_audited_and_only_a_lead_makes_one(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patients = await Treated(clinic, 11);
        await Consent(clinic, patients);
        await Assert.ThrowsAsync<ClinicRuleException>(() => clinic.Exports(e => e.Make(), clinic.Nurse));
        Assert.Empty(await Audited(clinic, AuditKind.ResearchExported));

        await clinic.Exports(e => e.Make());
        Assert.Equal(patients.Order(), (await Audited(clinic, AuditKind.ResearchExported)).Select(a => a.PatientId!.Value).Order());
        Assert.Single(await Audited(clinic, AuditKind.ResearchExportMade));
    }

    [Theory]
    [ClassData(typeof(OnEveryDatabase))]
    public async Task A71_A72_nothing_that_names_a_patient_is_in_the_tables_and_intervals_stay_true(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patients = await Treated(clinic, 12);
        await Consent(clinic, patients);
        var data = await clinic.Exports(e => e.Make());

        var cells = Cells(data).ToList();
        Assert.All(cells, cell => Assert.DoesNotContain(Canary, cell, StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(cells, cell => patients.Exists(id => cell.Contains(id.ToString("N")[..12], StringComparison.OrdinalIgnoreCase) || cell.Contains(id.ToString(), StringComparison.OrdinalIgnoreCase)));
        Assert.Contains(cells, cell => string.Equals(cell, "hidden", StringComparison.Ordinal));  // the side effect in words of one patient

        var infusions = data.Tables.Single(t => string.Equals(t.Name, "infusions", StringComparison.Ordinal)).Rows;
        Assert.Equal(24, infusions.Count);
        foreach (var patient in infusions.GroupBy(r => (string)r[0]!, StringComparer.Ordinal))
        {
            var days = patient.Select(r => (DateOnly)r[2]!).ToList();
            Assert.Equal(2, days[1].DayNumber - days[0].DayNumber);
            var consent = (await clinic.As(clinic.Lead, (db, _) => db.ResearchConsents.SingleAsync(c => c.ResearchId == patient.Key)));
            Assert.Equal(new DateOnly(2026, 2, 23).AddDays(consent.ShiftDays), days[0]);
            Assert.InRange(Math.Abs(consent.ShiftDays), 1, ResearchConsent.LongestShift);
        }

        // One shift each: the same true day becomes many.
        Assert.True(infusions.Where(r => r[3] is 0.0).Select(r => (DateOnly)r[2]!).Distinct().Count() > 8);
        Assert.All(data.Tables.SelectMany(t => t.Rows).SelectMany(r => r), cell => Assert.True(cell is null or string or int or double or DateOnly or bool));
    }

    [Theory]
    [ClassData(typeof(OnEveryDatabase))]
    public async Task A_consent_has_a_day_that_makes_sense_and_a_new_one_has_new_secrets(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = (await clinic.AddPatient()).Id;
        Assert.Null(await clinic.Research(r => r.Of(patient)));
        await Refused.With("required", () => clinic.Research(r => Done(r.Give(patient, null))));
        await Refused.With("date_in_future", () => clinic.Research(r => Done(r.Give(patient, new DateOnly(2026, 3, 3)))));
        await Refused.With("date_before_birth", () => clinic.Research(r => Done(r.Give(patient, new DateOnly(1998, 5, 16)))));
        await clinic.Research(r => Done(r.Give(patient, new DateOnly(2026, 3, 2))));
        await Refused.With("consent_exists", () => clinic.Research(r => Done(r.Give(patient, new DateOnly(2026, 3, 2)))));
        var first = (await ConsentOf(clinic, patient))!;
        Assert.Equal((new DateOnly(2026, 3, 2), true), (first.GivenOn, first.Holds));
        Assert.Equal("Nurse Hazel", first.RecordedByName);

        clinic.Time.Advance(TimeSpan.FromDays(1));
        await clinic.Research(r => Done(r.Withdraw(patient)));
        Assert.Equal(new DateOnly(2026, 3, 3), (await ConsentOf(clinic, patient))!.WithdrawnOn);
        await clinic.Research(r => Done(r.Give(patient, new DateOnly(2026, 3, 3))));
        var second = (await ConsentOf(clinic, patient))!;
        Assert.NotEqual(first.ResearchId, second.ResearchId, StringComparer.Ordinal);
        Assert.Null(second.WithdrawnOn);
        Assert.Equal(2, (await Audited(clinic, AuditKind.ResearchConsentGiven)).Count);
        Assert.Single(await Audited(clinic, AuditKind.ResearchConsentWithdrawn));
    }

    private static async Task<bool> Done(Task act)
    {
        await act;
        return true;
    }

    private static async Task Consent(TestClinic clinic, IEnumerable<Guid> patients)
    {
        foreach (var id in patients)
            await clinic.Research(r => Done(r.Give(id, new DateOnly(2026, 3, 2))));
    }

    private static Task<ResearchConsent?> ConsentOf(TestClinic clinic, Guid patient) => clinic.Research(r => r.Of(patient));

    private static Task<List<AuditEntry>> Audited(TestClinic clinic, string kind) => clinic.As(clinic.Lead, (db, _) => db.Audit.Where(a => a.Kind == kind).ToListAsync());

    private static IEnumerable<string> Cells(ResearchData data) =>
        data.Tables.SelectMany(t => t.Rows).SelectMany(r => r).OfType<object>().Select(c => Convert.ToString(c, CultureInfo.InvariantCulture)!).Concat(data.About);

    /// <summary>Patients with two infusions each, canaries in every text, stored as the visit log would store them.</summary>
    private static async Task<List<Guid>> Treated(TestClinic clinic, int count)
    {
        await using var db = clinic.Db();
        List<Guid> ids = [];
        for (var i = 0; i < count; i++)
        {
            var patient = new Patient
            {
                ClinicNumber = $"{Canary}-{i}",
                NationalId = $"{Canary}{i}",
                GivenName = Canary,
                FamilyName = $"{Canary}{i}",
                SearchKey = Canary,
                DateOfBirth = new DateOnly(1970 + i, 3, 4),
                Sex = i % 2 == 0 ? RecordedSex.Female : RecordedSex.Male,
                Medication = RecordedList.Of(Canary),
                ChangedByName = Canary,
            };
            var course = new Course { PatientId = patient.Id, FirstDay = new DateOnly(2026, 2, 23) };
            course.Orders.Add(new InfusionOrder { CourseId = course.Id, DosePerKilogram = new(0.5m), Duration = TimeSpan.FromMinutes(40), Days = [0, 2], VialStrength = new(50), Concentration = new(1), Weight = new Kilograms(60), OrderedByName = Canary, Reason = Canary });
            db.AddRange(patient, course);
            db.Assessments.Add(new Assessment { Id = Guid.CreateVersion7(), PatientId = patient.Id, InstrumentId = "PHQ-9", Total = 20, CompletedAt = FirstVisit.AddHours(-2), RecordedByName = Canary });
            for (var n = 0; n < 2; n++)
                db.Visits.Add(Visit(FirstVisit.AddDays(2 * n), patient, course, n + 1, i));
            ids.Add(patient.Id);
        }

        await db.SaveChangesAsync();
        return ids;
    }

    private static Visit Visit(DateTimeOffset at, Patient patient, Course course, int number, int index)
    {
        var visit = new Visit { PatientId = patient.Id, CourseId = course.Id, NumberInCourse = number, ScheduledAt = at.AddMinutes(index), Chair = $"{Canary} {index}" };
        List<(int Minute, VisitEntry Entry)> entries = [(0, new InfusionStarted(45, 1, 30, course.Orders[0].Id)), (20, new Observed(new Readings(130, 80, 70, 98))), (40, new InfusionStopped(Canary))];
        if (index == 0)
            entries.Add((25, new SideEffectSeen($"{Canary} by her brother", null, SideEffectGrade.Mild, Canary, SideEffectOutcome.Resolved)));
        var previous = "";
        foreach (var (minute, entry) in entries)
        {
            var sealedEvent = VisitSeal.Seal(new VisitEvent { Id = Guid.CreateVersion7(), VisitId = visit.Id, Number = visit.Events.Count + 1, ObservedAt = at.AddMinutes(minute), RecordedAt = at.AddMinutes(minute), AuthorName = Canary, Entry = entry }, previous);
            previous = sealedEvent.Hash;
            visit.Events.Add(sealedEvent);
        }

        return visit;
    }
}
