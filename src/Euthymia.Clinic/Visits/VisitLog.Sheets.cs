using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Euthymia.Pharmacometrics;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>A visit with its go / no-go sheet as of now.</summary>
public sealed record BeforeView(VisitView Visit, GoNoGoSheet Sheet);

/// <summary>A visit with its discharge sheet as of now.</summary>
public sealed record AfterView(VisitView Visit, DischargeSheet Sheet);

// The sheets around the infusion: what they show, what each entry has to keep, and what a start and a completion wait for.
public sealed partial class VisitLog
{
    private const string WeightChanged = "weight_changed";

    /// <summary>The visit with its go / no-go sheet, as of now or as of its start.</summary>
    public async Task<BeforeView> Before(Guid visitId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var view = await State(visitId, cancel);
        // Of a visit that has started, the sheet shows what was known then.
        var facts = await Facts(view.Visit, view.State, view.State.StartedAt ?? view.State.At, cancel);
        return new BeforeView(view, GoNoGoSheet.Of(facts, view.Rules));
    }

    /// <summary>What each of these visits waits for next. Audited with the list itself (<see cref="Today"/>).</summary>
    public async Task<IReadOnlyDictionary<Guid, NextStep>> NextSteps(IReadOnlyList<TodayChair> chairs, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var history = await RuleHistory.Read(db, cancel);
        Dictionary<Guid, NextStep> steps = [];
        foreach (var line in chairs.SelectMany(c => c.Visits))
        {
            var rules = history.For(line.Visit);
            var before = line.State.Phase == VisitPhase.Scheduled ? GoNoGoSheet.Of(await Facts(line.Visit, line.State, line.State.At, cancel), rules) : null;
            var after = line.State.Phase == VisitPhase.Recovery ? DischargeSheet.Of(line.State, rules, line.State.At) : null;
            steps[line.Visit.Id] = NextStep.Of(line, before, after);
        }

        return steps;
    }

    /// <summary>The visit with its discharge sheet.</summary>
    public async Task<AfterView> After(Guid visitId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var view = await State(visitId, cancel);
        return new AfterView(view, DischargeSheet.Of(view.State, view.Rules, view.State.At));
    }

    /// <summary>One of the visit's papers as of now.</summary>
    public async Task<VisitDocument> Document(Guid visitId, VisitDocumentKind kind, CancellationToken cancel = default)
    {
        var after = await After(visitId, cancel);
        var settings = await new ClinicOffice(db).Settings(cancel);
        var visit = after.Visit.Visit;
        var next = await db.Visits.AsNoTracking().Where(v => v.PatientId == visit.PatientId && v.ScheduledAt > visit.ScheduledAt && v.CancelledBecause == null)
            .OrderBy(v => v.ScheduledAt).Select(v => (DateTimeOffset?)v.ScheduledAt).FirstOrDefaultAsync(cancel);
        db.Record(actor, time, AuditKind.DocumentRead, visit.PatientId, visitId);
        await db.SaveChangesAsync(cancel);
        return new VisitPaper(after.Visit, settings, after.Sheet, next is { } at ? settings.DayOf(at) : null).Of(kind);
    }

    /// <summary>Every override since a day, newest first, with the patients' names; for the lead's review.</summary>
    public async Task<IReadOnlyList<(Override Override, string PatientName)>> Overrides(DateTimeOffset since, CancellationToken cancel = default)
    {
        actor.RequireLead();
        var found = await (from o in db.Overrides.AsNoTracking()
                           where o.At >= since
                           join p in db.Patients.AsNoTracking() on o.PatientId equals p.Id
                           orderby o.At descending, o.Id
                           select new { o, p }).ToListAsync(cancel);
        foreach (var patientId in found.Select(f => f.o.PatientId).Distinct())
            db.Record(actor, time, AuditKind.OverridesRead, patientId);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
        return found.ConvertAll(f => (f.o, f.p.FullName));
    }

    private async Task<GoNoGoSheet> Sheet(Visit visit, DateTimeOffset at, CancellationToken cancel) =>
        GoNoGoSheet.Of(await Facts(visit, VisitFold.Of(visit, visit.Events, at), at, cancel), await RulesOf(visit, cancel));

