using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Forecasts;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Patients.LongTerm;

/// <summary>A patient's serious events.</summary>
/// <param name="Patient">Whose.</param>
/// <param name="Holding">What holds now, newest first.</param>
/// <param name="Earlier">Entries that a later one took the place of, and mistakes; newest first.</param>
/// <param name="Rules">MNT-04 and LTS-07 as judged now.</param>
public sealed record SeriousEventsView(Patient Patient, IReadOnlyList<SeriousEvent> Holding, IReadOnlyList<SeriousEvent> Earlier, IReadOnlyList<RuleResult> Rules);

/// <summary>A serious event as typed.</summary>
/// <param name="Kind">What it was.</param>
/// <param name="Day">When; needed unless it is marked as not known.</param>
/// <param name="DayUnknown">The day is not known.</param>
/// <param name="What">What happened.</param>
/// <param name="Done">What was done.</param>
/// <param name="Report">How far the report to the authority is.</param>
/// <param name="ReportedOn">The day of the report.</param>
/// <param name="ReportedBy">Who reported it.</param>
/// <param name="ReportNote">Its reference, or why none is due.</param>
/// <param name="Replaces">The entry that it takes the place of.</param>
public sealed record SeriousEventForm(
    SeriousEventKind? Kind, DateOnly? Day = null, bool DayUnknown = false, string? What = null, string? Done = null, AuthorityReport? Report = null,
    DateOnly? ReportedOn = null, string? ReportedBy = null, string? ReportNote = null, Guid? Replaces = null);

/// <summary>Psychiatric admissions, suicide attempts and other serious adverse events, with the report to the authority. Entries are only added.</summary>
public sealed class SeriousEvents(ClinicDb db, TimeProvider time, Actor actor)
{
    private const int OldestYears = 5;
    private static readonly string[] Own = ["MNT-04", "LTS-07"];

    public async Task<SeriousEventsView> Of(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var rules = await Read(patientId, cancel);
        db.Record(actor, time, AuditKind.SeriousEventRead, patientId);
        await db.SaveChangesAsync(cancel);
        var holding = SeriousEvent.Holding(rules.Serious).Reverse().ToList();
        return new SeriousEventsView(
            rules.Story.Patient, holding, [.. rules.Serious.Except(holding).OrderByDescending(e => e.At)],
            [rules.Maintenance(null)["MNT-04"], LongTermWatch.Judge(rules)["LTS-07"]]);
    }

    /// <summary>Stores an entry. It is judged by the rule book, and its findings are stored in the same transaction.</summary>
    public async Task<SeriousEvent> Record(Guid patientId, SeriousEventForm form, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var before = await Read(patientId, cancel);
        var clinic = before.Clinic;
        var entry = Checked(patientId, form, clinic.DayOf(time.GetUtcNow()));
        if (form.Replaces is { } replaced && SeriousEvent.Holding(before.Serious).All(e => e.Id != replaced))
            throw before.Serious.Any(e => e.Id == replaced) ? Replaced() : ClinicRuleException.NotFound("entry");
        var rules = before with { Serious = [.. before.Serious, entry] };
        var findings = await Findings(rules, entry, clinic, cancel);
        db.SeriousEvents.Add(entry);
        db.Findings.AddRange(findings);
        db.Mails.AddRange(Escalation.FirstMails(findings, clinic, entry.At));
        db.Record(actor, time, AuditKind.SeriousEventRecorded, patientId, entry.Id);
        foreach (var finding in findings)
            db.Record(actor, time, AuditKind.FindingOpened, patientId, finding.Id);
        try
        {
            await db.SaveChangesAsync(cancel);
            return entry;
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure))
        {
            throw Replaced();
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }

