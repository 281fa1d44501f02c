using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Euthymia.Pharmacometrics;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>One completed instrument as entered: its answers, or a total alone where the instrument takes one.</summary>
/// <param name="Id">Made by the form, so that sending it twice stores it once.</param>
/// <param name="InstrumentId">Which instrument.</param>
/// <param name="Answers">One for each item, null where it was left out; empty when only a total is given.</param>
/// <param name="Difficulty">Answer to the unscored question on function.</param>
/// <param name="Total">A total that was worked out elsewhere; only without answers.</param>
/// <param name="CompletedAt">When it was answered; now unless given.</param>
public sealed record AssessmentForm(Guid Id, string InstrumentId, IReadOnlyList<int?> Answers, int? Difficulty = null, int? Total = null, DateTimeOffset? CompletedAt = null);

/// <summary>One PHQ-9 as entered. The id is made by the form, so that sending it twice stores it once.</summary>
public sealed record Phq9Form(Guid Id, IReadOnlyList<int?> Answers, int? Difficulty = null, DateTimeOffset? CompletedAt = null);

/// <summary>A stored assessment and the findings it gave rise to.</summary>
public sealed record AssessmentResult(Assessment Assessment, IReadOnlyList<Finding> Findings);

/// <summary>A PHQ-9 total on the course's time axis.</summary>
public sealed record ScorePoint(Assessment Assessment, bool IsBaseline, int? ChangeFromBaseline, bool? IsResponse, bool? IsRemission);

/// <summary>What the picture of a course shows: infusions as given and PHQ-9 over time.</summary>
public sealed record CoursePicture(Course Course, Patient Patient, IReadOnlyList<GivenInfusion> Infusions, IReadOnlyList<ScorePoint> Scores, int? BaselineTotal);

/// <summary>Symptom scales after and between infusions, and the picture of a course.</summary>
public sealed class FollowUp(ClinicDb db, TimeProvider time, Actor actor)
{
    private static readonly TimeSpan Oldest = TimeSpan.FromDays(365);
    private static readonly TimeSpan BaselineWindow = TimeSpan.FromDays(28);

    /// <summary>Stores a PHQ-9, entered by staff or by the patient; its findings are stored in the same transaction.</summary>
    public Task<AssessmentResult> RecordPhq9(Guid patientId, Phq9Form form, CancellationToken cancel = default) =>
        Record(patientId, new AssessmentForm(form.Id, Instrument.Phq9.Id, form.Answers, form.Difficulty, Total: null, form.CompletedAt), cancel);

