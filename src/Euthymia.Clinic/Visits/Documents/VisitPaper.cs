using System.Globalization;
using Euthymia.Clinic.Rules;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>Writes the papers of a visit from its state; nothing on them is typed again.</summary>
public sealed class VisitPaper(VisitView view, ClinicSettings clinic, DischargeSheet discharge, DateOnly? nextVisit)
{
    private readonly VisitState _state = view.State;
    private readonly VisitSheets _sheets = view.State.Sheets;

    // A paper over a change of the clocks writes each time with its offset, in both hours: 01:50 to 03:10 may be twenty minutes.
    private readonly bool _crossesChange = view.State.Log.Select(l => l.ObservedAt).Append(view.State.EndedAt ?? view.State.At).Select(clinic.Zone.GetUtcOffset).Distinct().Skip(1).Any();
    private readonly VisitTotals _totals = VisitTotals.Of(view.State);

    public VisitDocument Of(VisitDocumentKind kind) => kind switch
    {
        VisitDocumentKind.Note => Paper(kind, "Visit note", [Who(), Before(), Drug(), Given(), Readings(), Events(), Leaving(), Ledger(), Rules(), Corrections(), Signatures()]),
        VisitDocumentKind.Infusion => Paper(kind, "Record of the infusion", [Who(), Drug(), Given(), Segments(), Rules(), Signatures()]),
        VisitDocumentKind.Ledger => Paper(kind, "Controlled-drug ledger entry", [Who(), Vials(), Ledger(), Moves(), Signatures()]),
        VisitDocumentKind.Instructions => Paper(kind, "After your infusion", Instructions()),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such paper."),
    };

    private VisitDocument Paper(VisitDocumentKind kind, string title, IReadOnlyList<DocumentSection> sections) => new(
        kind, title, $"{view.Patient.FullName}, {view.Patient.ClinicNumber}, visit {view.Visit.NumberInCourse} of {view.Order.Days.Count}, {Day(_state.StartedAt ?? view.Visit.ScheduledAt)}",
        [.. sections.Where(s => !s.IsEmpty)],
        kind == VisitDocumentKind.Instructions ? clinic.Name : $"{clinic.Name}. Made from {_state.Log.Count} log entries as of {clinic.Written(_state.At, "yyyy-MM-dd HH:mm", withOffset: true)} {clinic.TimeZone}. Log seal {Seal}.");

    private string Seal => view.Visit.Events.MaxBy(e => e.Number)?.Hash is { Length: > 12 } hash ? hash[..12] : "none";

