using System.Globalization;
using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Forecasts;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Patients.LongTerm;

/// <summary>One thing that is watched over months.</summary>
/// <param name="Name">What.</param>
/// <param name="LastAt">When it was assessed last; null when never: not assessed.</param>
/// <param name="Last">The last result in words.</param>
/// <param name="DueAt">From when it is due again; null where no interval is set, or it was never assessed (due now).</param>
/// <param name="IsDue">True when it is due, or was never assessed.</param>
/// <param name="Rules">The rules that look at it, as judged now.</param>
public sealed record WatchLine(string Name, DateTimeOffset? LastAt, string? Last, DateTimeOffset? DueAt, bool IsDue, IReadOnlyList<RuleResult> Rules);

/// <summary>Infusions and milligrams of a calendar month.</summary>
public sealed record MonthExposure(DateOnly Month, int Infusions, decimal Milligrams);

/// <summary>A patient's watch over months.</summary>
/// <param name="Patient">Whose.</param>
/// <param name="Lines">What is watched, in the order of the page.</param>
/// <param name="Months">Exposure by month, newest first; months without an infusion between others are there with zero.</param>
/// <param name="Infusions">All ever given here.</param>
/// <param name="Milligrams">Of ketamine, ever given here.</param>
/// <param name="Tolerance">Rules of tolerance and use: MNT-06, -07, -10, -11, -13, -14, -15.</param>
/// <param name="Effects">Infusions of maintenance with what they did.</param>
/// <param name="Scale">The scale of those scores.</param>
/// <param name="Records">Every entry, newest first.</param>
public sealed record LongTermView(
    Patient Patient, IReadOnlyList<WatchLine> Lines, IReadOnlyList<MonthExposure> Months, int Infusions, decimal Milligrams,
    IReadOnlyList<RuleResult> Tolerance, IReadOnlyList<InfusionEffect> Effects, string Scale, IReadOnlyList<WatchRecord> Records);

/// <summary>An entry as typed.</summary>
/// <param name="Kind">What was done or said.</param>
/// <param name="Day">When; today when left out.</param>
/// <param name="AltOrAst">Multiples of the upper limit of normal.</param>
/// <param name="AlpOrGgt">Multiples of the upper limit of normal.</param>
/// <param name="Note">Free text.</param>
/// <param name="Replaces">The entry that it takes the place of.</param>
/// <param name="Id">Made by the form, so that sending it twice stores it once; a new one when left out.</param>
public sealed record WatchForm(WatchKind? Kind, DateOnly? Day = null, string? AltOrAst = null, string? AlpOrGgt = null, string? Note = null, Guid? Replaces = null, Guid? Id = null);

/// <summary>The watch over months: bladder, liver, blood pressure, cognition, misuse, exposure, with what is due and what nobody assessed.</summary>
public sealed class LongTermWatch(ClinicDb db, TimeProvider time, Actor actor)
{
    private const decimal HighestMultiple = 200;
    private static readonly string[] ToleranceRules = ["MNT-06", "MNT-07", "MNT-10", "MNT-11", "MNT-13", "MNT-14", "MNT-15"];

    /// <summary>Works it out anew from the record.</summary>
    public async Task<LongTermView> Of(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var now = Clock.Now(time);
        var rules = await CourseRules.Read(db, patientId, now, cancel);
        db.Record(actor, time, AuditKind.WatchRead, patientId);
        await db.SaveChangesAsync(cancel);

        var facts = FactsOf(rules);
        var report = LongTermSafety.Evaluate(facts, rules.Settings, now);
        var maintenance = rules.Maintenance(null);
        var history = rules.History;
        return new LongTermView(
            rules.Story.Patient, LongTermLines.Of(rules, facts, report), Months(history, rules.Clinic, now), history.Infusions.Count, history.Infusions.Sum(i => i.Milligrams),
            [.. ToleranceRules.Select(id => maintenance[id])], [.. history.Maintenance], history.MainScale, [.. rules.Watch.OrderByDescending(r => r.At)]);
    }

