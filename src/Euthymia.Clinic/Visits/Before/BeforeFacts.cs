using Euthymia.Clinic.Rules;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>
/// What the rules before a start look at: the visit's own sheets and what the record says about the patient. Anything not
/// known stays null, which the rules read as "not assessed".
/// </summary>
/// <param name="Visit">The visit.</param>
/// <param name="Patient">With all weights.</param>
/// <param name="Order">The order that holds.</param>
/// <param name="State">The state folded from the log.</param>
/// <param name="Now">The moment of judging.</param>
public sealed record BeforeFacts(Visit Visit, Patient Patient, InfusionOrder Order, VisitState State, DateTimeOffset Now)
{
    private BeforeAnswers Answers => State.Sheets.Before;

    /// <summary>Day of the clinic at <see cref="Now"/>.</summary>
    public required DateOnly Today { get; init; }

    /// <summary>The clinic's cap per infusion, mg; null when none is set.</summary>
    public decimal? Cap { get; init; }

    /// <summary>Consent to this course as recorded: signed, refused or withdrawn; null when the record has none and the staff's answer counts.</summary>
    public bool? ConsentOnRecord { get; init; }

    /// <summary>A symptom scale was completed today.</summary>
    public bool ScaleToday { get; init; }

    /// <summary>When the patient's last infusion before this one ended; null when there was none.</summary>
    public DateTimeOffset? LastInfusionAt { get; init; }

    /// <summary>Other infusions that the person who watches this patient watches now; null while nobody is named.</summary>
    public int? OtherInfusionsWatched { get; init; }

    /// <summary>The weight before today's weighing; null when there is none on record.</summary>
    public WeightMeasurement? LastWeight => Patient.Weights
        .Where(w => w.Id != State.Sheets.Weighing?.Event.Id && w.Id != State.Sheets.Weighing?.AmendedBy?.Id)
        .OrderBy(w => w.MeasuredOn).ThenBy(w => w.RecordedAt).LastOrDefault();

    /// <summary>The dose worked with today's weight; null until the patient was weighed.</summary>
    public DoseArithmetic? Arithmetic => State.Sheets.Weight is { } weight ? Order.ArithmeticFor(weight) : null;

    /// <summary>The resting pressure first taken, and the last one as its recheck. Readings older than the protocol allows do not count.</summary>
    private IReadOnlyList<SheetReading> Baseline => [.. State.Sheets.Baseline.Where(r => Now - r.At <= VisitProtocol.Current.BaselineHolds)];

    public PreSessionFacts PreSession()
    {
        var baseline = Baseline;
        var first = baseline.Count == 0 ? null : baseline[0].Readings;
        var recheck = baseline.Count > 1 ? baseline[^1].Readings : null;
        return new PreSessionFacts
        {
            Medicine = Medicine.KetamineInfusion,
            InfusionNumber = Visit.NumberInCourse,
            IdentifiersConfirmed = Count(Answers.NameConfirmed, Answers.BirthDateConfirmed, Answers.ClinicNumberConfirmed),
            Weight = State.Sheets.Weight?.Value,
            WeightMeasuredAt = State.Sheets.Weighing?.ObservedAt,
            LastWeight = LastWeight?.Weight.Value,
            FirstVisit = LastWeight is null,
            Systolic = first?.Systolic,
            Diastolic = first?.Diastolic,
            RecheckedSystolic = recheck?.Systolic,
            RecheckedDiastolic = recheck?.Diastolic,
            HeartRate = Latest(baseline, r => r.HeartRate),
            OxygenSaturation = Latest(baseline, r => r.OxygenSaturation),
            RespiratoryRate = Latest(baseline, r => r.RespiratoryRate),
            LastSolidsAt = Answers.LastSolidsAt,
            LastFluidsAt = Answers.LastFluidsAt,
            EscortConfirmedByPhone = Answers.EscortConfirmedByPhone is true ? Answers.EscortName is not null : Answers.EscortConfirmedByPhone,
            CouldBePregnant = Answers.CouldBePregnant ?? (Patient.Sex == RecordedSex.Male ? false : null),
            PregnancyTestAsked = Answers.PregnancyTest is null ? null : true,
            NegativePregnancyTestAt = Answers.PregnancyTest == PregnancyTest.Negative ? Answers.PregnancyTestAt : null,
            AlcoholAsked = Answers.Alcohol is null ? null : true,
            LastAlcoholAt = Answers.LastAlcoholAt,
            RecreationalDrugSinceLastVisit = Answers.RecreationalDrug,
            SedativesAsked = Answers.Sedatives is null ? null : true,
            LastSedativeAt = Answers.LastSedativeAt,
            AntihypertensivePrescribed = Answers.PressureTablets is { } tablets ? tablets != PressureTablets.NotPrescribed : null,
            AntihypertensiveTaken = Answers.PressureTablets is { } taken && taken != PressureTablets.NotPrescribed ? taken == PressureTablets.Taken : null,
            StimulantTakenToday = Answers.StimulantToday,
            SymptomScaleToday = ScaleToday,
            SuicideScreenSinceLastVisit = Answers.SuicideScreen is null ? null : true,
            UnclearedChanges = Answers.AnyChange switch { null => null, false => [], true => Lines(Answers.Changes) },
            EmergencyCheckAt = Answers.EmergencyEquipment is true ? State.Sheets.AnsweredBefore(a => a.EmergencyEquipment)?.ObservedAt : null,
            LifeSupportClinicianSignedIn = Answers.LifeSupportClinician is null ? null : true,
            NursesInfusions = OtherInfusionsWatched,
            CallButtonTested = Answers.CallButtonTested,
            AlarmSoundHeard = Answers.AlarmSoundHeard,
        };
    }