    private DocumentSection Who() => new("Patient and visit")
    {
        Facts =
        [
            ("Patient", view.Patient.FullName),
            ("Born", view.Patient.DateOfBirth.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("Clinic number", view.Patient.ClinicNumber),
            ("Visit", $"{view.Visit.NumberInCourse} of {view.Order.Days.Count}, {view.Visit.Chair}"),
            ("Weight today", _sheets.Weight?.ToString() ?? "not assessed"),
        ],
    };

    private DocumentSection Before() => new("Before the infusion")
    {
        Facts =
        [
            ("Identity", Count(_sheets.Before.NameConfirmed, _sheets.Before.BirthDateConfirmed, _sheets.Before.ClinicNumberConfirmed) is { } count ? $"{count} identifiers confirmed" : "not assessed"),
            ("Consent", Answer(_sheets.Before.ConsentSigned & _sheets.Before.AgreesToday, "signed, and still wanted today", "not given")),
            ("Escort", _sheets.Before.EscortName is { } escort ? $"{escort}{(_sheets.Before.EscortConfirmedByPhone is true ? ", confirmed by phone" : "")}" : "not assessed"),
            ("Blood pressure", _sheets.Baseline.Count == 0 ? DoubtedBefore() ? "not assessed: what was read is doubted" : "not assessed" : string.Join(", ", _sheets.Baseline.Select(r => $"{r.Readings.Systolic}/{r.Readings.Diastolic} mmHg at {Clock(r.At)}"))),
            ("Suicide screen", _sheets.Before.SuicideScreen?.ToString().ToLowerInvariant() ?? "not assessed"),
            ("Changes since the last visit", _sheets.Before.AnyChange switch { null => "not assessed", false => "none", true => _sheets.Before.Changes ?? "yes" }),
        ],
        Sentences = [.. _sheets.Overrides.Select(l => (Line: l, Entry: (StopOverridden)l.Entry!))
            .Select(o => $"{o.Entry.RuleId} overridden by {o.Line.Event.AuthorName} at {Clock(o.Line.ObservedAt)}: {o.Entry.Reason} (found: {clinic.OnClinicsClock(o.Entry.Found)})")],
    };

    private bool DoubtedBefore() => _state.Log.Any(l => l.Doubts.Count > 0 && l.Entry is Observed { Readings.Systolic: not null } && !(l.ObservedAt > _state.StartedAt));

    private DocumentSection Drug() => new("Order and preparation")
    {
        Facts = [.. DrugFacts()],
        Sentences = _sheets.Weight is { } weight ? view.Order.ArithmeticFor(weight).Working() : [],
    };

    private IEnumerable<(string, string)> DrugFacts()
    {
        yield return ("Drug", "racemic ketamine, into a vein; all amounts in mg of ketamine base");
        yield return ("Order", $"{view.Order.DosePerKilogram} over {Minutes(view.Order.Duration)}, version {view.Order.Version}, by {view.Order.OrderedByName}");
        foreach (var line in _sheets.Preparations)
        {
            var prepared = (DrugPrepared)line.Entry!;
            yield return ("Prepared", $"{new Millilitres(prepared.DrawnMillilitres)} of {new MilligramsPerMillilitre(prepared.VialMilligramsPerMillilitre)} filled up to {new Millilitres(prepared.TotalMillilitres)}; vial {prepared.Vial}, lot {prepared.Lot}, use until {prepared.Expiry:yyyy-MM-dd}; by {line.Event.AuthorName}");
        }

        yield return ("Second check", _sheets.SecondCheck is { } second && _sheets.FirstCheck is { } first
            ? $"{first.Line.Event.AuthorName} and {second.Line.Event.AuthorName}, {Clock(second.Line.ObservedAt)}" : "none");
    }

    private DocumentSection Given() => new("Given")
    {
        Facts = _state.StartedAt is not { } started ? [] :
        [
            ("Dose given", _totals.Given.ToString()),
            ("Dose planned", _state.DosePlanned is { } planned ? new Milligrams(VisitTotals.Cut(planned.Value)).ToString() : "none"),
            ("Volume given", _totals.Volume.ToString()),
            ("Pump ran", _totals.MinutesText),
            .. _state.DoseIsUncertain ? [("Uncertain", "The server's clock was set back while the pump ran: dose, volume and minutes are at least these, until their times are corrected or confirmed")] : Array.Empty<(string, string)>(),
            ("From", Moment(started)),
            ("To", _state.EndedAt is { } ended ? $"{Moment(ended)}{(_state.VolumeDelivered ? ", the whole volume" : ", stopped before the whole volume")}" : "still running"),
        ],
    };

    private DocumentSection Segments() => new("Stretches of constant rate")
    {
        Columns = ["from", "to", "rate", "volume", "dose"],
        Rows = [.. _state.Segments.Select(s => (IReadOnlyList<string>)[ClockSeconds(s.Start), ClockSeconds(s.End), s.Rate.ToString(), Volume(s).ToString(), new Milligrams(VisitTotals.Cut((s.Rate * (s.End - s.Start)).Value * (_state.Concentration?.Value ?? 0))).ToString()])],
        Sentences = _state.Segments.Count == 0 ? [] : [$"In all {_totals.Volume}, {_totals.Given} in {_totals.MinutesText}. Rows are rounded by themselves; the total is not their sum but the pump's own."],
    };

    private static Millilitres Volume(PumpSegment segment) => new(VisitTotals.Cut((segment.Rate * (segment.End - segment.Start)).Value));

    private DocumentSection Readings() => new("Readings")
    {
        Columns = ["time", "BP mmHg", "HR /min", "SpO2 %", "sedation", "dissociation", "nausea", "by"],
        Rows = [.. _state.Log.Where(l => l.Entry is Observed).Select(l => (l, ((Observed)l.Entry!).Readings, l.Sound!)).Select(x => (IReadOnlyList<string>)
        [
            Clock(x.l.ObservedAt), Flagged(x, x.Readings.Systolic is null && x.Readings.Diastolic is null ? null : $"{Whole(x.Readings.Systolic)}/{Whole(x.Readings.Diastolic)}", r => r.Systolic ?? r.Diastolic),
            Flagged(x, r => r.HeartRate), Flagged(x, r => r.OxygenSaturation), Flagged(x, r => r.Sedation), Flagged(x, r => r.Dissociation), Flagged(x, r => r.Nausea), x.l.Event.AuthorName,
        ])],
        Sentences = Doubts() is { Count: > 0 } doubts ? [$"Values with {DoubtMark} are doubted: kept as recorded, and counted for nothing.", .. doubts] : [],
    };

    /// <summary>A doubted value on a paper: the word and the shape stand in the row itself.</summary>
    private const string DoubtMark = "(? doubted)";

    private static string Flagged((LogLine, Readings Read, Readings Sound) x, Func<Readings, int?> value) => Flagged(x, value(x.Read) is { } read ? Whole(read) : null, value);

    private static string Flagged((LogLine, Readings Read, Readings Sound) x, string? words, Func<Readings, int?> value) =>
        words is null ? "-" : value(x.Sound) is null ? $"{words} {DoubtMark}" : words;

    private List<string> Doubts() => [.. _state.Log.Where(l => l.Entry is Observed).SelectMany(l => l.Doubts.Select(d =>
        $"Reading of {Clock(l.ObservedAt)} doubted at {Clock(d.ObservedAt)} by {d.Event.AuthorName}, {((ReadingDoubted)d.Entry!).Told}"))];

    private DocumentSection Events() => new("Notes and changes")
    {
        Sentences = [.. _state.Log.Select(l => l.Entry switch
        {
            Noted noted => $"{Clock(l.ObservedAt)} {noted.Text} ({l.Event.AuthorName})",
            RateChanged changed => $"{Clock(l.ObservedAt)} Rate changed to {changed.Rate}{Because(changed.Reason)} ({l.Event.AuthorName})",
            InfusionPaused paused => $"{Clock(l.ObservedAt)} Paused{Because(paused.Reason)} ({l.Event.AuthorName})",
            InfusionResumed => $"{Clock(l.ObservedAt)} Resumed ({l.Event.AuthorName})",
            InfusionStopped stopped => $"{Clock(l.ObservedAt)} Stopped{Because(stopped.Reason)} ({l.Event.AuthorName})",
            _ => null,
        }).OfType<string>()],
    };

    private DocumentSection Leaving() => new("Discharge")
    {
        Facts = _state.EndedAt is null ? [] :
        [
            ("Aldrete", _sheets.Aldrete is { } aldrete ? $"{aldrete} of 10" : "not assessed"),
            ("PADS", _sheets.Pads is { } pads ? $"{pads} of 10" : "not assessed"),
            ("Criteria", _state.CompletedAt is { } left ? $"patient left at {Clock(left)}" : discharge.MayLeave ? "met" : $"unmet: {discharge.UnmetText}"),
        ],
        Sentences = [.. _sheets.DischargeOverrides.Select(l => $"Let go by {l.Event.AuthorName} in spite of {((DischargeOverridden)l.Entry!).Unmet}: {((DischargeOverridden)l.Entry!).Reason}")],
    };

    private DocumentSection Vials() => new("Vials")
    {
        Columns = ["vial", "lot", "use until", "strength", "taken", "drawn", "by", "at"],
        Rows = [.. _sheets.Preparations.Select(l => (l, (DrugPrepared)l.Entry!)).Select(x => (IReadOnlyList<string>)
        [
            x.Item2.Vial, x.Item2.Lot, x.Item2.Expiry.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), new MilligramsPerMillilitre(x.Item2.VialMilligramsPerMillilitre).ToString(),
            x.Item2.Taken.ToString(), x.Item2.Drawn.ToString(), x.l.Event.AuthorName, Clock(x.l.ObservedAt),
        ])],
    };