    /// <summary>Stores an entry. Staff record all kinds; a patient may record the own request for more.</summary>
    public async Task<WatchRecord> Record(Guid patientId, WatchForm form, CancellationToken cancel = default)
    {
        actor.RequireAccessTo(patientId);
        if (!actor.IsStaff && form.Kind != WatchKind.RequestForMore)
            throw ClinicRuleException.Forbidden("Only the clinic's staff can do this.");
        if (!await db.Patients.AnyAsync(p => p.Id == patientId, cancel))
            throw ClinicRuleException.NotFound("patient");
        var clinic = await new ClinicOffice(db).Settings(cancel);
        var today = clinic.DayOf(time.GetUtcNow());
        var errors = new FieldErrors();
        if (form.Kind is not { } kind || !Enum.IsDefined(kind))
            errors.Add("kind", "required", "Choose what was done or said.");
        var day = form.Day ?? today;
        if (day > today)
            errors.Add("day", "date_in_future", "The day is in the future.");
        if (day < today.AddYears(-5))
            errors.Add("day", "date_too_old", "The day is more than five years ago. Check the year.");
        var isLiver = form.Kind == WatchKind.LiverTests;
        var alt = isLiver ? Multiple(errors, "altOrAst", form.AltOrAst) : null;
        var alp = isLiver ? Multiple(errors, "alpOrGgt", form.AlpOrGgt) : null;
        if (isLiver && alt is null && alp is null && string.IsNullOrWhiteSpace(form.AltOrAst) && string.IsNullOrWhiteSpace(form.AlpOrGgt))
            errors.Add("altOrAst", "required", "Enter at least one result, as a multiple of the upper limit of normal.");
        var note = ClinicText.Check(errors, "note", form.Note, ClinicText.NoteLength, required: form.Kind is WatchKind.RequestForMore or WatchKind.RenewalReview, lines: true);
        errors.ThrowIfAny();
        if (form.Replaces is { } replaced && !await db.WatchRecords.AnyAsync(r => r.Id == replaced && r.PatientId == patientId, cancel))
            throw ClinicRuleException.NotFound("entry");
        if (form.Id is { } sent && await db.WatchRecords.AsNoTracking().SingleOrDefaultAsync(r => r.Id == sent, cancel) is { } stored)
            return stored.PatientId == patientId ? stored : throw ClinicRuleException.NotFound("entry");
        var record = new WatchRecord
        {
            Id = form.Id ?? Guid.CreateVersion7(),
            PatientId = patientId,
            Kind = form.Kind!.Value,
            Day = day,
            AltOrAst = alt,
            AlpOrGgt = alp,
            Note = note,
            Replaces = form.Replaces,
            IsSelfReport = actor.Role == ClinicRole.Patient,
            At = Clock.Now(time),
            ByAccountId = actor.AccountId,
            ByName = actor.Name,
        };
        await Save(record, clinic, cancel);
        return record;
    }

    /// <summary>Liver tests beyond the limit, judged by this result alone. A corrected result has the name of the first, so it opens none twice.</summary>
    private async Task<List<Finding>> Raised(WatchRecord record, ClinicSettings clinic, CancellationToken cancel)
    {
        if (record.Kind != WatchKind.LiverTests)
            return [];
        var first = record.Id;
        for (var replaced = record.Replaces; replaced is { } id; replaced = await db.WatchRecords.Where(r => r.Id == id).Select(r => r.Replaces).SingleAsync(cancel))
            first = id;
        var facts = new LongTermFacts { AltOrAst = record.AltOrAst, AlpOrGgt = record.AlpOrGgt };
        var result = LongTermSafety.Evaluate(facts, await ClinicRules.Settings(db, cancel), record.At)["LTS-03b"];
        var occurrence = $"watch:{first:N}";
        var name = $"{occurrence}:{result.Rule.Id}";
        if (result.Outcome != RuleOutcome.Fired || await db.Findings.AnyAsync(f => f.Occurrence == name, cancel))
            return [];
        return [AnswerFindings.Route(result, record.PatientId, record.Id, occurrence, result.Message, clinic, record.At)];
    }

