using System.Text.Json.Serialization;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>An entry on one of the sheets around the infusion: before it, on its drug, or after it.</summary>
public abstract record SheetEntry : VisitEntry;

/// <summary>Something that is taken or not, with "not asked" being the absence of an answer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Intake>))]
public enum Intake
{
    No,
    Yes,
}

/// <summary>Blood pressure tablets on the morning of the infusion.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PressureTablets>))]
public enum PressureTablets
{
    NotPrescribed,
    Taken,
    NotTaken,
}

[JsonConverter(typeof(JsonStringEnumConverter<PregnancyTest>))]
public enum PregnancyTest
{
    NotDone,
    Negative,
    Positive,
}

/// <summary>Result of a structured screen for suicide risk, whichever the clinic uses.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScreenResult>))]
public enum ScreenResult
{
    Negative,
    Positive,
}

/// <summary>
/// What was asked and looked at before the infusion. Null is "not asked"; nothing has a default. A later sheet adds to an
/// earlier one field by field, so that two people can fill it together.
/// </summary>
public sealed record BeforeAnswers
{
    public bool? NameConfirmed { get; init; }

    public bool? BirthDateConfirmed { get; init; }

    public bool? ClinicNumberConfirmed { get; init; }

    /// <summary>A signed consent to this course is in the record.</summary>
    public bool? ConsentSigned { get; init; }

    /// <summary>Asked today: the patient still wants the infusion.</summary>
    public bool? AgreesToday { get; init; }

    public string? EscortName { get; init; }

    public string? EscortPhone { get; init; }

    public bool? EscortConfirmedByPhone { get; init; }

    public DateTimeOffset? LastSolidsAt { get; init; }

    public DateTimeOffset? LastFluidsAt { get; init; }

    public Intake? Alcohol { get; init; }

    public DateTimeOffset? LastAlcoholAt { get; init; }

    public Intake? Sedatives { get; init; }

    public DateTimeOffset? LastSedativeAt { get; init; }

    public bool? RecreationalDrug { get; init; }

    public PressureTablets? PressureTablets { get; init; }

    public bool? StimulantToday { get; init; }

    public bool? CouldBePregnant { get; init; }

    public PregnancyTest? PregnancyTest { get; init; }

    public DateTimeOffset? PregnancyTestAt { get; init; }

    public ScreenResult? SuicideScreen { get; init; }

    public bool? AnyChange { get; init; }

    /// <summary>New illness, drug, pregnancy, bladder, psychotic or manic symptom, one a line.</summary>
    public string? Changes { get; init; }

    public bool? EmergencyEquipment { get; init; }

    /// <summary>Who is here with a current certificate of advanced life support.</summary>
    public string? LifeSupportClinician { get; init; }

    /// <summary>The author watches this patient during the infusion.</summary>
    public bool? AuthorWatches { get; init; }

    public bool? CallButtonTested { get; init; }

    /// <summary>A person played the alarm sound on the chair's device and heard it.</summary>
    public bool? AlarmSoundHeard { get; init; }

    [JsonIgnore]
    public bool IsEmpty => this == new BeforeAnswers();

    /// <summary>What these answers add to what is known; answers that belong together go together.</summary>
    public BeforeAnswers NewSince(BeforeAnswers known)
    {
        var alcohol = (Alcohol, LastAlcoholAt) != (known.Alcohol, known.LastAlcoholAt);
        var sedatives = (Sedatives, LastSedativeAt) != (known.Sedatives, known.LastSedativeAt);
        var pregnancy = (CouldBePregnant, PregnancyTest, PregnancyTestAt) != (known.CouldBePregnant, known.PregnancyTest, known.PregnancyTestAt);
        var changes = AnyChange != known.AnyChange || !string.Equals(Changes, known.Changes, StringComparison.Ordinal);
        return new BeforeAnswers
        {
            NameConfirmed = New(NameConfirmed, known.NameConfirmed),
            BirthDateConfirmed = New(BirthDateConfirmed, known.BirthDateConfirmed),
            ClinicNumberConfirmed = New(ClinicNumberConfirmed, known.ClinicNumberConfirmed),
            ConsentSigned = New(ConsentSigned, known.ConsentSigned),
            AgreesToday = New(AgreesToday, known.AgreesToday),
            EscortName = New(EscortName, known.EscortName),
            EscortPhone = New(EscortPhone, known.EscortPhone),
            EscortConfirmedByPhone = New(EscortConfirmedByPhone, known.EscortConfirmedByPhone),
            LastSolidsAt = New(LastSolidsAt, known.LastSolidsAt),
            LastFluidsAt = New(LastFluidsAt, known.LastFluidsAt),
            Alcohol = alcohol ? Alcohol : null,
            LastAlcoholAt = alcohol ? LastAlcoholAt : null,
            Sedatives = sedatives ? Sedatives : null,
            LastSedativeAt = sedatives ? LastSedativeAt : null,
            RecreationalDrug = New(RecreationalDrug, known.RecreationalDrug),
            PressureTablets = New(PressureTablets, known.PressureTablets),
            StimulantToday = New(StimulantToday, known.StimulantToday),
            CouldBePregnant = pregnancy ? CouldBePregnant : null,
            PregnancyTest = pregnancy ? PregnancyTest : null,
            PregnancyTestAt = pregnancy ? PregnancyTestAt : null,
            SuicideScreen = New(SuicideScreen, known.SuicideScreen),
            AnyChange = changes ? AnyChange : null,
            Changes = changes ? Changes : null,
            EmergencyEquipment = New(EmergencyEquipment, known.EmergencyEquipment),
            LifeSupportClinician = New(LifeSupportClinician, known.LifeSupportClinician),
            AuthorWatches = New(AuthorWatches, known.AuthorWatches),
            CallButtonTested = New(CallButtonTested, known.CallButtonTested),
            AlarmSoundHeard = New(AlarmSoundHeard, known.AlarmSoundHeard),
        };
    }