    private DocumentSection Ledger() => new("Drug ledger")
    {
        Facts = _totals.Ledger.Taken.Value == 0 && _totals.Given.Value == 0 ? [] :
        [
            ("Taken from the safe", _totals.Ledger.Taken.ToString()),
            ("Dose given", _totals.Given.ToString()),
            ("Wasted", _totals.Ledger.Wasted.ToString()),
            ("Returned", _totals.Ledger.Returned.ToString()),
            ("Not accounted for", _totals.Ledger.Open.ToString()),
        ],
    };

    private DocumentSection Moves() => new("Wasted and returned")
    {
        Sentences =
        [
            .. _sheets.Wastes.Select(w => $"{Clock(w.Line.ObservedAt)} Wasted {new Milligrams(w.Entry.Milligrams)}, {w.Entry.How}, by {w.Line.Event.AuthorName}; {(w.WitnessedBy is { } witness ? $"witnessed by {witness.AuthorName} at {Clock(witness.ObservedAt)}" : "not witnessed")}"),
            .. _sheets.Returns.Select(l => $"{Clock(l.ObservedAt)} Returned {new Milligrams(((DrugReturned)l.Entry!).Milligrams)}, {((DrugReturned)l.Entry!).Where}, by {l.Event.AuthorName}"),
        ],
    };

