using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>
/// How long ago visits were looked at, by the monotonic clock of this server: from when it first read the moment that is
/// stored. So neither a step of a wall clock nor two servers' differing ones make a look old, and a server that was stopped
/// or has just started gives the pages the rule's whole time to come back.
/// </summary>
internal sealed class LookAges(TimeProvider time)
{
    /// <summary>A longer time between two turns means that this server stood still: nobody could reach it.</summary>
    private static readonly TimeSpan StoodStill = TimeSpan.FromSeconds(6);

    private readonly Dictionary<Guid, (DateTimeOffset At, long Since)> _read = [];
    private long? _turn;

    /// <summary>Begins a turn: takes over the moments that are stored for the running visits.</summary>
    public void Read(IEnumerable<(Guid Visit, DateTimeOffset? At)> running)
    {
        var turn = time.GetTimestamp();
        var before = _turn is { } last && time.GetElapsedTime(last, turn) <= StoodStill ? new Dictionary<Guid, (DateTimeOffset At, long Since)>(_read) : [];
        _turn = turn;
        _read.Clear();
        foreach (var (visit, stored) in running)
        {
            if (stored is { } at)
                _read[visit] = before.TryGetValue(visit, out var known) && known.At == at ? known : (at, turn);
        }
    }

    /// <summary>Null when nothing is stored for the visit.</summary>
    public Look? Of(Guid visit) => _read.TryGetValue(visit, out var read) ? new Look(read.At, time.GetElapsedTime(read.Since)) : null;
}
