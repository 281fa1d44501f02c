using Euthymia.Clinic.Forecasts;
using Euthymia.Clinic.Patients.LongTerm;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Euthymia.Pharmacometrics.Individualisation;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Courses.Decisions;

/// <summary>A patient's record as the rules of stages course_decision and maintenance see it. Pure: the same record gives the same facts.</summary>
/// <param name="Story">Visits and assessments.</param>
/// <param name="Watch">Entries of the long-term watch.</param>
/// <param name="Serious">Entries about serious events.</param>
/// <param name="Decisions">All decisions of the patient.</param>
/// <param name="Settings">The clinic's numbers.</param>
/// <param name="Clinic">Its time zone.</param>
/// <param name="Now">The moment.</param>
public sealed record CourseRules(RecordedHistory Story, IReadOnlyList<WatchRecord> Watch, IReadOnlyList<SeriousEvent> Serious, IReadOnlyList<DecisionTaken> Decisions, RuleSettings Settings, ClinicSettings Clinic, DateTimeOffset Now)
{
    private static readonly TimeSpan RequestsAsked = TimeSpan.FromDays(92);

    /// <summary>Reads a patient's record. The caller audits what it is read for.</summary>
    /// <exception cref="ClinicRuleException">There is no such patient.</exception>
    internal static async Task<CourseRules> Read(ClinicDb db, Guid patientId, DateTimeOffset now, CancellationToken cancel) => new(
        await RecordedHistory.Read(db, patientId, cancel),
        await db.WatchRecords.AsNoTracking().Where(r => r.PatientId == patientId).ToListAsync(cancel),
        await db.SeriousEvents.AsNoTracking().Where(e => e.PatientId == patientId).OrderBy(e => e.At).ThenBy(e => e.Id).ToListAsync(cancel),
        await db.Decisions.AsNoTracking().Where(d => d.PatientId == patientId).ToListAsync(cancel),
        await ClinicRules.Settings(db, cancel),
        await new ClinicOffice(db).Settings(cancel),
        now);

    /// <summary>Infusions with what they did.</summary>
    public CourseHistory History { get; } = CourseHistory.Of(Story, Now);

    /// <summary>The rules of the course's decisions.</summary>
    /// <param name="courseId">The course.</param>
    /// <param name="hasOwnForecast">Whether the patient's own forecast with its interval stands beside the published figures.</param>
    public StageReport Course(Guid courseId, bool hasOwnForecast) => CourseDecision.Evaluate(CourseFactsOf(courseId, hasOwnForecast), Settings, Now);

    /// <summary>The rules of maintenance, relapse and tolerance.</summary>
    /// <param name="outlook">What the patient's own model expects; null when there is none.</param>
    public StageReport Maintenance(RelapseOutlook? outlook) => Rules.Maintenance.Evaluate(MaintenanceFactsOf(outlook), Settings, Now);

    /// <summary>Facts of a course, on the scale that was asked most.</summary>
    public CourseFacts CourseFactsOf(Guid courseId, bool hasOwnForecast)
    {
        var outcomes = History.Outcomes(courseId, Settings);
        var main = outcomes[0];
        var infusions = History.Infusions.Where(i => i.CourseId == courseId).ToList();
        bool? Responds(bool clinician) => outcomes.FirstOrDefault(o => o.Kind != OutcomeKind.NotAssessed && OutcomeDefinitions.Current.Of(o.Scale)!.Clinician == clinician)?.Kind is { } kind
            ? kind is OutcomeKind.Response or OutcomeKind.Remission : null;
        return new CourseFacts
        {
            Scale = OutcomeDefinitions.Current.Of(main.Scale)!.RuleScale,
            Baseline = main.Baseline?.Score,
            Current = main.Last?.Score,
            InfusionsGiven = infusions.Count,
            ScoresAfterInfusions = [.. infusions.Select(i => i.After?.Score)],
            MaintenanceOrdered = DecisionTaken.Holding([.. Decisions.Where(d => d.CourseId == courseId)]).FirstOrDefault()?.Kind is DecisionKind.Maintain or DecisionKind.Taper,
            BenefitDocumented = outcomes.All(o => o.Kind == OutcomeKind.NotAssessed) ? null : outcomes.Any(o => o.HasResponded),
            ExpectationShown = true,
            ExpectationHasOwnIntervalAndReferences = hasOwnForecast,
            SelfReportResponse = Responds(clinician: false),
            ClinicianResponse = Responds(clinician: true),
        };
    }