    // What every finding and stop of this visit was judged by.
    private DocumentSection Rules() => new("Rules that held")
    {
        Facts =
        [
            ("Settings", $"version {view.Rules.Version}, {(view.Visit.StartRecordedAt is { } started ? $"as they held at the start, {Moment(started)}" : "as they hold now; the start fixes them")}"),
            ("Own limits", view.Rules.Changed.IsEmpty ? "none: as in the rule book" : string.Join("; ", view.Rules.Changed.OrderBy(c => c.Key.RuleId, StringComparer.Ordinal).ThenBy(c => c.Key.Parameter, StringComparer.Ordinal)
                .Select(c => $"{c.Key.RuleId} {c.Key.Parameter.Replace('_', ' ')} {c.Value.ToString("0.####", CultureInfo.InvariantCulture)} {RuleBook.Get(c.Key.RuleId).Parameters[c.Key.Parameter].Unit}"))),
        ],
    };

    private DocumentSection Corrections() => new("Corrections")
    {
        Sentences = [.. _state.Log.Where(l => l.AmendedBy is not null)
            .Select(l => $"Entry {l.Event.Number} of {Clock(l.Event.ObservedAt)} {(l.Entry is null ? "withdrawn" : "corrected")} by {l.AmendedBy!.AuthorName} at {Moment(l.AmendedBy.RecordedAt)}: {((Amended)l.AmendedBy.Entry).Reason}")],
    };

    private DocumentSection Signatures() => new("Signed")
    {
        Sentences = _sheets.Signatures.Count == 0 ? ["Not signed yet."] :
        [
            .. _sheets.Signatures.Select(l => $"{l.Event.AuthorName}, {Moment(l.Event.RecordedAt)}: {SignatureWords.Of(((SignedOff)l.Entry!).Meaning)}{(SignatureWords.IsOutdated(view.Visit, l) ? " (the record was changed after this signature)" : "")}"),
        ],
    };

    private List<DocumentSection> Instructions() =>
    [
        new DocumentSection("Today and tonight")
        {
            Sentences =
            [
                "Go home with the person who came for you, and do not stay alone until tomorrow.",
                "Do not drive, ride a bicycle or use machines until tomorrow, after a night of restful sleep.",
                "Drink no alcohol today. Take only the medicines that your clinic knows of.",
                "Do not sign anything important today.",
                "Feeling light, dreamy or unsteady can come back for a short time within the next 24 hours. Sit or lie down until it has passed.",
            ],
        },
        new DocumentSection("Call for help")
        {
            Sentences =
            [
                "Call the emergency number at once for chest pain, trouble breathing, a very bad headache, a faint, or a seizure.",
                "Call the clinic the same day for vomiting that does not stop, confusion that does not pass, pain when passing water, or anything that worries you.",
                string.IsNullOrWhiteSpace(clinic.CrisisLine) ? "If you think of harming yourself, call your local emergency number now." : $"If you think of harming yourself: {clinic.CrisisLine}",
            ],
        },
        new DocumentSection("What you had")
        {
            Facts = [("Drug", "ketamine, into a vein"), ("Dose given", _totals.Given.ToString()), ("When", $"{Day(_state.StartedAt ?? view.Visit.ScheduledAt)}{(_state.StartedAt is { } started ? $", {Clock(started)}" : "")}{(_state.EndedAt is { } ended ? $" to {Clock(ended)}" : "")}")],
        },
        new DocumentSection("Next")
        {
            Facts = [("Next visit", nextVisit is { } day ? day.ToString("dddd d MMMM yyyy", CultureInfo.InvariantCulture) : "the clinic will tell you"), ("Clinic", clinic.Name)],
        },
    ];

    private string Clock(DateTimeOffset at) => clinic.Written(at, "HH:mm", _crossesChange);

    private string ClockSeconds(DateTimeOffset at) => clinic.Written(at, "HH:mm:ss", _crossesChange);

    private string Day(DateTimeOffset at) => Local(at).ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    private string Moment(DateTimeOffset at) => clinic.Written(at, "yyyy-MM-dd HH:mm", _crossesChange);

    private DateTimeOffset Local(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, clinic.Zone);

    private static string Minutes(TimeSpan time) => $"{time.TotalMinutes.ToString("0.#", CultureInfo.InvariantCulture)} min";

    private static string Whole(int? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "-";

    private static string Because(string? reason) => reason is null ? "" : $": {reason}";

    private static string Answer(bool? answer, string yes, string no) => answer switch { null => "not assessed", true => yes, false => no };

    private static int? Count(params bool?[] answers) => Array.TrueForAll(answers, a => a is null) ? null : answers.Count(a => a is true);
}

/// <summary>What signatures say, on pages and papers alike.</summary>
public static class SignatureWords
{
    public static string Of(SignatureMeaning meaning) => meaning switch
    {
        SignatureMeaning.Recorded => "I made this record and it is complete",
        SignatureMeaning.Reviewed => "I have read this record and agree with it",
        _ => throw new ArgumentOutOfRangeException(nameof(meaning), meaning, "No such meaning."),
    };

    /// <summary>True when something other than a signature was added after this one.</summary>
    public static bool IsOutdated(Visit visit, LogLine signature) =>
        visit.Events.Any(e => e.Number > signature.Event.Number && e.Entry is not SignedOff);
}