    /// <summary>What the rules find in this entry alone: an older event that fires on has its own finding.</summary>
    private async Task<List<Finding>> Findings(CourseRules rules, SeriousEvent entry, ClinicSettings clinic, CancellationToken cancel)
    {
        if (!entry.Happened)
            return [];
        var alone = rules with { Serious = [entry] };
        RuleResult[] results = [Maintenance.Evaluate(alone.MaintenanceFactsOf(null) with { Madrs = null }, rules.Settings, rules.Now)["MNT-04"], LongTermWatch.Judge(alone)["LTS-07"]];
        var occurrence = $"serious:{SeriousEvent.FirstOf(rules.Serious, entry):N}";
        var names = Own.Select(rule => $"{occurrence}:{rule}").ToList();
        var opened = await db.Findings.AsNoTracking().Where(f => f.Occurrence != null && names.Contains(f.Occurrence)).Select(f => f.RuleId).ToListAsync(cancel);
        return [.. results.Where(r => r.Outcome == RuleOutcome.Fired && !opened.Contains(r.Rule.Id, StringComparer.Ordinal))
            .Select(r => AnswerFindings.Route(r, entry.PatientId, entry.Id, occurrence, $"{entry.Said}. {r.Message}", clinic, entry.At))];
    }

    private SeriousEvent Checked(Guid patientId, SeriousEventForm form, DateOnly today)
    {
        var errors = new FieldErrors();
        if (form.Kind is not { } kind || !Enum.IsDefined(kind))
            errors.Add("kind", "required", "Choose what it was.");
        else if (kind == SeriousEventKind.EnteredByMistake && form.Replaces is null)
            errors.Add("kind", "nothing_replaced", "Only an entry that is there can be a mistake. Choose it below first.");
        var happened = form.Kind is SeriousEventKind.PsychiatricAdmission or SeriousEventKind.SuicideAttempt or SeriousEventKind.OtherSerious;
        var day = form.Kind == SeriousEventKind.AskedNone ? form.Day ?? today : form.Day;
        if (happened && day is null && !form.DayUnknown)
            errors.Add("day", "required", "Enter the day, or mark that it is not known.");
        if (day is not null && form.DayUnknown)
            errors.Add("day", "day_and_unknown", "There is a day, and it is marked as not known. Keep one of the two.");
        Plausible(errors, "day", day, today.AddYears(-OldestYears), today);
        var what = ClinicText.Check(errors, "what", form.What, ClinicText.NoteLength, required: form.Kind == SeriousEventKind.OtherSerious, lines: true);
        var done = ClinicText.Check(errors, "done", form.Done, ClinicText.NoteLength, required: form.Kind != SeriousEventKind.AskedNone, lines: true);
        if (happened && (form.Report is not { } report || !Enum.IsDefined(report)))
            errors.Add("report", "required", "Choose how far the report to the authority is.");
        var reported = happened && form.Report == AuthorityReport.Reported;
        var by = ClinicText.Check(errors, "reportedBy", form.ReportedBy, ClinicText.NameLength, required: reported);
        if (reported && form.ReportedOn is null)
            errors.Add("reportedOn", "required", "Enter the day of the report.");
        Plausible(errors, "reportedOn", form.ReportedOn, day ?? today.AddYears(-OldestYears), today);
        var note = ClinicText.Check(errors, "reportNote", form.ReportNote, ClinicText.NoteLength, required: happened && form.Report == AuthorityReport.NotDue, lines: true);
        errors.ThrowIfAny();
        return new SeriousEvent
        {
            PatientId = patientId,
            Kind = form.Kind!.Value,
            Day = day,
            What = what,
            Done = done,
            Report = happened ? form.Report : null,
            ReportedOn = reported ? form.ReportedOn : null,
            ReportedBy = reported ? by : null,
            ReportNote = happened ? note : null,
            Replaces = form.Replaces,
            At = Clock.Now(time),
            ByAccountId = actor.AccountId,
            ByName = actor.Name,
        };
    }

    private static void Plausible(FieldErrors errors, string field, DateOnly? day, DateOnly from, DateOnly today)
    {
        if (day > today)
            errors.Add(field, "date_in_future", "The day is in the future.");
        else if (day < from)
            errors.Add(field, "date_too_old", field is "day" ? $"The day is more than {OldestYears} years ago. Check the year; what lies further back belongs to the intake." : "The report cannot be older than the event. Check the year.");
    }

    private async Task<CourseRules> Read(Guid patientId, CancellationToken cancel) => await CourseRules.Read(db, patientId, Clock.Now(time), cancel);

    private static ClinicRuleException Replaced() => new(RefusalKind.Conflict, "", "entry_replaced", "Somebody has replaced this entry meanwhile. Open the page again.");
}
