namespace Euthymia.Clinic.Rules;

/// <summary>
/// When the next set of readings is due: the only source of the interval (rule DQ-06), for the chair's clock, the
/// overdue rules and the room view alike.
/// </summary>
public static class ReadingSchedule
{
    /// <summary>
    /// Due time of the next set (blood pressure, heart rate, oxygen saturation and sedation: the one read longest ago
    /// decides). What was due while the drug ran stays due after it. After a raised blood pressure the pressure is due again at
    /// the recheck time of MON-05, and a value that is doubted at once. Null before the start.
    /// </summary>
    public static DateTimeOffset? NextDue(SessionFacts facts, RuleSettings settings, DateTimeOffset now)
    {
        if (LastFullSet(facts, now) is not { } last)
            return null;
        var during = last + TimeSpan.FromMinutes((double)settings.Value(RuleBook.Get("MON-01"), "interval_infusing"));
        var regular = facts.InfusionEnd is { } end && end <= now && during <= end ? during : last + Interval(facts, settings, now);
        return Earlier(Earlier(regular, RecheckDue(facts, settings, now)), facts.RetakeSince);
    }

    /// <summary>The interval in force: shorter while the drug runs, longer after.</summary>
    public static TimeSpan Interval(SessionFacts facts, RuleSettings settings, DateTimeOffset now)
    {
        var infusing = facts.InfusionEnd is not { } end || end > now;
        return TimeSpan.FromMinutes((double)settings.Value(RuleBook.Get("MON-01"), infusing ? "interval_infusing" : "interval_after"));
    }

    /// <summary>The latest moment by which every part of the set was read at least once since the start; the start itself when a part was never read.</summary>
    public static DateTimeOffset? LastFullSet(SessionFacts facts, DateTimeOffset now)
    {
        if (facts.InfusionStart is not { } start)
            return null;

        Func<Reading, bool>[] parts =
        [
            reading => reading.HasBloodPressure,
            reading => reading.HeartRate is not null,
            reading => reading.OxygenSaturation is not null,
            reading => reading.Sedation is not null,
        ];
        return parts.Min(part => facts.Readings.Where(reading => reading.At <= now && part(reading)).Select(reading => reading.At).Append(start).Max());
    }

    /// <summary>The blood pressure is due again after a raised one (MON-05, MON-06), until one that is not raised is read.</summary>
    public static DateTimeOffset? RecheckDue(SessionFacts facts, RuleSettings settings, DateTimeOffset now)
    {
        var last = facts.Readings.Where(reading => reading.HasBloodPressure && reading.At <= now).MaxBy(reading => reading.At);
        return last is not null && IsRaised(last, facts, settings)
            ? last.At + TimeSpan.FromMinutes((double)settings.Value(RuleBook.Get("MON-05"), "recheck"))
            : null;
    }

    private static bool IsRaised(Reading bp, SessionFacts facts, RuleSettings settings)
    {
        decimal Limit(string rule, string parameter) => settings.Value(RuleBook.Get(rule), parameter);
        return bp.Systolic >= Limit("MON-05", "systolic") || bp.Diastolic >= Limit("MON-05", "diastolic")
            || bp.Systolic - facts.BaselineSystolic >= Limit("MON-06", "systolic_rise")
            || bp.Diastolic - facts.BaselineDiastolic >= Limit("MON-06", "diastolic_rise");
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset? other) => other < one ? other.Value : one;
}
