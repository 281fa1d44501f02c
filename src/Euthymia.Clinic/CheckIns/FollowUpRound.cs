using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>What one round did.</summary>
public sealed record RoundResult(int FindingsOpened, int MailsQueued);

/// <summary>
/// Looks every few minutes at what only time brings about: check-ins that became due or were missed, findings that nobody has taken on. It may
/// run twice, on two servers, or late: what it stores has a name that the database keeps unique.
/// </summary>
public sealed class FollowUpRound(ClinicDb db, TimeProvider time)
{
    private static readonly Actor Self = new(Guid.Empty, "Euthymia", ClinicRole.Nurse);
    /// <summary>The check-in's question on after-effects, counted from 1.</summary>
    private const int AfterEffectsItem = 3;

    private static readonly TimeOnly FirstReminder = new(8, 0);
    private static readonly TimeOnly LastReminder = new(20, 0);

    public async Task<RoundResult> Run(CancellationToken cancel = default)
    {
        var clinic = await new ClinicOffice(db).Settings(cancel);
        var accounts = await db.Users.AsNoTracking().Where(a => a.PatientId != null).Select(a => new { PatientId = a.PatientId!.Value, a.Email, a.LockoutEnd }).ToListAsync(cancel);
        var opened = 0;
        var queued = 0;
        foreach (var account in accounts)
        {
            // Nobody is missed for what was asked before they could answer.
            var since = await db.Audit.AsNoTracking().Where(a => a.PatientId == account.PatientId && a.Kind == AuditKind.AccountLinked).OrderBy(a => a.Number).Select(a => (DateTimeOffset?)a.At).FirstOrDefaultAsync(cancel);
            var now = Clock.Now(time);
            var (facts, _) = await CheckIns.Facts(db, account.PatientId, clinic, now, cancel);
            List<CheckIn> schedule = [.. CheckInSchedule.Of(facts, now).Where(c => since is null || c.OpensAt >= since)];
            opened += await OpenMissed(account.PatientId, schedule, facts, now, cancel);
            var closed = account.LockoutEnd > now;
            if (!closed && account.Email is { Length: > 0 } address)
                queued += await Remind(account.PatientId, address, schedule, clinic, now, cancel);
        }

        opened += await WatchMood(clinic, cancel);
        return new RoundResult(opened, queued + await Escalate(clinic, cancel));
    }

    /// <summary>Bipolar patients in a course, or shortly after it, whom nobody has rated for mania lately; account or not (MAN-03).</summary>
    private async Task<int> WatchMood(ClinicSettings clinic, CancellationToken cancel)
    {
        var opened = 0;
        var bipolar = await db.Patients.AsNoTracking().Where(p => (p.Diagnosis == Diagnosis.BipolarI || p.Diagnosis == Diagnosis.BipolarII) && db.Visits.Any(v => v.PatientId == p.Id)).ToListAsync(cancel);
        foreach (var patient in bipolar)
        {
            var now = Clock.Now(time);
            var (facts, _) = await CheckIns.Facts(db, patient.Id, clinic, now, cancel);
            var course = await db.Courses.AsNoTracking().Include(c => c.Orders).Where(c => c.PatientId == patient.Id).OrderByDescending(c => c.OrderedAt).FirstOrDefaultAsync(cancel);
            var mood = MoodWatch.Facts(patient, facts.Assessments, course, facts.InfusionEnds, now);
            if (SideEffects.Evaluate(mood, facts.Rules, now)["MAN-03"] is not { Outcome: RuleOutcome.Fired } result)
                continue;
            // One finding for one gap: from one rating, or from the order of the course while there is none, to the next.
            var since = mood.LastManiaRatingAt is { } rated ? $"rated:{rated.UtcTicks}" : $"course:{course?.Id:N}";
            opened += await Open(result, patient.Id, $"{patient.Id:N}:mania:{since}", facts, now, cancel);
        }

        return opened;
    }

