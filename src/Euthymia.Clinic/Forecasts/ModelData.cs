using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Individualisation;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Clinic.Forecasts;

/// <summary>
/// A patient's record as the individual model takes it. A pure function of what is on record, so that the model never needs storing.
/// </summary>
/// <param name="Record">Weight, age, sex, doses as given by rate segment, observations.</param>
/// <param name="Origin">Hour zero: the start of the first infusion ever given here, or the moment of the forecast before any.</param>
/// <param name="Caveats">What the model could not use or was not told, one sentence each.</param>
public sealed record ModelData(PatientRecord Record, DateTimeOffset Origin, IReadOnlyList<string> Caveats)
{
    private static readonly Dictionary<string, string> Scales = new(StringComparer.Ordinal) { ["PHQ-9"] = "PHQ-9", ["MADRS"] = "MADRS", ["QIDS-SR"] = "QIDS", ["HAM-D"] = "HAM-D17" };
    private static readonly DrugList Interacting = EmbeddedData.Read<DrugList>("Forecasts.interacting-drugs.json");

    /// <summary>The models that a forecast is made with, each with its version.</summary>
    public static string ModelVersion { get; } =
        $"{DrugModels.Default.Id} {DrugModels.Default.Version}, response {ResponseParameters.Default.Version}, individual {IndividualParameters.Default.Version}";

    /// <summary>The scale of the models that an instrument measures on, or null when they know none.</summary>
    public static DepressionScale? ScaleOf(string instrumentId) =>
        Scales.TryGetValue(instrumentId, out var name) ? DepressionScale.All.Single(s => string.Equals(s.Name, name, StringComparison.Ordinal)) : null;

    /// <summary>The instruments whose totals the models can use and forecast.</summary>
    public static IReadOnlyList<string> Instruments { get; } = [.. Scales.Keys];

    /// <summary>Hours from <see cref="Origin"/>.</summary>
    public double HoursAt(DateTimeOffset moment) => (moment - Origin).TotalHours;