    private async Task<BeforeFacts> Facts(Visit visit, VisitState state, DateTimeOffset now, CancellationToken cancel)
    {
        var settings = await new ClinicOffice(db).Settings(cancel);
        var patient = await db.Patients.AsNoTracking().Include(p => p.Weights).SingleAsync(p => p.Id == visit.PatientId, cancel);
        var today = settings.DayOf(now);
        var (from, to) = (settings.MomentOf(today, TimeOnly.MinValue), settings.MomentOf(today.AddDays(1), TimeOnly.MinValue));
        return new BeforeFacts(visit, patient, await CurrentOrder(visit.CourseId, cancel), state, now)
        {
            Today = today,
            Cap = settings.DoseCapMilligrams,
            ConsentOnRecord = await ConsentBook.OnRecord(db, visit.PatientId, visit.CourseId, cancel),
            ScaleToday = await db.Assessments.AnyAsync(a => a.PatientId == visit.PatientId && a.CompletedAt >= from && a.CompletedAt < to, cancel),
            LastInfusionAt = await LastInfusionAt(visit, now, cancel),
            OtherInfusionsWatched = visit.WatchedBy is { } nurse
                ? await db.Visits.CountAsync(v => v.RunningPatientId != null && v.WatchedBy == nurse && v.Id != visit.Id, cancel)
                : null,
        };
    }

    // The visits before this one, latest first: the first that was started tells.
    private async Task<DateTimeOffset?> LastInfusionAt(Visit visit, DateTimeOffset now, CancellationToken cancel)
    {
        var earlier = await db.Visits.AsNoTracking().Include(v => v.Events)
            .Where(v => v.PatientId == visit.PatientId && v.Id != visit.Id && v.CancelledBecause == null && v.ScheduledAt <= now)
            .OrderByDescending(v => v.ScheduledAt).Take(Recent).ToListAsync(cancel);
        return earlier.Where(v => v.Events.Count > 0).Select(v => VisitFold.Of(v, v.Events, now)).Where(s => s.StartedAt is not null).Select(s => s.EndedAt ?? s.At)
            .Cast<DateTimeOffset?>().Max();
    }

    private const int Recent = 6;

    private async Task CheckSheet(Visit visit, SheetEntry entry, DateTimeOffset observed, CancellationToken cancel)
    {
        var errors = new FieldErrors();
        SheetChecks.Check(errors, entry);
        errors.ThrowIfAny();
        var state = VisitFold.Of(visit, visit.Events, observed);
        if (entry is CheckedBefore or Weighed or StopOverridden or PumpEntered && state.StartedAt <= observed)
            throw ClinicRuleException.Invalid("", "already_started", "The infusion has started: this cannot be recorded as done before it. Write a note, or correct an entry in the log.");
        switch (entry)
        {
            case Weighed weighed:
                await CheckWeight(visit, state, weighed, observed, cancel);
                break;
            case StopOverridden stop:
                CheckOverride(await Sheet(visit, observed, cancel), stop);
                break;
            case DrugPrepared prepared:
                await CheckPreparation(visit, state, prepared, observed, cancel);
                break;
            case PumpEntered entered:
                await CheckPumpEntry(visit, state, entered, cancel);
                break;
            case DrugWasted wasted:
                CheckLedgerAmount(state, "amount", wasted.Milligrams);
                break;
            case DrugReturned returned:
                CheckLedgerAmount(state, "returned", returned.Milligrams);
                break;
            case Witnessed witnessed:
                CheckWitness(state, witnessed);
                break;
            case DischargeOverridden unmet:
                CheckDischargeOverride(DischargeSheet.Of(state, await RulesOf(visit, cancel), observed), unmet);
                break;
            case SignedOff signed:
                CheckSignature(state, signed, await RulesOf(visit, cancel), observed);
                break;
        }
    }

    private async Task CheckWeight(Visit visit, VisitState state, Weighed weighed, DateTimeOffset observed, CancellationToken cancel)
    {
        if (weighed.Confirmed)
            return;
        var facts = await Facts(visit, state, observed, cancel);
        var settings = await RulesOf(visit, cancel);
        var limit = settings.Value(RuleBook.Get("PRE-02b"), "change");
        var errors = new FieldErrors();
        // Today's own earlier weighing counts as a last weight here: two weighings of a morning should agree.
        var last = facts.Patient.CurrentWeight;
        WeightPlausibility.Check(errors, weighed.Kilograms, last, facts.Patient.HeightCentimetres, NothingConfirmed);
        if (last is not null && Math.Abs(weighed.Kilograms - last.Weight.Value) > last.Weight.Value * limit / 100)
            errors.Ask("weight", WeightChanged, $"{weighed.Weight} differs from {last.Weight} of {last.MeasuredOn:yyyy-MM-dd} by more than {limit:0.##} %. Weigh again and enter the weight once more.", NothingConfirmed);
        errors.ThrowIfAny();
    }

    private static readonly HashSet<string> NothingConfirmed = new(StringComparer.Ordinal);