    private async Task<int> OpenMissed(Guid patientId, List<CheckIn> schedule, ScheduleFacts facts, DateTimeOffset now, CancellationToken cancel)
    {
        var missed = CheckInSchedule.MissedInARow(schedule);
        var over = schedule.Where(c => c.State is CheckInState.Missed or CheckInState.Answered).ToList();
        var lastInfusion = facts.InfusionEnds.Where(end => end <= now).Select(end => (DateTimeOffset?)end).Max();
        var afterInfusion = over.LastOrDefault(c => c.Reason == CheckInReason.DayAfterInfusion);
        var sinceInfusion = facts.Assessments.Where(a => string.Equals(a.InstrumentId, "CHECK-IN", StringComparison.Ordinal) && a.CompletedAt >= lastInfusion).ToList();
        var waits = lastInfusion is null || afterInfusion is null || afterInfusion.OpensAt < lastInfusion;
        var report = FollowUpRules.Evaluate(new FollowUpFacts
        {
            MissedInARow = missed,
            LastInfusionAt = lastInfusion,
            // Only once the moment of the check-in after the last infusion is over; before that it is still waited for.
            CheckInSinceInfusion = waits ? null : sinceInfusion.Count > 0,
            // A check-in that is missing altogether is FUP-01's; this is about the question that was left out of it.
            SideEffectsAskedSinceTreatment = waits || sinceInfusion.Count == 0 ? null : sinceInfusion.Exists(a => a.Answers.Count >= AfterEffectsItem && a.Answers[AfterEffectsItem - 1] is not null),
        }, facts.Rules, now);
        var opened = 0;
        foreach (var result in report.Fired.Where(r => r.Rule.Id is "FUP-05" || (missed > 0 && r.Rule.Id is "FUP-01" or "FUP-04")))
        {
            // One finding for one run of missed check-ins, however long it gets, and one for one infusion.
            var occasion = string.Equals(result.Rule.Id, "FUP-04", StringComparison.Ordinal) ? over[^missed].Key : afterInfusion!.Key;
            opened += await Open(result, patientId, $"{patientId:N}:{occasion}", facts, now, cancel);
        }

        return opened;
    }

    private async Task<int> Open(RuleResult result, Guid patientId, string occurrence, ScheduleFacts facts, DateTimeOffset now, CancellationToken cancel)
    {
        if (await db.Findings.AnyAsync(f => f.Occurrence == occurrence + ":" + result.Rule.Id, cancel))
            return 0;
        var finding = AnswerFindings.Route(result, patientId, patientId, occurrence, result.Message, facts.Clinic, now);
        db.Findings.Add(finding);
        db.Record(Self, time, AuditKind.FindingOpened, patientId, finding.Id);
        return await SaveOnce(cancel);
    }

    private async Task<int> Remind(Guid patientId, string address, List<CheckIn> schedule, ClinicSettings clinic, DateTimeOffset now, CancellationToken cancel)
    {
        var local = TimeOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, clinic.Zone).DateTime);
        if (local < FirstReminder || local >= LastReminder || CheckInSchedule.Current(schedule) is not { } current || current.State == CheckInState.Answered || now < current.DueAt)
            return 0;
        var occurrence = $"reminder:{patientId:N}:{current.Key}:{(current.State == CheckInState.Late ? "late" : "due")}";
        if (await db.Mails.AnyAsync(m => m.Occurrence == occurrence, cancel))
            return 0;
        db.Mails.Add(new OutgoingMail
        {
            Occurrence = occurrence,
            Kind = MailKind.Reminder,
            To = address,
            Subject = "A short reminder",
            Text = "Hello,\n\nthere is something short for you to fill in. It takes about a minute:\n{address}my\n\nPlease do not answer this mail: nobody reads it. If you need help now, call your local emergency number.\n",
            CreatedAt = now,
            GoodUntil = current.EndsAt,
        });
        db.Record(Self, time, AuditKind.MailQueued, patientId);
        return await SaveOnce(cancel);
    }

    private async Task<int> Escalate(ClinicSettings clinic, CancellationToken cancel)
    {
        if (clinic.OnCallMail.Length == 0)
            return 0;
        var now = Clock.Now(time);
        var queued = 0;
        foreach (var finding in await db.Findings.AsNoTracking().Where(f => f.ClosedAt == null && f.Priority == null).ToListAsync(cancel))
        {
            var made = await db.Mails.AsNoTracking().Where(m => m.FindingId == finding.Id).Select(m => m.Occurrence).ToListAsync(cancel);
            var last = made.Select(Number).DefaultIfEmpty(0).Max();
            if (Escalation.MailDue(finding, clinic, last, now) is not { } mail)
                continue;
            db.Mails.Add(mail);
            db.Record(Self, time, AuditKind.MailQueued, finding.PatientId, finding.Id);
            queued += await SaveOnce(cancel);
        }

        return queued;
    }

    private static int Number(string occurrence) => int.Parse(occurrence.AsSpan(occurrence.LastIndexOf(':') + 1), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>1 when it was stored, 0 when another round was first.</summary>
    private async Task<int> SaveOnce(CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            return 1;
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure))
        {
            return 0;
        }
        finally
        {
            db.ChangeTracker.Clear();
        }
    }
}
