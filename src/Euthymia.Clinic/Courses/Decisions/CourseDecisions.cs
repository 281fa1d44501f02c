using System.Globalization;
using Euthymia.Clinic.Forecasts;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Individualisation;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Courses.Decisions;

/// <summary>All that a decision on a course is taken from.</summary>
/// <param name="Course">With every version of its order.</param>
/// <param name="Patient">Whose.</param>
/// <param name="Infusions">Given in this course, with what each did.</param>
/// <param name="Scale">The scale of those scores.</param>
/// <param name="Outcomes">On each scale, the one asked most often first.</param>
/// <param name="Report">Rules of the course.</param>
/// <param name="Maintenance">Rules of maintenance, relapse and tolerance.</param>
/// <param name="Published">Published figures for this moment.</param>
/// <param name="Own">The patient's own forecast; null with the reason in <paramref name="Withheld"/>.</param>
/// <param name="Withheld">Why there is no own forecast.</param>
/// <param name="Decisions">Every entry, newest first.</param>
/// <param name="Due">The infusion after which a decision is due; null when none is.</param>
public sealed record DecisionView(
    Course Course, Patient Patient, IReadOnlyList<InfusionEffect> Infusions, string Scale, IReadOnlyList<CourseOutcome> Outcomes, StageReport Report, StageReport Maintenance,
    IReadOnlyList<PublishedFigure> Published, OwnForecast? Own, string? Withheld, IReadOnlyList<DecisionTaken> Decisions, int? Due);

/// <summary>A decision as entered.</summary>
/// <param name="Kind">What is decided.</param>
/// <param name="Reason">Why; always asked for.</param>
/// <param name="IntervalDays">For maintenance one number, for a taper several with commas.</param>
/// <param name="Amends">The entry that it takes the place of.</param>
public sealed record DecisionForm(DecisionKind? Kind, string? Reason, string? IntervalDays = null, Guid? Amends = null);

/// <summary>A course whose decision is due.</summary>
public sealed record DueDecision(Guid CourseId, Guid PatientId, string PatientName, int AfterInfusions, DateTimeOffset Since);

/// <summary>Decisions of a course: what they rest on, taking one, and those that are due.</summary>
public sealed class CourseDecisions(ClinicDb db, TimeProvider time, Actor actor)
{
    private const int LongestInterval = 365;

    /// <summary>Enough draws for a probability to two or three percent, while a page waits.</summary>
    private static readonly IndividualOptions Work = new(Draws: 400, Starts: 3);

    /// <summary>A decision is asked for a day after an infusion, when its score is there.</summary>
    private static readonly TimeSpan ScoreWaits = TimeSpan.FromHours(20);

    private static readonly TimeSpan Open = TimeSpan.FromDays(60);
    private static readonly int[] Moments = [1, 2, 4, 6];

    /// <summary>Reads what a decision rests on, with the patient's own forecast, which takes some tenths of a second.</summary>
    public async Task<DecisionView> Of(Guid courseId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var (course, rules) = await Read(courseId, cancel);
        var (own, withheld) = await Forecast(course, rules, cancel);
        db.Record(actor, time, AuditKind.DecisionRead, course.PatientId, courseId);
        await db.SaveChangesAsync(cancel);
        return View(course, rules, own, withheld, CourseRound.OutlookOf(rules.Story, rules.Now, cancel));
    }