    public DosingFacts Dosing()
    {
        var prepared = State.Sheets.Prepared;
        var days = Order.Days;
        return new DosingFacts
        {
            DosePerKilogram = Order.DosePerKilogram.Value,
            DoseEntered = true,
            Dose = Arithmetic?.Dose.Value,
            Cap = Cap,
            DurationMinutes = (decimal)Order.Duration.Ticks / TimeSpan.TicksPerMinute,
            SecondSignature = false,
            PlannedInfusions = days.Count,
            PlannedWeeks = (days[^1] - days[0]) / 7m,
            FirstInfusion = LastInfusionAt is null,
            LastInfusionAt = LastInfusionAt,
            BodyMassIndex = Patient.HeightCentimetres is { } height && State.Sheets.Weight is { } weight ? weight.Value * 10_000 / (height * height) : null,
            Age = Patient.AgeOn(Today),
            Weight = State.Sheets.Weight?.Value,
            LastWeight = LastWeight?.Weight.Value,
            VialStrength = Order.VialStrength.Value,
            DilutionRecorded = prepared is null ? null : prepared.TotalMillilitres > prepared.DrawnMillilitres,
            LabelSaysBase = prepared?.LabelSaysBase,
            Concentration = Order.Concentration.Value,
            FirstEntry = AtTodaysWeight(State.Sheets.FirstCheck),
            SecondEntry = State.Sheets.SecondCheck?.Entry.ForRules(),
            FirstPerson = State.Sheets.FirstCheck?.Person,
            SecondPerson = State.Sheets.SecondCheck?.Person,
            BagChosen = prepared is not null,
            BarbiturateInLine = prepared?.BarbiturateInLine,
        };
    }

    public ConsentFacts Consent() => new()
    {
        SignedForThisCourse = (ConsentOnRecord ?? Answers.ConsentSigned) & Answers.AgreesToday,
        InMaintenance = false,
    };

    /// <summary>The last baseline reading as an observation; null when there is none.</summary>
    public ObservationFacts? Observation()
    {
        if (Baseline is not [.., var last])
            return null;
        var line = State.Log.Last(l => l.Entry is Observed && l.ObservedAt == last.At);
        return new ObservationFacts
        {
            Systolic = last.Readings.Systolic,
            Diastolic = last.Readings.Diastolic,
            HeartRate = last.Readings.HeartRate,
            OxygenSaturation = last.Readings.OxygenSaturation,
            RespiratoryRate = last.Readings.RespiratoryRate,
            Method = ReadingMethod.Manual,
            EnteredBy = last.AuthorName,
            ObservedAt = last.At,
            RecordedAt = line.Event.RecordedAt,
        };
    }

    // A person who typed another weight than the scale's has not checked this dose.
    private PumpEntry? AtTodaysWeight(PumpCheck? check) =>
        check is not null && State.Sheets.Weight is { } weight && Math.Abs(check.Entry.Kilograms - weight.Value) <= weight.Value * DoseLimits.Current.PumpTolerance ? check.Entry.ForRules() : null;

    private static int? Count(params bool?[] answers) => Array.TrueForAll(answers, a => a is null) ? null : answers.Count(a => a is true);

    private static int? Latest(IReadOnlyList<SheetReading> readings, Func<Readings, int?> value) => readings.Select(r => value(r.Readings)).LastOrDefault(v => v is not null);

    private static string[] Lines(string? text) => (text ?? "not described").Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