    /// <summary>Facts of maintenance. What nobody asked stays null.</summary>
    public MaintenanceFacts MaintenanceFactsOf(RelapseOutlook? outlook)
    {
        var (course, last) = (History.Infusions.Count > 0 ? History.Infusions[^1].CourseId : (Guid?)null, History.Infusions.Count > 0 ? History.Infusions[^1] : null);
        var selfScale = (History.Scores.GetValueOrDefault("QIDS-SR")?.Count ?? 0) > (History.Scores.GetValueOrDefault("PHQ-9")?.Count ?? 0) ? "QIDS-SR" : "PHQ-9";
        var review = WatchRecord.Holding(Watch).LastOrDefault(r => r.Kind == WatchKind.RenewalReview);
        var maintenance = History.Maintenance.ToList();
        var main = course is { } id ? Since(id, History.MainScale) : null;
        return new MaintenanceFacts
        {
            RespondedAt = main?.FirstOrDefault()?.At,
            StableReadings = main is null ? null : main.AsEnumerable().Reverse().TakeWhile(s => s.Score < main.Min(x => x.Score) + Rise).Count(),
            ConfirmedRises = main is null ? null : main.TakeLast(2).Count(s => s.Score >= main.Min(x => x.Score) + Rise) == 2 ? 1 : 0,
            LastInfusionAt = last?.StartedAt,
            Madrs = course is { } c && Since(c, "MADRS") is { } madrs ? [.. madrs.Select(s => s.Score)] : null,
            AdmittedOrAttempt = AdmittedOrAttempt(),
            Scale = selfScale is "PHQ-9" ? SelfReportScale.Phq9 : SelfReportScale.Qids,
            Scores = course is { } self ? Since(self, selfScale) : null,
            Infusions = [.. History.Infusions.Select(i => i.StartedAt)],
            Steps = [.. maintenance.Where(i => i.After is not null).Select(i => new MaintenanceStep(Math.Round(i.DosePerKilogram, 2), Math.Round(i.DaysSinceLast!.Value), i.After!.Score))],
            IsRenewal = maintenance.Count > 0,
            RelapseConfirmed = course is { } any ? History.Outcomes(any, Settings).Any(o => o.Kind == OutcomeKind.Relapse) : null,
            LastReviewAt = review?.At,
            InfusionsSinceReview = maintenance.Count(i => review is null || i.StartedAt > review.At),
            DosePerKilogram = last is null ? null : Math.Round(last.DosePerKilogram, 2),
            LowestEffectiveDose = course is { } effective && History.Baseline(History.MainScale, History.Infusions.First(i => i.CourseId == effective).StartedAt) is { } baseline
                ? History.Infusions.Where(i => i.CourseId == effective && i.After?.Score <= baseline.Score / 2).Select(i => (decimal?)Math.Round(i.DosePerKilogram, 2)).Min() : null,
            Outlook = outlook,
            Benefits = [.. maintenance.Select(i => new InfusionBenefit(Math.Round(i.DosePerKilogram, 2), i.Fall, i.ReliefDays))],
            Requests = Requests(),
        };
    }

    /// <summary>Points that make a rise real, as in rule FUP-06.</summary>
    private decimal Rise => Settings.Value(RuleBook.Get("FUP-06"), "points");

    /// <summary>Totals on a scale from the first response of a course on, oldest first; null without a response.</summary>
    private List<ScoredDay>? Since(Guid courseId, string scale)
    {
        var definition = OutcomeDefinitions.Current.Of(scale)!;
        var first = History.Infusions.First(i => i.CourseId == courseId).StartedAt;
        var totals = History.Scores.GetValueOrDefault(scale)?.Where(s => s.At > first).ToList() ?? [];
        var baseline = History.Baseline(scale, first);
        var response = totals.FindIndex(s => CourseOutcome.Of(definition, baseline, [s], Settings).HasResponded);
        return response < 0 ? null : totals[response..];
    }

    /// <summary>
    /// An admission or attempt since the first infusion of the last course; one whose day is not known counts from when it was entered. Null before
    /// any infusion, and when nobody has asked since the last one.
    /// </summary>
    private bool? AdmittedOrAttempt()
    {
        if (History.Infusions.Count == 0)
            return null;
        var first = Clinic.DayOf(History.Infusions.First(i => i.CourseId == History.Infusions[^1].CourseId).StartedAt);
        return SeriousEvent.Holding(Serious).Any(e => e.Kind is SeriousEventKind.PsychiatricAdmission or SeriousEventKind.SuicideAttempt && (e.Day ?? Clinic.DayOf(e.At)) >= first)
            ? true : AskedSinceLastInfusion ? false : null;
    }

    /// <summary>Whether any serious event is on record: true; false when the patient was asked since the last infusion and had none; null when nobody asked.</summary>
    public bool? HadSeriousEvent => SeriousEvent.Holding(Serious).Any(e => e.Happened) ? true : AskedSinceLastInfusion ? false : null;

    /// <summary>Whether each serious event was reported to the authority, or needs no report; null without an event.</summary>
    public bool? SeriousEventsReported =>
        SeriousEvent.Holding(Serious).Where(e => e.Happened).ToList() is { Count: > 0 } happened ? happened.TrueForAll(e => e.Report is AuthorityReport.Reported or AuthorityReport.NotDue) : null;

    private bool AskedSinceLastInfusion => SeriousEvent.Holding(Serious).LastOrDefault(e => e.Kind == SeriousEventKind.AskedNone) is { } asked && (History.Infusions.Count == 0 || asked.At > History.Infusions[^1].StartedAt);

    /// <summary>What was recorded as asked for, by staff or by the patient. Null when nobody asked and nothing was recorded.</summary>
    private List<DateTimeOffset>? Requests()
    {
        var recorded = WatchRecord.Holding(Watch).Where(r => r.Kind == WatchKind.RequestForMore).Select(r => r.At).ToList();
        var checklists = Story.Assessments.Where(a => string.Equals(a.InstrumentId, "MISUSE", StringComparison.Ordinal) && a.Answers.Count > 0 && a.Answers[0] is not null && a.CompletedAt > Now - RequestsAsked).ToList();
        if (recorded.Count == 0 && checklists.Count == 0)
            return null;
        return [.. recorded.Concat(checklists.Where(a => a.Answers[0] > 0).Select(a => a.CompletedAt)).Order()];
    }
}