    private async Task Save(WatchRecord record, ClinicSettings clinic, CancellationToken cancel)
    {
        var findings = await Raised(record, clinic, cancel);
        db.WatchRecords.Add(record);
        db.Findings.AddRange(findings);
        db.Mails.AddRange(Escalation.FirstMails(findings, clinic, record.At));
        db.Record(actor, time, AuditKind.WatchRecorded, record.PatientId, record.Id);
        foreach (var finding in findings)
            db.Record(actor, time, AuditKind.FindingOpened, record.PatientId, finding.Id);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure))
        {
            throw new ClinicRuleException(RefusalKind.Conflict, "", "entry_replaced", "Somebody has replaced this entry meanwhile. Open the page again.");
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>The rules of long-term safety on a patient's record.</summary>
    internal static StageReport Judge(CourseRules rules) => LongTermSafety.Evaluate(FactsOf(rules), rules.Settings, rules.Now);

    private static LongTermFacts FactsOf(CourseRules rules)
    {
        var holding = WatchRecord.Holding(rules.Watch).ToList();
        var liver = holding.Where(r => r.Kind == WatchKind.LiverTests).ToList();
        var bladder = LongTermLines.Last(rules.Story, "BLADDER");
        var cognition = rules.Story.Assessments.Where(a => a.InstrumentId is "COGNITION" && a.Total is not null).ToList();
        var misuse = LongTermLines.Last(rules.Story, "MISUSE");
        var troubles = InstrumentLibrary.Shipped["COGNITION"].Items.Count;
        return new LongTermFacts
        {
            NewUrinarySymptoms = bladder is null ? null : AnswerFindings.UrinarySymptoms([.. bladder.Answers], bladder.Total),
            VisitsWithUrinarySymptoms = bladder is null ? null : rules.Story.Assessments.Where(a => a.InstrumentId is "BLADDER").Reverse().TakeWhile(a => a.Answers.Any(x => x > 0)).Count(),
            LiverTestsAt = liver.Count > 0 ? Noon(liver[^1].Day) : null,
            InfusionsSinceLiverTests = liver.Count > 0 ? rules.History.Infusions.Count(i => i.StartedAt > Noon(liver[^1].Day)) : null,
            AltOrAst = liver.Count > 0 ? liver[^1].AltOrAst : null,
            AlpOrGgt = liver.Count > 0 ? liver[^1].AlpOrGgt : null,
            CognitiveCheckAt = cognition.Count > 0 ? cognition[^1].CompletedAt : null,
            CognitiveScore = cognition.Count > 0 ? troubles - cognition[^1].Total : null,
            CognitiveBaseline = cognition.Count > 0 ? troubles - cognition[0].Total : null,
            MisuseSigns = misuse is null ? null : AnswerFindings.MisuseSigns([.. misuse.Answers]),
            InMaintenance = rules.History.Maintenance.Any(),
            SeriousEvent = rules.HadSeriousEvent,
            SeriousEventReported = rules.SeriousEventsReported,
            MonitoringQueryAt = holding.LastOrDefault(r => r.Kind == WatchKind.MonitoringQuery) is { } query ? Noon(query.Day) : null,
        };
    }

    private static List<MonthExposure> Months(CourseHistory history, ClinicSettings clinic, DateTimeOffset now)
    {
        if (history.Infusions.Count == 0)
            return [];
        static DateOnly MonthOf(DateOnly day) => new(day.Year, day.Month, 1);
        var given = history.Infusions.ToLookup(i => MonthOf(clinic.DayOf(i.StartedAt)));
        List<MonthExposure> months = [];
        for (var month = MonthOf(clinic.DayOf(now)); month >= given.Min(g => g.Key); month = month.AddMonths(-1))
            months.Add(new MonthExposure(month, given[month].Count(), given[month].Sum(i => i.Milligrams)));
        return months;
    }

    private static DateTimeOffset Noon(DateOnly day) => new(day.ToDateTime(new TimeOnly(12, 0)), TimeSpan.Zero);

    private static decimal? Multiple(FieldErrors errors, string field, string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        if (!ClinicalNumber.TryParse(typed, out var value, out var problem))
            errors.Add(field, "number_format", problem);
        else if (value > HighestMultiple)
            errors.Add(field, "multiple_range", string.Create(CultureInfo.InvariantCulture, $"Enter a multiple of the upper limit of normal, at most {HighestMultiple}: 1 is at the limit."));
        else
            return value;
        return null;
    }
}