    private void CheckOverride(GoNoGoSheet sheet, StopOverridden stop)
    {
        if (sheet[stop.RuleId] is not { Stops: true } line)
            throw ClinicRuleException.Invalid("rule", "not_a_stop", $"{stop.RuleId} does not hold up the start. Load the sheet again.");
        if (!line.MayOverride)
            throw ClinicRuleException.Invalid("rule", "absolute_stop", $"{line.Result.Rule.Title}: nobody overrides this. {line.Result.Rule.Action}");
        if (GoNoGoSheet.NeedsLead(stop.RuleId))
            actor.RequireLead();
        if (!string.Equals(stop.Found, line.Found, StringComparison.Ordinal) || !string.Equals(stop.RuleVersion, line.Result.Version, StringComparison.Ordinal))
            throw new ClinicRuleException(RefusalKind.Conflict, "rule", "found_changed", $"{line.Result.Rule.Title}: what was found has changed since you looked. Read the line again, then decide.");
    }

    private async Task CheckPreparation(Visit visit, VisitState state, DrugPrepared prepared, DateTimeOffset observed, CancellationToken cancel)
    {
        var sheet = await Sheet(visit, observed, cancel);
        var errors = new FieldErrors();
        if (sheet["PRE-09"] is { Blocks: true })
            errors.Add("", "escort_missing", "No escort has been confirmed by phone: the drug is not to be drawn up yet.");
        SheetChecks.AgainstOrder(errors, prepared, sheet.Facts.Order, state.Sheets.Weight, sheet.Facts.Today);
        errors.ThrowIfAny();
    }

    // The first person is told at once what does not fit the order. The second is not: a number that is shown is not independent.
    private async Task CheckPumpEntry(Visit visit, VisitState state, PumpEntered entered, CancellationToken cancel)
    {
        var errors = new FieldErrors();
        if (state.Sheets.Weight is not { } weight || state.Sheets.Prepared is null)
            throw ClinicRuleException.Invalid("", "not_prepared", "Weigh the patient and prepare the drug first.");
        if (state.Sheets.FirstCheck is { } first && first.Person != actor.AccountId)
            return;
        var order = await CurrentOrder(visit.CourseId, cancel);
        var arithmetic = order.ArithmeticFor(weight);
        Compare("weight", entered.Kilograms, weight.Value, weight.ToString());
        Compare("concentration", entered.MilligramsPerMillilitre, order.Concentration.Value, order.Concentration.ToString());
        Compare("rate", entered.MillilitresPerHour, arithmetic.Rate.Value, arithmetic.PumpRate.ToString());
        Compare("volume", entered.Millilitres, arithmetic.Volume.Value, arithmetic.PumpVolume.ToString());
        errors.ThrowIfAny();

        void Compare(string field, decimal typed, decimal worked, string text)
        {
            if (Math.Abs(typed - worked) > worked * DoseLimits.Current.PumpTolerance)
                errors.Add(field, $"{field}_differs_from_order", $"This works out to {text}. Check what you typed and the pump.");
        }
    }

    private static void CheckLedgerAmount(VisitState state, string field, decimal milligrams)
    {
        var open = DrugLedger.Of(state).Open;
        if (milligrams > open.Value)
            throw ClinicRuleException.Invalid(field, "amount_above_open", $"Only {open} are left to account for.");
    }

    private void CheckWitness(VisitState state, Witnessed witnessed)
    {
        var waste = state.Sheets.Wastes.FirstOrDefault(w => w.Line.Event.Id == witnessed.EventId)
            ?? throw ClinicRuleException.Invalid("witness", "waste_unknown", "There is no such waste in this visit's log.");
        if ((waste.Line.AmendedBy ?? waste.Line.Event).AuthorId == actor.AccountId)
            throw ClinicRuleException.Invalid("witness", "witness_same_person", "Another person has to witness this, signed in under their own name.");
    }

    private void CheckDischargeOverride(DischargeSheet sheet, DischargeOverridden unmet)
    {
        if (!sheet.Unmet.Any())
            throw ClinicRuleException.Invalid("", "nothing_unmet", "Every criterion is met. Nothing has to be overridden.");
        if (!string.Equals(unmet.Unmet, sheet.UnmetText, StringComparison.Ordinal))
            throw new ClinicRuleException(RefusalKind.Conflict, "", "found_changed", $"The unmet criteria have changed since you looked: {sheet.UnmetText}. Read them again, then decide.");
        if (sheet.Names.Any(l => l.Event.AuthorId == actor.AccountId))
            throw ClinicRuleException.Invalid("", "second_name_missing", "You have already signed this. The second name has to be another person's, signed in under their own name.");
    }

    private void CheckSignature(VisitState state, SignedOff signed, RuleSettings settings, DateTimeOffset observed)
    {
        if (signed.Meaning == SignatureMeaning.Reviewed)
            actor.RequireLead();
        if (DrugLedger.Judge(state, settings, observed).FirstOrDefault(r => r.Stops) is { } stop)
            throw ClinicRuleException.Invalid("", "ledger_open", $"{stop.Rule.Title}: {DrugLedger.Of(state).Open} are not accounted for. Correct the ledger before you sign.");
    }

