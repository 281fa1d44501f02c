using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>
/// What the record says of a referred patient, read in one go, and the facts that the stages before a course look at. What nobody
/// has answered stays null, which the rules read as "not assessed".
/// </summary>
internal sealed record ReferralRecord(PatientIntake Intake, ClinicSettings Clinic, RuleSettings Rules, DateTimeOffset Now)
{
    private static readonly string[] DepressionScales = ["PHQ-9", "QIDS-SR", "MADRS", "HAM-D"];

    public Patient Patient => Intake.Patient;

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<Assessment> Assessments { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<TeamDecision> Decisions { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<Override> Overrides { get; init; }

    /// <summary>Oldest first.</summary>
    public required IReadOnlyList<ConsentRecord> Consents { get; init; }

    /// <summary>Oldest first, with their orders.</summary>
    public required IReadOnlyList<Course> Courses { get; init; }

    /// <summary>Ends of the infusions that were given, oldest first; read for one patient only.</summary>
    public IReadOnlyList<DateTimeOffset> InfusionEnds { get; init; } = [];

    /// <summary>The course that is asked about: the latest one, or null while none is ordered.</summary>
    public Course? Course => Courses.Count > 0 ? Courses[^1] : null;

    private IntakeAnswers Answers { get; } = Intake.Answers;

    public bool InMaintenance => string.Equals(Answers["phase"], nameof(TreatmentPhase.Maintenance), StringComparison.Ordinal);

    /// <summary>The decision of each reviewer that holds.</summary>
    public IEnumerable<TeamDecision> HoldingDecisions => Decisions.GroupBy(d => d.ReviewerId).Select(g => g.Last());

    /// <summary>The last event about consent to the course that is asked about; null when nothing was recorded.</summary>
    public ConsentRecord? Consent => ConsentBook.Holding(Consents, Courses, Course);

    public IndicationFacts Indication()
    {
        var phase = Enum.TryParse<TreatmentPhase>(Answers["phase"], out var planned) ? planned : (TreatmentPhase?)null;
        return new IndicationFacts
        {
            AdequateTrials = AdequateTrials(),
            Medicine = Medicine.KetamineInfusion,
            Phase = phase,
            LastDepressionScoreAt = Assessments.LastOrDefault(a => DepressionScales.Contains(a.InstrumentId, StringComparer.Ordinal) && a.Total is not null)?.CompletedAt,
            Phq9 = Assessments.LastOrDefault(a => Is(a, "PHQ-9") && a.Total is not null)?.Total,
            Age = Age,
            Bipolar = IsBipolar,
            MoodStabiliser = Answers.Medication?.Any(d => d.Coded?.MoodStabiliser == true),
            PlannedInfusions = Course?.Order.Days.Count ?? (int?)Answers.Number("plannedInfusions"),
            HasStopRule = Answers["stopRule"] is null ? null : true,
            HasReviewDate = Answers["reviewOn"] is null ? null : true,
            SiteRegisteredAndEquipped = Answers.YesNo("siteRegisteredAndEquipped"),
        };
    }

    public ScreeningFacts Screening()
    {
        var a = Answers;
        return new ScreeningFacts
        {
            KetamineAllergy = a.YesNo("ketamineAllergy"),
            PressureRiseHazard = a.YesNo("pressureRiseHazard"),
            AneurysmOrMalformation = a.YesNo("aneurysmOrMalformation"),
            IntracerebralHaemorrhage = a.YesNo("intracerebralHaemorrhage"),
            EclampsiaHeartStrokeOrBrainInjury = a.YesNo("eclampsiaHeartStroke"),
            Pressures = a.Pressures,
            UntreatedHyperthyroidism = a.YesNo("untreatedHyperthyroidism"),
            UnstableAngina = a.YesNo("unstableAngina"),
            EverInfarction = a.YesNo("everInfarction"),
            LastInfarctionAt = Moment("lastInfarctionOn"),
            DecompensatedHeartFailure = a.YesNo("decompensatedHeartFailure"),
            RaisedIntracranialPressure = a.YesNo("raisedIntracranialPressure"),
            GlaucomaOrEyeInjury = a.YesNo("glaucomaOrEyeInjury"),
            OphthalmologyClearance = a.YesNo("ophthalmologyClearance"),
            Psychosis = a.YesNo("psychosis"),
            CurrentMania = a.YesNo("currentMania"),
            PastMania = a.YesNo("pastMania"),
            PregnantBreastFeedingOrFertilityTreatment = a.YesNo("pregnancy") ?? (Patient.Sex == RecordedSex.Male ? false : null),
            SubstanceUseDisorder = a.YesNo("substanceUseDisorder"),
            MonthsInRemission = a.Number("monthsInRemission"),
            AddictionClinicianSigned = a.YesNo("addictionClinicianSigned"),
            RecreationalDrugs = a.YesNo("recreationalDrugs"),
            KetamineMisuse = a.YesNo("ketamineMisuse"),
            RecentEpilepsy = a.YesNo("recentEpilepsy"),
            SevereLiverImpairment = a.YesNo("severeLiver"),
            ModerateLiverImpairment = a.YesNo("moderateLiver"),
            CystitisOrUrinarySymptoms = a.YesNo("cystitisOrUrinary"),
            NeurocognitiveDisorder = a.YesNo("neurocognitive"),
            SpecialistSigned = a.YesNo("specialistSigned"),
            CanConsent = a.YesNo("canConsent"),
            AirwayOrLungRisk = a.YesNo("airwayOrLungRisk"),
            AcutePorphyria = a.YesNo("acutePorphyria"),
            Age = Age,
            Hypertension = a.YesNo("hypertension"),
            PlannedDose = Course?.Order.DosePerKilogram.Value ?? a.Number("plannedDose"),
            LiverTestsAt = Moment("liverTestsOn"),
            ToxicologyAskedFor = a.YesNo("toxicologyAskedFor"),
            ToxicologyEntered = a.YesNo("toxicologyEntered"),
            HeartDiseaseOrArrhythmia = a.YesNo("heartDiseaseOrArrhythmia"),
            EcgEntered = a["ecgOn"] is null ? null : true,
            LawAsksForMonitoringQuery = a.YesNo("lawAsksForMonitoringQuery"),
            MonitoringQueryAt = Moment("monitoringQueryOn"),
            TeamDeclined = Decisions.Count == 0 ? null : HoldingDecisions.Any(d => d.Decision == ReviewerDecision.Decline),
            TeamApprovals = Decisions.Count == 0 ? null : HoldingDecisions.Count(d => d.Decision == ReviewerDecision.Approve),
            Medication = a.Medication is null ? null : [.. a.Medication.SelectMany(d => d.Classes).Distinct().Order()],
            DiazepamEquivalent = DiazepamEquivalent.Of(a.Medication)?.MilligramsPerDay,
            MaoInhibitorEver = a.YesNo("maoInhibitorEver"),
            MaoInhibitorStoppedAt = Moment("maoInhibitorStoppedOn"),
        };
    }

    public ConsentFacts ConsentFacts()
    {
        var signed = Consent is { Event: ConsentEvent.Signed } record ? record : null;
        return new ConsentFacts
        {
            SignedForThisCourse = Consent is null ? null : signed is not null,
            Clauses = signed?.Explained ?? [.. ConsentForm.Current.Clauses.Select(c => c.Clause)],
            InMaintenance = Answers["phase"] is null ? null : InMaintenance,
            SignedAt = signed?.SignedAt,
            MaintenanceInfusionsSince = signed is null ? null : InfusionEnds.Count(end => end > signed.SignedAt),
            SignersName = signed?.PatientName,
            MeaningOfSignature = signed?.PatientMeaning,
        };
    }

    public GovernanceFacts Governance() => new()
    {
        CareEnds = Answers.YesNo("careEnds"),
        CareEndsAt = Moment("careEndsOn"),
        HandOverWritten = Answers.YesNo("handOverWritten"),
    };

    /// <summary>The rules about suicidality and side effects that need the intake beside the scales.</summary>
    public IReadOnlyList<RuleResult> Watch() =>
    [
        .. Suicidality.Evaluate(SuicidalityFacts(), Rules, Now).Results.Where(r => r.Rule.Id is "SUI-06" or "SUI-07" or "SUI-08"),
        // Mania and psychosis are watched from the first order on; before it the screening asks.
        .. Course is null ? [] : SideEffects.Evaluate(MoodWatch.Facts(Patient, Assessments, Course, InfusionEnds, Now), Rules, Now).Results.Where(r => r.Rule.Id is "MAN-03" or "MAN-04"),
    ];

    private SuicidalityFacts SuicidalityFacts()
    {
        var phq9 = Assessments.Where(a => Is(a, "PHQ-9")).ToList();
        var item = Instrument.Phq9.SuicideItem!.Value;
        var scored = phq9.Where(a => a.Total is not null).ToList();
        var lastInfusion = InfusionEnds.Count > 0 ? InfusionEnds[^1] : (DateTimeOffset?)null;
        var before = scored.LastOrDefault(a => a.CompletedAt <= lastInfusion)?.Total;
        var after = scored.LastOrDefault(a => a.CompletedAt > lastInfusion)?.Total;
        return new SuicidalityFacts
        {
            DeathItem = phq9.LastOrDefault(a => a.Answers.Count >= item)?.Answers[item - 1],
            FreeTextSpeaksOfSuicide = Answers.YesNo("letterSpeaksOfSuicide"),
            Age = Age,
            // Before the first infusion nothing can have fallen after one.
            ScoreFellAfterInfusion = lastInfusion is null ? false : after < before,
            SafetyPlanOpen = Answers.YesNo("safetyPlanOpen"),
        };
    }

    /// <summary>Adequate trials in this episode; null while trials whose dose, weeks or outcome is not known could still reach the limit.</summary>
    private int? AdequateTrials()
    {
        if (Answers.Trials is not { } trials)
            return null;
        var counted = trials.Count(t => t.CountsForResistance is true);
        var limit = Rules.Value(RuleBook.Get("IND-01"), "trials");
        return counted < limit && counted + trials.Count(t => t.CountsForResistance is null) >= limit ? null : counted;
    }

    private int Age => Patient.AgeOn(Clinic.DayOf(Now));

    private bool IsBipolar => Patient.Diagnosis is Diagnosis.BipolarI or Diagnosis.BipolarII;

    private DateTimeOffset? Moment(string question) => Answers.Day(question) is { } day ? Clinic.MomentOf(day, TimeOnly.MinValue) : null;

    private static bool Is(Assessment a, string instrument) => string.Equals(a.InstrumentId, instrument, StringComparison.Ordinal);

    /// <summary>Reads the records of several patients with a handful of questions to the database.</summary>
    public static async Task<IReadOnlyList<ReferralRecord>> Read(ClinicDb db, IReadOnlyCollection<Guid> patientIds, DateTimeOffset now, CancellationToken cancel)
    {
        var clinic = await new ClinicOffice(db).Settings(cancel);
        var rules = await ClinicRules.Settings(db, cancel);
        var patients = await db.Patients.AsNoTracking().Include(p => p.Weights).Where(p => patientIds.Contains(p.Id)).ToListAsync(cancel);
        var sections = (await db.IntakeSections.AsNoTracking().Where(s => patientIds.Contains(s.PatientId)).OrderBy(s => s.RecordedAt).ThenBy(s => s.Version).ToListAsync(cancel)).ToLookup(s => s.PatientId);
        var assessments = (await db.Assessments.AsNoTracking().Where(a => patientIds.Contains(a.PatientId)).OrderBy(a => a.CompletedAt).ThenBy(a => a.Id).ToListAsync(cancel)).ToLookup(a => a.PatientId);
        var decisions = (await db.TeamDecisions.AsNoTracking().Where(d => patientIds.Contains(d.PatientId)).OrderBy(d => d.Number).ToListAsync(cancel)).ToLookup(d => d.PatientId);
        var overrides = (await db.Overrides.AsNoTracking().Where(o => o.VisitId == null && patientIds.Contains(o.PatientId)).OrderBy(o => o.At).ToListAsync(cancel)).ToLookup(o => o.PatientId);
        var consents = (await db.Consents.AsNoTracking().Where(c => patientIds.Contains(c.PatientId)).OrderBy(c => c.RecordedAt).ThenBy(c => c.Id).ToListAsync(cancel)).ToLookup(c => c.PatientId);
        var courses = (await db.Courses.AsNoTracking().Include(c => c.Orders).Where(c => patientIds.Contains(c.PatientId)).OrderBy(c => c.OrderedAt).ToListAsync(cancel)).ToLookup(c => c.PatientId);
        return patients.ConvertAll(p => new ReferralRecord(new PatientIntake(p, [.. sections[p.Id]]), clinic, rules, now)
        {
            Assessments = [.. assessments[p.Id]],
            Decisions = [.. decisions[p.Id]],
            Overrides = [.. overrides[p.Id]],
            Consents = [.. consents[p.Id]],
            Courses = [.. courses[p.Id]],
        });
    }

    /// <summary>One patient's record with the infusions that were given.</summary>
    public static async Task<ReferralRecord> ReadOne(ClinicDb db, Guid patientId, DateTimeOffset now, CancellationToken cancel)
    {
        var record = (await Read(db, [patientId], now, cancel)).SingleOrDefault() ?? throw ClinicRuleException.NotFound("patient");
        return record.Course is null ? record : record with { InfusionEnds = [.. (await CheckIns.Facts(db, patientId, record.Clinic, now, cancel)).Facts.InfusionEnds.Order()] };
    }
}