    private static T? New<T>(T? answer, T? known) => EqualityComparer<T?>.Default.Equals(answer, known) ? default : answer;

    /// <summary>These answers with the later ones over them; a later "not asked" changes nothing.</summary>
    public BeforeAnswers With(BeforeAnswers later) => new()
    {
        NameConfirmed = later.NameConfirmed ?? NameConfirmed,
        BirthDateConfirmed = later.BirthDateConfirmed ?? BirthDateConfirmed,
        ClinicNumberConfirmed = later.ClinicNumberConfirmed ?? ClinicNumberConfirmed,
        ConsentSigned = later.ConsentSigned ?? ConsentSigned,
        AgreesToday = later.AgreesToday ?? AgreesToday,
        EscortName = later.EscortName ?? EscortName,
        EscortPhone = later.EscortPhone ?? EscortPhone,
        EscortConfirmedByPhone = later.EscortConfirmedByPhone ?? EscortConfirmedByPhone,
        LastSolidsAt = later.LastSolidsAt ?? LastSolidsAt,
        LastFluidsAt = later.LastFluidsAt ?? LastFluidsAt,
        Alcohol = later.Alcohol ?? Alcohol,
        LastAlcoholAt = later.Alcohol is null ? LastAlcoholAt : later.LastAlcoholAt,
        Sedatives = later.Sedatives ?? Sedatives,
        LastSedativeAt = later.Sedatives is null ? LastSedativeAt : later.LastSedativeAt,
        RecreationalDrug = later.RecreationalDrug ?? RecreationalDrug,
        PressureTablets = later.PressureTablets ?? PressureTablets,
        StimulantToday = later.StimulantToday ?? StimulantToday,
        CouldBePregnant = later.CouldBePregnant ?? CouldBePregnant,
        PregnancyTest = later.CouldBePregnant is null ? later.PregnancyTest ?? PregnancyTest : later.PregnancyTest,
        PregnancyTestAt = later.CouldBePregnant is null ? later.PregnancyTestAt ?? PregnancyTestAt : later.PregnancyTestAt,
        SuicideScreen = later.SuicideScreen ?? SuicideScreen,
        AnyChange = later.AnyChange ?? AnyChange,
        Changes = later.AnyChange is null ? Changes : later.Changes,
        EmergencyEquipment = later.EmergencyEquipment ?? EmergencyEquipment,
        LifeSupportClinician = later.LifeSupportClinician ?? LifeSupportClinician,
        AuthorWatches = later.AuthorWatches ?? AuthorWatches,
        CallButtonTested = later.CallButtonTested ?? CallButtonTested,
        AlarmSoundHeard = later.AlarmSoundHeard ?? AlarmSoundHeard,
    };
}

/// <summary>A part of the go / no-go sheet was filled.</summary>
public sealed record CheckedBefore(BeforeAnswers Answers) : SheetEntry;

/// <summary>The patient was weighed today; the dose is worked out with this weight and no other.</summary>
/// <param name="Kilograms">Weight in kg.</param>
/// <param name="Confirmed">True when the weight was questioned (a jump, a mix-up of pounds and kilograms) and entered a second time.</param>
public sealed record Weighed([property: JsonPropertyName("kg")] decimal Kilograms, bool Confirmed = false) : SheetEntry
{
    [JsonIgnore]
    public Kilograms Weight => new(Kilograms);
}

/// <summary>A named clinician goes on in spite of a stop. It holds for what was found and no longer when that changes.</summary>
/// <param name="RuleId">The rule that stops.</param>
/// <param name="RuleVersion">Its version.</param>
/// <param name="Found">What the rule had found; see <see cref="GoNoGoLine.Found"/>.</param>
/// <param name="Reason">Why the clinician goes on.</param>
public sealed record StopOverridden(string RuleId, string RuleVersion, string Found, string Reason) : SheetEntry;
