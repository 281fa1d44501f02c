using Euthymia.Clinic;

namespace Euthymia.Web.Pages.Visits.Sheets;

/// <summary>The questions before an infusion as posted.</summary>
public sealed class BeforeInput
{
    public string? Name { get; set; }

    public string? BirthDate { get; set; }

    public string? ClinicNumber { get; set; }

    public string? ConsentSigned { get; set; }

    public string? AgreesToday { get; set; }

    public string? EscortName { get; set; }

    public string? EscortPhone { get; set; }

    public string? EscortConfirmed { get; set; }

    public string? LastSolids { get; set; }

    public string? LastFluids { get; set; }

    public string? Alcohol { get; set; }

    public string? LastAlcohol { get; set; }

    public string? Sedatives { get; set; }

    public string? LastSedative { get; set; }

    public string? RecreationalDrug { get; set; }

    public string? PressureTablets { get; set; }

    public string? Stimulant { get; set; }

    public string? CouldBePregnant { get; set; }

    public string? PregnancyTest { get; set; }

    public string? PregnancyTestAt { get; set; }

    public string? SuicideScreen { get; set; }

    public string? AnyChange { get; set; }

    public string? Changes { get; set; }

    public string? Equipment { get; set; }

    public string? LifeSupport { get; set; }

    public string? Watches { get; set; }

    public string? CallButton { get; set; }

    public string? AlarmSound { get; set; }

    /// <summary>What this visit has already recorded.</summary>
    public static BeforeInput Of(BeforeAnswers a, Func<DateTimeOffset?, string?> local) => new()
    {
        Name = Answers.Text(a.NameConfirmed),
        BirthDate = Answers.Text(a.BirthDateConfirmed),
        ClinicNumber = Answers.Text(a.ClinicNumberConfirmed),
        ConsentSigned = Answers.Text(a.ConsentSigned),
        AgreesToday = Answers.Text(a.AgreesToday),
        EscortName = a.EscortName,
        EscortPhone = a.EscortPhone,
        EscortConfirmed = Answers.Text(a.EscortConfirmedByPhone),
        LastSolids = local(a.LastSolidsAt),
        LastFluids = local(a.LastFluidsAt),
        Alcohol = a.Alcohol?.ToString(),
        LastAlcohol = local(a.LastAlcoholAt),
        Sedatives = a.Sedatives?.ToString(),
        LastSedative = local(a.LastSedativeAt),
        RecreationalDrug = Answers.Text(a.RecreationalDrug),
        PressureTablets = a.PressureTablets?.ToString(),
        Stimulant = Answers.Text(a.StimulantToday),
        CouldBePregnant = Answers.Text(a.CouldBePregnant),
        PregnancyTest = a.PregnancyTest?.ToString(),
        PregnancyTestAt = local(a.PregnancyTestAt),
        SuicideScreen = a.SuicideScreen?.ToString(),
        AnyChange = Answers.Text(a.AnyChange),
        Changes = a.Changes,
        Equipment = Answers.Text(a.EmergencyEquipment),
        LifeSupport = a.LifeSupportClinician,
        Watches = Answers.Text(a.AuthorWatches),
        CallButton = Answers.Text(a.CallButtonTested),
        AlarmSound = Answers.Text(a.AlarmSoundHeard),
    };

    public BeforeAnswers ToAnswers(Func<string, string?, DateTimeOffset?> moment) => new()
    {
        NameConfirmed = Answers.Of(Name),
        BirthDateConfirmed = Answers.Of(BirthDate),
        ClinicNumberConfirmed = Answers.Of(ClinicNumber),
        ConsentSigned = Answers.Of(ConsentSigned),
        AgreesToday = Answers.Of(AgreesToday),
        EscortName = Line(EscortName),
        EscortPhone = Line(EscortPhone),
        EscortConfirmedByPhone = Answers.Of(EscortConfirmed),
        LastSolidsAt = moment("lastSolids", LastSolids),
        LastFluidsAt = moment("lastFluids", LastFluids),
        Alcohol = Answers.Choice<Intake>(Alcohol),
        LastAlcoholAt = moment("lastAlcohol", LastAlcohol),
        Sedatives = Answers.Choice<Intake>(Sedatives),
        LastSedativeAt = moment("lastSedative", LastSedative),
        RecreationalDrug = Answers.Of(RecreationalDrug),
        PressureTablets = Answers.Choice<PressureTablets>(PressureTablets),
        StimulantToday = Answers.Of(Stimulant),
        CouldBePregnant = Answers.Of(CouldBePregnant),
        PregnancyTest = Answers.Choice<PregnancyTest>(PregnancyTest),
        PregnancyTestAt = moment("pregnancyTestAt", PregnancyTestAt),
        SuicideScreen = Answers.Choice<ScreenResult>(SuicideScreen),
        AnyChange = Answers.Of(AnyChange),
        Changes = Line(Changes),
        EmergencyEquipment = Answers.Of(Equipment),
        LifeSupportClinician = Line(LifeSupport),
        AuthorWatches = Answers.Of(Watches),
        CallButtonTested = Answers.Of(CallButton),
        AlarmSoundHeard = Answers.Of(AlarmSound),
    };

    private static string? Line(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
}
