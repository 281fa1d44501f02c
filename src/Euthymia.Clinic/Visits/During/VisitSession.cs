using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>A side effect with what became of it.</summary>
public sealed record SideEffectLine(LogLine Line, SideEffectSeen Seen, SideEffectGrade Grade, SideEffectOutcome Outcome, string? Action)
{
    public DateTimeOffset OnsetAt => Line.ObservedAt.AddMinutes(-Seen.OnsetMinutesBefore);

    public bool IsOngoing => Outcome == SideEffectOutcome.Ongoing;
}

/// <summary>What went on at the chair beside readings and pump, folded from the visit's log in the order of observation.</summary>
public sealed record VisitSession
{
    public static VisitSession Empty { get; } = new();

    public IReadOnlyList<SideEffectLine> SideEffects { get; init; } = [];

    /// <summary>Until when the sound is paused; null when it is not.</summary>
    public DateTimeOffset? AudioPausedUntil { get; init; }

    public DateTimeOffset? AudioPausedAt { get; init; }

    /// <summary>The monitor that a person has confirmed for this patient; null when there is none.</summary>
    public MonitorConfirmed? Monitor { get; init; }

    public DateTimeOffset? MonitorConfirmedAt { get; init; }

    internal static VisitSession Of(IReadOnlyList<LogLine> log)
    {
        var session = Empty;
        List<SideEffectLine> effects = [];
        foreach (var line in log)
        {
            switch (line.Entry)
            {
                case SideEffectSeen seen:
                    effects.Add(new SideEffectLine(line, seen, seen.Grade, seen.Outcome, seen.Action));
                    break;
                case SideEffectFollowed followed:
                    if (effects.FindIndex(e => e.Line.Event.Id == followed.EventId) is >= 0 and var at)
                        effects[at] = effects[at] with { Grade = followed.Grade, Outcome = followed.Outcome, Action = followed.Action ?? effects[at].Action };
                    break;
                case AudioPaused paused:
                    session = session with { AudioPausedAt = line.ObservedAt, AudioPausedUntil = line.ObservedAt.AddSeconds(paused.Seconds) };
                    break;
                case MonitorConfirmed confirmed:
                    session = session with { Monitor = confirmed, MonitorConfirmedAt = line.ObservedAt };
                    break;
                case MonitorReleased or VisitCompleted:
                    session = session with { Monitor = null, MonitorConfirmedAt = null };
                    break;
            }
        }

        return effects.Count == 0 ? session : session with { SideEffects = effects };
    }

    /// <summary>The signs that the rules see now. Null: nobody has asked; empty: asked, none.</summary>
    internal IReadOnlyList<Sign>? SignsNow(bool askedAndNone)
    {
        var present = SideEffects.Where(e => e.IsOngoing && e.Seen.Sign is not null).Select(e => e.Seen.Sign!.Value).Distinct().ToList();
        return present.Count > 0 || SideEffects.Count > 0 || askedAndNone ? present : null;
    }
}