    /// <summary>Two records with the same key give the same model.</summary>
    public string Key => Convert.ToHexString(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new
    {
        ModelVersion,
        Record.Covariates.Weight.Value,
        Record.Covariates.AgeYears,
        Record.Covariates.Sex,
        Record.Circumstances,
        Record.Expectancy,
        Given = Record.Given.SelectMany(i => i.Segments.Select(s => new { Start = s.Start.Ticks, Length = s.Duration.Ticks, Rate = s.Rate.Value })),
        Record.Observations,
    })));

    /// <summary>Takes from a story all that the model can use.</summary>
    /// <param name="story">The patient.</param>
    /// <param name="at">The moment of the forecast; an infusion that runs counts up to here.</param>
    /// <exception cref="ClinicRuleException">No weight is recorded.</exception>
    public static ModelData Of(RecordedHistory story, DateTimeOffset at)
    {
        var patient = story.Patient;
        var weight = patient.CurrentWeight
            ?? throw ClinicRuleException.Invalid("weight", "weight_missing", "No weight is recorded, so that there is no forecast. Weigh the patient and record it.");
        List<string> caveats = [];
        var states = story.Visits.Select(v => VisitFold.Of(v, v.Events, at)).ToList();
        var starts = states.Where(s => s.VolumeGiven.Value > 0).Select(s => s.StartedAt!.Value).ToList();
        var origin = starts.Count > 0 ? starts.Min() : at;
        List<PatientObservation> observations = [.. Scores(story, origin), .. states.SelectMany(s => Readings(s, origin, caveats))];
        if (Doubted(states) is { } doubted)
            caveats.Add(doubted);
        var record = new PatientRecord(
            new Covariates(weight.Weight, patient.AgeOn(DateOnly.FromDateTime(at.UtcDateTime)), patient.Sex switch { RecordedSex.Female => Sex.Female, RecordedSex.Male => Sex.Male, _ => null }),
            [.. states.Select(s => s.Given(origin)).OfType<Infusion>()],
            observations,
            Circumstances: CircumstancesOf(patient, states, caveats));
        if (patient.Diagnosis is Diagnosis.BipolarI or Diagnosis.BipolarII)
            caveats.Add("The diagnosis is bipolar depression: the response model was calibrated mostly on trials of unipolar depression and does not tell them apart.");
        return new ModelData(record, origin, caveats);
    }

    private static IEnumerable<PatientObservation> Scores(RecordedHistory story, DateTimeOffset origin)
    {
        foreach (var assessment in story.Assessments.Where(a => a.Total is not null))
        {
            var hours = (assessment.CompletedAt - origin).TotalHours;
            if (ScaleOf(assessment.InstrumentId) is { } scale)
                yield return new PatientObservation(hours, ObservedKind.Score, assessment.Total!.Value, scale.Name);
            else if (string.Equals(assessment.InstrumentId, "CADSS", StringComparison.Ordinal))
                yield return new PatientObservation(hours, ObservedKind.Cadss, assessment.Total!.Value);
        }
    }

    private static string? Doubted(List<VisitState> states)
    {
        var left = states.SelectMany(s => s.Log).Where(l => l.Doubts.Count > 0).Sum(l =>
        {
            var (read, sound) = (((Observed)l.Entry!).Readings, l.Sound!);
            return Count(read.Has(ReadingPart.Pressure) && !sound.Has(ReadingPart.Pressure)) + Count(read.Dissociation is not null && sound.Dissociation is null);
        });
        return left == 0 ? null : $"{left} doubted {(left == 1 ? "reading was" : "readings were")} left out (blood pressure or dissociation, with a quality flag in the visit's log).";

        static int Count(bool isLeftOut) => isLeftOut ? 1 : 0;
    }

    private static IEnumerable<PatientObservation> Readings(VisitState state, DateTimeOffset origin, List<string> caveats)
    {
        foreach (var line in state.Log)
        {
            if (line.Sound is not { } readings)
                continue;
            var hours = (line.ObservedAt - origin).TotalHours;
            if (readings is { Systolic: { } systolic, Diastolic: { } diastolic } && (systolic is < 50 or > 300 || diastolic is < 20 or > 200 || diastolic >= systolic))
                caveats.Add($"A blood pressure of {systolic}/{diastolic} mmHg could not be used: check that reading.");
            else
            {
                if (readings.Systolic is { } upper and >= 50 and <= 300)
                    yield return new PatientObservation(hours, ObservedKind.SystolicPressure, upper);
                if (readings.Diastolic is { } lower and >= 20 and <= 200)
                    yield return new PatientObservation(hours, ObservedKind.DiastolicPressure, lower);
            }

            if (readings.Dissociation is { } level and >= 0 and <= 4)
                yield return new PatientObservation(hours, ObservedKind.DissociationLevel, level);
        }
    }

    private static Circumstances CircumstancesOf(Patient patient, List<VisitState> states, List<string> caveats)
    {
        var circumstances = Circumstances.None;
        if (states.LastOrDefault(s => s.Sheets.Before.PregnancyTest is not null)?.Sheets.Before.PregnancyTest == PregnancyTest.Positive)
            circumstances |= Circumstances.Pregnant;
        if (!patient.Medication.IsRecorded)
            caveats.Add("The medication is not recorded: a drug that changes ketamine's clearance is not assessed.");
        foreach (var drug in Interacting.Drugs.Where(d => patient.Medication.Items.Any(item => item.Contains(d.Name, StringComparison.OrdinalIgnoreCase))))
        {
            circumstances |= Circumstances.InteractingDrug;
            caveats.Add($"{char.ToUpperInvariant(drug.Name[0])}{drug.Name[1..]} {drug.Why} ({drug.Status}: {drug.Source}).");
        }

        return circumstances;
    }

    private sealed record DrugList(int Version, string Note, InteractingDrug[] Drugs);

    private sealed record InteractingDrug(string Name, string Why, string Source, string Status);
}