    /// <summary>Records a decision. An amendment names the entry it takes the place of; both stay.</summary>
    public async Task<DecisionTaken> Decide(Guid courseId, DecisionForm form, CancellationToken cancel = default)
    {
        actor.RequireLead();
        var errors = new FieldErrors();
        var reason = ClinicText.Check(errors, "reason", form.Reason, ClinicText.NoteLength, required: true, lines: true);
        if (form.Kind is not { } kind || !Enum.IsDefined(kind))
            errors.Add("kind", "required", "Choose what is decided.");
        var intervals = ReadIntervals(errors, form);
        errors.ThrowIfAny();

        var (course, rules) = await Read(courseId, cancel);
        var earlier = rules.Decisions.Where(d => d.CourseId == courseId).ToList();
        if (form.Amends is { } amends && DecisionTaken.Holding(earlier).All(d => d.Id != amends))
            throw Amended();
        var (own, withheld) = await Forecast(course, rules, cancel);
        var view = View(course, rules, own, withheld, outlook: null);
        var decision = new DecisionTaken
        {
            CourseId = courseId,
            PatientId = course.PatientId,
            AfterInfusions = form.Amends is { } replaced ? earlier.Single(d => d.Id == replaced).AfterInfusions : view.Infusions.Count,
            Kind = form.Kind!.Value,
            IntervalDays = intervals,
            Reason = reason!,
            BasisShown = ClinicText.Shorten(BasisOf(view), ClinicText.NoteLength),
            Amends = form.Amends,
            At = Clock.Now(time),
            ByAccountId = actor.AccountId,
            ByName = actor.Name,
        };
        db.Decisions.Add(decision);
        db.Record(actor, time, AuditKind.DecisionTaken, course.PatientId, decision.Id);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure))
        {
            throw Amended();
        }
        finally
        {
            db.ChangeTracker.Clear();
        }

        return decision;
    }

    /// <summary>Courses of the last two months whose decision is due, the longest waiting first.</summary>
    public async Task<IReadOnlyList<DueDecision>> Due(CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var now = Clock.Now(time);
        var since = now - Open;
        var visits = await db.Visits.AsNoTracking().Include(v => v.Events.OrderBy(e => e.Number)).Where(v => v.CancelledBecause == null && v.Events.Any() && v.ScheduledAt > since && v.ScheduledAt < now).ToListAsync(cancel);
        var courses = visits.Select(v => v.CourseId).Distinct().ToList();
        var decisions = await db.Decisions.AsNoTracking().Where(d => courses.Contains(d.CourseId)).ToListAsync(cancel);
        var ids = visits.Select(v => v.PatientId).Distinct().ToList();
        var names = await db.Patients.AsNoTracking().Where(p => ids.Contains(p.Id)).ToDictionaryAsync(p => p.Id, p => p.FullName, cancel);
        List<DueDecision> due = [];
        foreach (var course in visits.GroupBy(v => v.CourseId))
        {
            var given = course.Select(v => (v.NumberInCourse, State: VisitFold.Of(v, v.Events, now))).Where(x => x.State is { EndedAt: not null, DoseGiven.Value: > 0 }).OrderBy(x => x.State.EndedAt).ToList();
            var visit = course.First();
            if (DueAfter(given.ConvertAll(x => x.State.EndedAt!.Value), [.. decisions.Where(d => d.CourseId == course.Key)], now) is { } after)
                due.Add(new DueDecision(course.Key, visit.PatientId, names[visit.PatientId], after, given[after - 1].State.EndedAt!.Value + ScoreWaits));
        }

        foreach (var patientId in due.Select(d => d.PatientId).Distinct())
            db.Record(actor, time, AuditKind.DecisionRead, patientId);
        await db.SaveChangesAsync(cancel);
        return [.. due.OrderBy(d => d.Since).ThenBy(d => d.CourseId)];
    }

    /// <summary>The infusion after which a decision is due: of the first, second, fourth and sixth, the last whose score may be there and that nothing was decided after.</summary>
    internal static int? DueAfter(IReadOnlyList<DateTimeOffset> infusionEnds, IReadOnlyCollection<DecisionTaken> decisions, DateTimeOffset now)
    {
        var holding = DecisionTaken.Holding(decisions).ToList();
        if (holding.Exists(d => d.Kind == DecisionKind.Stop))
            return null;
        var reached = Moments.Where(m => m <= infusionEnds.Count && infusionEnds[m - 1] + ScoreWaits <= now).ToList();
        return reached is [.., var last] && holding.TrueForAll(d => d.AfterInfusions < last) ? last : null;
    }

    private async Task<(Course Course, CourseRules Rules)> Read(Guid courseId, CancellationToken cancel)
    {
        var course = await db.Courses.AsNoTracking().Include(c => c.Orders.OrderBy(o => o.Version)).SingleOrDefaultAsync(c => c.Id == courseId, cancel) ?? throw ClinicRuleException.NotFound("course");
        return (course, await CourseRules.Read(db, course.PatientId, Clock.Now(time), cancel));
    }

    private DecisionView View(Course course, CourseRules rules, OwnForecast? own, string? withheld, RelapseOutlook? outlook)
    {
        List<InfusionEffect> infusions = [.. rules.History.Infusions.Where(i => i.CourseId == course.Id)];
        List<DecisionTaken> decisions = [.. rules.Decisions.Where(d => d.CourseId == course.Id).OrderByDescending(d => d.At).ThenByDescending(d => d.Id)];
        return new DecisionView(
            course, rules.Story.Patient, infusions, rules.History.MainScale, rules.History.Outcomes(course.Id, rules.Settings), rules.Course(course.Id, own is not null), rules.Maintenance(outlook),
            OutcomeDefinitions.Current.PublishedAfter(infusions.Count), own, withheld, decisions, DueAfter([.. infusions.Select(i => i.EndedAt)], decisions, rules.Now));
    }

    private async Task<(OwnForecast? Own, string? Withheld)> Forecast(Course course, CourseRules rules, CancellationToken cancel)
    {
        if (rules.History.Infusions.All(i => i.CourseId != course.Id))
            return (null, "Nothing was given in this course yet.");
        try
        {
            // Readings at the chair say next to nothing on mood and would make the page wait for tens of seconds.
            var known = ModelData.Of(rules.Story, rules.Now);
            var data = known with { Record = known.Record with { Observations = [.. known.Record.Observations.Where(o => o.Kind == ObservedKind.Score)] } };
            var estimate = await Task.Run(() => Individualiser.Estimate(data.Record, options: Work, cancellation: cancel), cancel);
            var reasons = string.Join(' ', estimate.Range.Where(f => f.WithholdsNumbers).Select(f => f.Text));
            if (reasons.Length > 0)
                return (null, reasons);
            List<DateTimeOffset> toCome = [.. rules.Story.Visits.Where(v => v.CourseId == course.Id && v.ScheduledAt > rules.Now).Select(v => v.ScheduledAt)];
            return (await Task.Run(() => OwnForecast.Of(estimate, data, course.Order, toCome, rules.Now, cancel), cancel), null);
        }
        catch (ClinicRuleException refusal)
        {
            return (null, refusal.Message);
        }
        catch (InvalidInputException refusal)
        {
            return (null, refusal.Message);
        }
    }

    private static List<int> ReadIntervals(FieldErrors errors, DecisionForm form)
    {
        // What stands there from the decision that is amended means nothing for other kinds.
        if (form.Kind is not (DecisionKind.Taper or DecisionKind.Maintain))
        {
            ClinicText.Check(errors, "intervalDays", form.IntervalDays, ClinicText.LineLength);
            return [];
        }

        List<int> days = [];
        foreach (var part in (form.IntervalDays ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            if (!int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var day) || day is < 1 or > LongestInterval)
            {
                errors.Add("intervalDays", "interval_format", $"Write whole days from 1 to {LongestInterval}: one number for maintenance, such as 14; several for a taper, such as 7, 10, 14, 21.");
                return [];
            }

            days.Add(day);
        }

        if (form.Kind == DecisionKind.Maintain && days.Count != 1)
            errors.Add("intervalDays", "interval_one", "Maintenance has one interval. For several choose a taper.");
        if (form.Kind == DecisionKind.Taper && (days.Count is < 2 or > 24 || days.Zip(days.Skip(1)).Any(pair => pair.Second < pair.First)))
            errors.Add("intervalDays", "interval_taper", "A taper has 2 to 24 intervals, none shorter than the one before.");
        return days;
    }

    private static string BasisOf(DecisionView view)
    {
        var outcome = view.Outcomes[0];
        var score = outcome.Last is { } last ? string.Create(CultureInfo.InvariantCulture, $"{outcome.Scale} {outcome.Baseline?.Score.ToString("0.#", CultureInfo.InvariantCulture) ?? "not assessed"} before, {last.Score:0.#} last: {outcome.Kind}. ") : $"{outcome.Scale} not assessed. ";
        var published = string.Join(" ", view.Published.Select(p => $"{p.Event}: {p.Figure} ({p.Rule})."));
        var stops = string.Concat(view.Report.Fired.Where(r => r.Severity >= Severity.Warning).Select(r => $" {r.Message}"));
        return $"{score}Published: {published} Own: {view.Own?.Summary ?? view.Withheld}.{stops}";
    }

    private static ClinicRuleException Amended() =>
        new(RefusalKind.Conflict, "", "decision_amended", "Somebody has amended this decision meanwhile. Open the page again and amend the entry that holds.");
}
