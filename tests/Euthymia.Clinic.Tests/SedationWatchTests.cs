using Euthymia.Clinic.Rules;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

/// <summary>Hazard H36: breathing depressed by ketamine together with a benzodiazepine, an opioid or another sedative.</summary>
public sealed class SedationWatchTests
{
    private static readonly BeforeAnswers NoneToday = new() { Sedatives = Intake.No };

    public static TheoryData<CoMedication> EveryClass => [.. Enum.GetValues<CoMedication>()];

    public static TheoryData<string> EveryDrug => [.. DrugCatalogue.Current.Drugs.Select(d => d.Code)];

    [Theory, MemberData(nameof(EveryClass))]
    public void Of_every_class_of_co_medication_exactly_those_that_depress_breathing_raise_the_watch(CoMedication kind)
    {
        var raises = kind is CoMedication.Benzodiazepine or CoMedication.Opioid or CoMedication.OtherSedative;
        var watch = SedationWatch.Of(new MedicationOnRecord([new TakenDrug(null, "Anything", null, kind)], RecordedList.NotRecorded), NoneToday);
        Assert.Equal((raises, raises ? 1 : 0), (watch.IsRaised, watch.Basis.Count));
        Assert.Equal(raises, SedationWatch.Classes.Contains(kind));
    }

    [Theory, MemberData(nameof(EveryDrug))]
    public void Every_drug_of_the_catalogue_is_known_by_its_code_and_by_its_name(string code)
    {
        var drug = DrugCatalogue.Current.Find(code)!;
        var raises = drug.Classes?.Any(SedationWatch.Classes.Contains) == true;
        Assert.Equal(raises, SedationWatch.Of(new MedicationOnRecord([new TakenDrug(code, null, null)], RecordedList.NotRecorded), NoneToday).IsRaised);
        Assert.Equal(raises, SedationWatch.Of(new MedicationOnRecord([], RecordedList.Of($"{drug.Name} 1 mg at night")), NoneToday).IsRaised);
    }

    [Fact]
    public void What_nobody_has_asked_is_not_assessed_and_each_source_is_named()
    {
        var nothing = new MedicationOnRecord(null, RecordedList.NotRecorded);
        var reviewed = new MedicationOnRecord([], RecordedList.NoneKnown);
        Assert.Null(SedationWatch.Of(null, NoneToday).IsRaised);
        Assert.Null(SedationWatch.Of(nothing, NoneToday).IsRaised);
        Assert.Null(SedationWatch.Of(new MedicationOnRecord(null, RecordedList.NoneKnown), NoneToday).IsRaised);
        Assert.Null(SedationWatch.Of(reviewed, new BeforeAnswers()).IsRaised);
        Assert.False(SedationWatch.Of(reviewed, NoneToday).IsRaised);
        Assert.True(SedationWatch.Of(nothing, new BeforeAnswers { Sedatives = Intake.Yes }).IsRaised);
        var all = SedationWatch.Of(new MedicationOnRecord([new TakenDrug("N05BA06", null, 1)], RecordedList.Of("Morphine 10 mg")), new BeforeAnswers { Sedatives = Intake.Yes });
        Assert.Equal(["lorazepam (benzodiazepine, intake)", "morphine (opioid, medication list)", "sedative in the last day (go / no-go sheet)"], all.Basis, StringComparer.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("opioid", true, AlarmPriority.Medium)]
    [InlineData("opioid", false, AlarmPriority.Information)] // an assumed rule is shown and does not alarm before it is signed
    [InlineData(null, true, null)]
    public async Task A_saturation_that_is_fine_alone_alarms_beside_an_opioid_once_the_rule_is_signed(string? takes, bool signed, AlarmPriority? alarms)
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var (patient, _, visits) = await clinic.AddCourse();
        if (takes is not null)
        {
            await using var db = clinic.Db();
            (await db.Patients.SingleAsync(p => p.Id == patient.Id, TestClinic.Cancel)).Medication = RecordedList.Of("Morphine 10 mg");
            await db.SaveChangesAsync(TestClinic.Cancel);
        }

        if (signed)
            await clinic.As(clinic.Lead, (db, lead) => new RuleSignatures(db, clinic.Time, lead).Sign(["MON-30"], TestClinic.Cancel));
        var visit = visits[0].Id;
        await clinic.Start(visit);
        clinic.Time.Advance(TimeSpan.FromMinutes(5));
        var result = await clinic.Append(visit, new Observed(new Readings(OxygenSaturation: 95)));
        Assert.Equal(alarms, result.Opened.FirstOrDefault(f => f.RuleId is "MON-30")?.Priority);
        Assert.Equal(takes is not null, (await clinic.Visits(v => v.State(visit))).State.SedationWatch!.IsRaised is true);
    }
}