    /// <summary>
    /// Stores a completed instrument, entered by staff or by the patient. It is judged by the rule book, and its findings, and what the
    /// person on call has to be told, are stored in the same transaction.
    /// </summary>
    public async Task<AssessmentResult> Record(Guid patientId, AssessmentForm form, CancellationToken cancel = default)
    {
        actor.RequireAccessTo(patientId);
        var patient = await db.Patients.AsNoTracking().SingleOrDefaultAsync(p => p.Id == patientId, cancel) ?? throw ClinicRuleException.NotFound("patient");
        var now = Clock.Now(time);
        var completed = Clock.Cut(form.CompletedAt ?? now);
        var instrument = InstrumentLibrary.Shipped[form.InstrumentId];
        var score = Check(instrument, form, completed, now);
        if (await Stored(form.Id, cancel) is { } stored)
            return await Repeated(stored, patientId, form, cancel);

        var assessment = Completed(patientId, instrument, form, score, completed, now);
        var clinic = await new ClinicOffice(db).Settings(cancel);
        var answered = new Answered(assessment, instrument, await OfPatient(patientId, cancel), patient.AgeOn(clinic.DayOf(now)), clinic, await ClinicRules.Settings(db, cancel));
        var findings = AnswerFindings.Judge(answered);
        db.Assessments.Add(assessment);
        db.Findings.AddRange(findings);
        db.Record(actor, time, AuditKind.AssessmentRecorded, patientId, assessment.Id);
        foreach (var finding in findings)
            db.Record(actor, time, AuditKind.FindingOpened, patientId, finding.Id);
        db.Mails.AddRange(Escalation.FirstMails(findings, clinic, now));
        if (await db.Drafts.SingleOrDefaultAsync(d => d.PatientId == patientId && d.InstrumentId == instrument.Id, cancel) is { } draft)
            db.Drafts.Remove(draft);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure) || failure is DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            // The same form came twice at once: the other one has stored it. Anything else is a draft that went meanwhile.
            return await Stored(form.Id, cancel) is { } first ? await Repeated(first, patientId, form, cancel) : await Record(patientId, form, cancel);
        }

        db.ChangeTracker.Clear();
        return new AssessmentResult(assessment, findings);
    }

    /// <summary>The assessments of a patient, oldest first.</summary>
    public async Task<IReadOnlyList<Assessment>> List(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireAccessTo(patientId);
        var assessments = await OfPatient(patientId, cancel);
        db.Record(actor, time, AuditKind.AssessmentRead, patientId);
        await db.SaveChangesAsync(cancel);
        return assessments;
    }

    /// <summary>
    /// Infusions as given and PHQ-9 from four weeks before the course on. The baseline is the last total at or before the first
    /// infusion (or the course's first day while none was given); response and remission compare with it.
    /// </summary>
    public async Task<CoursePicture> Picture(Guid courseId, CancellationToken cancel = default)
    {
        var course = await new CoursePlanner(db, time, actor).Get(courseId, cancel);
        var patient = await new PatientRegister(db, time, actor).Get(course.PatientId, cancel);
        var infusions = await new VisitLog(db, time, actor).Given(courseId, cancel);
        var settings = await new ClinicOffice(db).Settings(cancel);
        var start = infusions.Count > 0 ? infusions[0].StartedAt : settings.MomentOf(course.FirstDay.AddDays(1), TimeOnly.MinValue);
        var scores = (await List(course.PatientId, cancel)).Where(a => string.Equals(a.InstrumentId, Instrument.Phq9.Id, StringComparison.Ordinal) && a.CompletedAt >= start - BaselineWindow).ToList();
        var baseline = scores.LastOrDefault(a => a.CompletedAt <= start && a.Total is not null);
        return new CoursePicture(course, patient, infusions, [.. scores.Select(a => Point(a, baseline))], baseline?.Total);
    }

    private static ScorePoint Point(Assessment a, Assessment? baseline)
    {
        var later = baseline is not null && a.CompletedAt > baseline.CompletedAt;
        return new ScorePoint(
            a,
            a.Id == baseline?.Id,
            later ? a.Total - baseline!.Total : null,
            later ? Instrument.Phq9.IsResponse(baseline!.Total, a.Total) : null,
            Instrument.Phq9.IsRemission(a.Total));
    }

    private Assessment Completed(Guid patientId, Instrument instrument, AssessmentForm form, InstrumentScore score, DateTimeOffset completed, DateTimeOffset now) => new()
    {
        Id = form.Id,
        PatientId = patientId,
        InstrumentId = instrument.Id,
        InstrumentVersion = instrument.Version,
        Answers = [.. form.Answers],
        Difficulty = form.Difficulty,
        Total = score.Total,
        IsProrated = score.Prorated,
        Band = score.Band,
        CompletedAt = completed,
        RecordedAt = now,
        RecordedBy = actor.AccountId,
        RecordedByName = actor.Name,
        IsSelfReport = actor.Role == ClinicRole.Patient,
    };

    private InstrumentScore Check(Instrument instrument, AssessmentForm form, DateTimeOffset completed, DateTimeOffset now)
    {
        if (instrument.Rater == Rater.Clinician)
            actor.RequireStaff();
        var errors = new FieldErrors();
        if (form.Id == Guid.Empty)
            errors.Add("", "assessment_id_missing", "The form has no id of its own. Reload the page and enter it again.");
        if (completed > now + VisitProtocol.Current.ClockSkew)
            errors.Add("completedAt", "date_in_future", "The time of the answers is in the future.");
        if (completed < now - Oldest)
            errors.Add("completedAt", "date_too_old", "The answers are more than a year old. Check the date.");
        if (form.Difficulty is { } difficulty && (difficulty < 0 || difficulty >= (instrument.Difficulty?.Options.Count ?? 0)))
            errors.Add("difficulty", "answer_unknown", "Choose one of the answers.");
        if (form.Total is null && form.Answers.All(a => a is null))
            errors.Add("answers", "required", "Answer at least one question.");
        if (form.Total is not null && form.Answers.Any(a => a is not null))
            errors.Add("total", "total_and_items", "Enter either the items or the total, not both.");
        errors.ThrowIfAny();
        return form.Total is { } total ? instrument.ScoreTotal(total) : instrument.Score(form.Answers);
    }

    private async Task<AssessmentResult> Repeated(Assessment stored, Guid patientId, AssessmentForm form, CancellationToken cancel)
    {
        var same = stored.PatientId == patientId && string.Equals(stored.InstrumentId, form.InstrumentId, StringComparison.Ordinal)
            && stored.Answers.SequenceEqual(form.Answers) && stored.Difficulty == form.Difficulty && (form.Total is null || stored.Total == form.Total);
        if (!same)
            throw new ClinicRuleException(RefusalKind.Conflict, "", "assessment_id_reused", "This form was already sent with other answers. Open a new form.");
        return new AssessmentResult(stored, await db.Findings.AsNoTracking().Where(f => f.SubjectId == stored.Id).ToListAsync(cancel));
    }

    private Task<Assessment?> Stored(Guid id, CancellationToken cancel) => db.Assessments.AsNoTracking().SingleOrDefaultAsync(a => a.Id == id, cancel);

    private Task<List<Assessment>> OfPatient(Guid patientId, CancellationToken cancel) =>
        db.Assessments.AsNoTracking().Where(a => a.PatientId == patientId).OrderBy(a => a.CompletedAt).ThenBy(a => a.Id).ToListAsync(cancel);
}