    /// <summary>Reports every line of the sheet that holds up a start.</summary>
    private async Task CheckSheetOfStart(FieldErrors errors, Visit visit, DateTimeOffset observed, CancellationToken cancel)
    {
        foreach (var line in (await Sheet(visit, observed, cancel)).Blocking)
            errors.Add("sheet", $"stop_{line.Result.Rule.Id.ToLowerInvariant().Replace('-', '_')}", $"{line.Result.Rule.Title}: {(line.Result.Outcome == RuleOutcome.NotAssessed ? "not assessed" : line.Result.Rule.Condition)}");
    }

    private async Task CheckCompletion(Visit visit, DateTimeOffset observed, CancellationToken cancel)
    {
        var state = VisitFold.Of(visit, visit.Events, observed);
        if (state.Phase != VisitPhase.Recovery)
            return; // the fold refuses with its own words
        var sheet = DischargeSheet.Of(state, await RulesOf(visit, cancel), observed);
        var errors = new FieldErrors();
        if (!sheet.MayLeave)
        {
            foreach (var unmet in sheet.Unmet)
                errors.Add("discharge", $"unmet_{unmet.Rule.Id.ToLowerInvariant().Replace('-', '_')}", $"{unmet.Rule.Title}: {(unmet.Outcome == RuleOutcome.NotAssessed ? "not assessed" : "not met")}.");
        }

        if (sheet.LedgerStops.Any())
            errors.Add("ledger", "ledger_open", $"The drug ledger does not close: {string.Join(", ", sheet.LedgerStops.Select(s => s.Rule.Title.ToLowerInvariant()))}. {sheet.Drug.Open} are not accounted for.");
        errors.ThrowIfAny();
    }

    /// <summary>What follows from a stored sheet entry outside the log, in the same transaction.</summary>
    private async Task Follow(Visit visit, VisitEvent next, CancellationToken cancel)
    {
        switch (next.Entry)
        {
            case Weighed weighed:
                await KeepWeight(visit, next, weighed, cancel);
                break;
            case CheckedBefore { Answers.AuthorWatches: true }:
                db.Entry(Row(visit)).Property(v => v.WatchedBy).CurrentValue = actor.AccountId;
                visit.WatchedBy = actor.AccountId;
                break;
            case StopOverridden stop:
                db.Overrides.Add(OverrideRow(visit, next, stop.RuleId, stop.Found, stop.Reason));
                break;
            case DischargeOverridden unmet:
                db.Overrides.Add(OverrideRow(visit, next, unmet.Unmet, "unmet at discharge", unmet.Reason));
                break;
            case Amended amended:
                await FollowAmendment(visit, next, amended, cancel);
                break;
        }
    }

    private async Task FollowAmendment(Visit visit, VisitEvent next, Amended amended, CancellationToken cancel)
    {
        var target = visit.Events.Single(e => e.Id == amended.EventId);
        if (target.Entry is Weighed)
        {
            // The record keeps the weight that holds; the log keeps all of them.
            var rows = visit.Events.Where(e => e.Entry is Amended a && a.EventId == target.Id).Select(e => e.Id).Append(target.Id).ToList();
            db.RemoveRange(await db.Set<WeightMeasurement>().Where(w => rows.Contains(w.Id)).ToListAsync(cancel));
            if (amended.Replacement is Weighed corrected)
                await KeepWeight(visit, next, corrected, cancel, amended.ReplacementObservedAt ?? target.ObservedAt);
        }

        if (target.Entry is StopOverridden or DischargeOverridden && amended.Replacement is null && await db.Overrides.SingleOrDefaultAsync(o => o.Id == target.Id, cancel) is { } row)
            row.WithdrawnAt = next.RecordedAt;
    }

    private async Task KeepWeight(Visit visit, VisitEvent source, Weighed weighed, CancellationToken cancel, DateTimeOffset? at = null)
    {
        var settings = await new ClinicOffice(db).Settings(cancel);
        db.Add(new WeightMeasurement
        {
            Id = source.Id,
            PatientId = visit.PatientId,
            Weight = weighed.Weight,
            MeasuredOn = settings.DayOf(at ?? source.ObservedAt),
            RecordedAt = source.RecordedAt,
            RecordedByName = source.AuthorName,
        });
        db.Record(actor, time, AuditKind.WeightRecorded, visit.PatientId);
    }

    private static Override OverrideRow(Visit visit, VisitEvent e, string rules, string found, string reason) => new()
    {
        Id = e.Id,
        VisitId = visit.Id,
        PatientId = visit.PatientId,
        RuleIds = rules,
        Found = found,
        Reason = reason.Trim(),
        At = e.RecordedAt,
        ByAccountId = e.AuthorId,
        ByName = e.AuthorName,
    };
}
