namespace Euthymia.Clinic.Demo;

/// <summary>
/// What the sheets of an ordinary invented visit say. Times are minutes from the start; the lead enters the second check, witnesses the
/// waste and signs the review.
/// </summary>
internal static class DemoSheets
{
    private const decimal VialMillilitres = 10;

    /// <summary>Everything asked and found as it should be; a patient who ate too late shows an override.</summary>
    public static BeforeAnswers Before(DateTimeOffset start, Patient patient, bool ateLate) => new()
    {
        NameConfirmed = true,
        BirthDateConfirmed = true,
        ConsentSigned = true,
        AgreesToday = true,
        EscortName = "R. Fern",
        EscortPhone = "000 0000",
        EscortConfirmedByPhone = true,
        LastSolidsAt = start.AddHours(ateLate ? -4 : -9),
        LastFluidsAt = start.AddHours(-3),
        Alcohol = Intake.No,
        Sedatives = Intake.No,
        RecreationalDrug = false,
        PressureTablets = patient.Medication.Items.Any(m => m.StartsWith("amlodipine", StringComparison.Ordinal)) ? PressureTablets.Taken : PressureTablets.NotPrescribed,
        StimulantToday = false,
        CouldBePregnant = patient.Sex != RecordedSex.Male && patient.AgeOn(DateOnly.FromDateTime(start.UtcDateTime)) < 55,
        PregnancyTest = patient.Sex == RecordedSex.Male ? null : PregnancyTest.Negative,
        PregnancyTestAt = patient.Sex == RecordedSex.Male ? null : start.AddMinutes(-35),
        SuicideScreen = ScreenResult.Negative,
        AnyChange = false,
        EmergencyEquipment = true,
        LifeSupportClinician = "Dr. L. Ginkgo",
        AuthorWatches = true,
        CallButtonTested = true,
        AlarmSoundHeard = true,
    };

    public static DrugPrepared Prepared(Visit visit, DoseArithmetic dose, DateOnly day)
    {
        var drawn = dose.DrawAtLeast;
        return new DrugPrepared($"DEMO-{visit.Id.ToString("N")[^6..].ToUpperInvariant()}", "DEMO-LOT-7", day.AddMonths(9), dose.VialStrength.Value, VialMillilitres,
            drawn.Value, dose.FillUpTo(drawn).Value, LabelSaysBase: true, BarbiturateInLine: false, "Ordered by the prescriber as planned");
    }

    public static PumpEntered Pump(DoseArithmetic dose) => new(dose.Weight.Value, dose.Concentration.Value, dose.PumpRate.Value, dose.PumpVolume.Value);

    public static DrugReturned Returned(DrugPrepared prepared) => new((prepared.VialMillilitres - prepared.DrawnMillilitres) * prepared.VialMilligramsPerMillilitre, "Safe, same vial");

    public static DrugWasted? Wasted(VisitState state) => DrugLedger.Of(state).Open is { Value: > 0 } open ? new DrugWasted(open.Value, "Into the absorbing bottle") : null;

    public static AfterAnswers After { get; } = new()
    {
        Oriented = true,
        SteadyGait = true,
        OnRoomAir = true,
        LineRemoved = true,
        HandedToEscort = true,
        DrivingToldPatient = true,
        DrivingToldEscort = true,
        InstructionsGiven = true,
        LateEffectsExplained = true,
    };
}
