using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>What the record says a patient takes: the intake's coded medicines (null: not reviewed), and the list in the patient's record.</summary>
internal sealed record MedicationOnRecord(IReadOnlyList<TakenDrug>? Reviewed, RecordedList Listed)
{
    private static readonly string Section = IntakeQuestions.Current.Sections.Single(s => s.Lists == IntakeList.Medication).Id;

    /// <summary>Of several patients in two queries.</summary>
    public static async Task<IReadOnlyDictionary<Guid, MedicationOnRecord>> Of(ClinicDb db, IReadOnlyCollection<Guid> patients, CancellationToken cancel)
    {
        var reviewed = (await db.IntakeSections.AsNoTracking().Where(s => patients.Contains(s.PatientId) && s.Section == Section).ToListAsync(cancel)).ToLookup(s => s.PatientId);
        var listed = await db.Patients.AsNoTracking().Where(p => patients.Contains(p.Id)).Select(p => new { p.Id, p.Medication }).ToListAsync(cancel);
        return listed.ToDictionary(p => p.Id, p => new MedicationOnRecord(reviewed[p.Id].MaxBy(s => s.Version)?.Answers.Medication, p.Medication));
    }
}

/// <summary>
/// Whether a patient's sedation and breathing are watched more closely, and why: something that depresses breathing beside ketamine is
/// on record or was told before the infusion (hazard H36).
/// </summary>
/// <param name="IsRaised">Null: not assessed. A list that nobody has reviewed and a question that nobody has asked are not "no".</param>
/// <param name="Basis">What it rests on, in words.</param>
public sealed record SedationWatch(bool? IsRaised, IReadOnlyList<string> Basis)
{
    private static readonly Dictionary<CoMedication, string> Words = new()
    {
        [CoMedication.Benzodiazepine] = "benzodiazepine",
        [CoMedication.Opioid] = "opioid",
        [CoMedication.OtherSedative] = "sedative",
    };

    /// <summary>The classes that depress breathing.</summary>
    public static IReadOnlyCollection<CoMedication> Classes => Words.Keys;

    internal static SedationWatch Of(MedicationOnRecord? record, BeforeAnswers before)
    {
        List<string> basis = [];
        foreach (var drug in record?.Reviewed ?? [])
        {
            if (ClassOf(drug.Classes) is { } word)
                basis.Add($"{drug.Coded?.Name ?? drug.Name} ({word}, intake)");
        }

        // The record's own list is free text: it can raise the watch, and never say that there is nothing.
        foreach (var item in record?.Listed.Items ?? [])
        {
            if (DrugCatalogue.Current.Drugs.FirstOrDefault(d => item.Contains(d.Name, StringComparison.OrdinalIgnoreCase) && ClassOf(d.Classes) is not null) is { } known
                && !basis.Exists(b => b.StartsWith(known.Name, StringComparison.OrdinalIgnoreCase)))
                basis.Add($"{known.Name} ({ClassOf(known.Classes)}, medication list)");
        }

        if (before.Sedatives == Intake.Yes)
            basis.Add("sedative in the last day (go / no-go sheet)");
        return new SedationWatch(basis.Count > 0 ? true : record?.Reviewed is null || before.Sedatives is null ? null : false, basis);
    }

    private static string? ClassOf(IReadOnlyList<CoMedication>? classes) => classes?.Select(c => Words.GetValueOrDefault(c)).FirstOrDefault(w => w is not null);
}
