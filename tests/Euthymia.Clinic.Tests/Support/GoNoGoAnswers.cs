namespace Euthymia.Clinic.Tests;

/// <summary>The answers of a go / no-go sheet; linked into the tests of the pages, too.</summary>
public static class GoNoGoAnswers
{
    /// <summary>Of a visit that nothing holds up.</summary>
    public static BeforeAnswers AllWell(DateTimeOffset now) => new()
    {
        NameConfirmed = true,
        BirthDateConfirmed = true,
        ConsentSigned = true,
        AgreesToday = true,
        EscortName = "R. Fern",
        EscortPhone = "000",
        EscortConfirmedByPhone = true,
        LastSolidsAt = now.AddHours(-9),
        LastFluidsAt = now.AddHours(-3),
        Alcohol = Intake.No,
        Sedatives = Intake.No,
        RecreationalDrug = false,
        PressureTablets = PressureTablets.NotPrescribed,
        StimulantToday = false,
        CouldBePregnant = false,
        SuicideScreen = ScreenResult.Negative,
        AnyChange = false,
        EmergencyEquipment = true,
        LifeSupportClinician = "Dr. Rowan",
        AuthorWatches = true,
        CallButtonTested = true,
        AlarmSoundHeard = true,
    };
}
