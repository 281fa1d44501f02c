namespace Euthymia.Clinic.Rules;

/// <summary>Rules while the patient is at the chair, from the start of the drug to discharge (MON-*).</summary>
public static class InSession
{
    private static readonly Sign[] CrisisSigns =
    [
        Sign.ChestPain, Sign.Dyspnoea, Sign.SevereHeadache, Sign.VisualChange, Sign.Seizure, Sign.ReducedConsciousness, Sign.FocalDeficit,
    ];

    private static readonly Sign[] Emergencies =
    [
        Sign.AirwayEvent, Sign.Apnoea, Sign.Laryngospasm, Sign.Seizure, Sign.Anaphylaxis, Sign.ChestPain,
    ];

    private static readonly StageRules<SessionFacts> Rules = new("in_session", new(StringComparer.Ordinal)
    {
        ["MON-01"] = (f, see) => SinceLastSet(f, see) is { } since ? since >= Interval(f, see) : null,
        ["MON-03"] = (f, see) => see.Is(f.Medicine, Medicine.EsketamineSpray),
        ["MON-04a"] = (f, see) => Overdue(f, see),
        ["MON-04b"] = (f, see) => SinceLastSet(f, see) is { } since ? since >= Interval(f, see) * (double)see.Limit("intervals") : null,
        ["MON-05"] = (f, see) => AtLeast(Pressure(f, see), see),
        ["MON-06"] = (f, see) => RoseFromBaseline(f, see),
        ["MON-07a"] = (f, see) => SevereTwice(f, see),
        ["MON-07b"] = (f, see) => Above(Pressure(f, see), see),
        ["MON-08"] = (f, see) => see.Any(f.Signs, CrisisSigns.Contains),
        ["MON-09"] = (f, see) => RaisedWithoutSymptoms(f, see),
        ["MON-10"] = (f, see) => Sustained(f, see, "heart rate", r => r.HeartRate, rate => rate > see.Limit("heart_rate"), TimeSpan.FromMinutes((double)see.Limit("sustained"))),
        ["MON-11"] = (f, see) => Unstable(f, see),
        ["MON-12a"] = (f, see) => see.AtLeast(Latest(f, see, r => r.OxygenSaturation), "stop_saturation", "oxygen saturation") & SaturationLow(f, see),
        ["MON-12b"] = (f, see) => SaturationLow(f, see),
        ["MON-13a"] = (f, see) => see.Above(Latest(f, see, r => r.Sedation), "stop_moaas", "sedation") & see.AtMost(Latest(f, see, r => r.Sedation), "moaas", "sedation"),
        ["MON-13b"] = (f, see) => see.AtMost(Latest(f, see, r => r.Sedation), "moaas", "sedation"),
        ["MON-14"] = (f, see) => DissociationRatingMissing(f, see),
        ["MON-15"] = (f, see) => see.Any(f.Signs, sign => sign == Sign.Distress) | see.AtLeast(Latest(f, see, r => r.Dissociation), "rating", "dissociation"),
        ["MON-16"] = (f, see) => see.Any(f.Signs, sign => sign == Sign.AgitationNotSettling),
        ["MON-17"] = (f, see) => see.AtLeast(Latest(f, see, r => r.Nausea), "rating", "nausea"),
        ["MON-18"] = (f, see) => see.Any(f.Signs, sign => sign == Sign.Vomiting) & see.AtMost(Latest(f, see, r => r.Sedation), "moaas", "sedation"),
        ["MON-19"] = (f, see) => see.AtLeast(MinutesSince(see.See(f.InfusionStart), see), "from", "minutes since start") & see.AtMost(MinutesSince(f.InfusionStart, see), "to", "minutes since start"),
        ["MON-20"] = (f, see) => see.AtLeast(f.InfusionNumber, "infusion"),
        ["MON-21"] = (f, see) => see.Any(f.Signs, Emergencies.Contains),
        ["MON-22"] = (f, see) => see.Any(f.Signs, sign => sign == Sign.InfusionSiteProblem),
        ["MON-24"] = (f, see) => FeedLost(f, see),
        ["MON-25"] = (f, see) => see.Any(f.OpenAlarms, alarm => Waits(alarm, see)),
        ["MON-27"] = (f, see) => Infusing(f, see) & see.Above(MinutesSince(f.LastStaffContactAt, see), "minutes", "minutes since staff contact"),
        ["MON-28"] = (f, see) => see.Above((decimal?)f.LastLook?.Age.TotalSeconds, "seconds", "seconds since anybody looked"),
        ["MON-29"] = (f, see) => see.Above((decimal?)f.ClockSetBackBy?.TotalMinutes, "minutes", "minutes that the clock was set back"),
        ["MON-30"] = (f, see) => see.Yes(f.SedatedBesides) & see.AtLeast(Latest(f, see, r => r.OxygenSaturation), "low_saturation", "oxygen saturation") & SaturationLow(f, see),
    });

    /// <summary>Judges every in-session rule at <paramref name="now"/>. Pure: the same facts give the same findings after a restart.</summary>
    public static StageReport Evaluate(SessionFacts facts, RuleSettings settings, DateTimeOffset now) => Rules.Evaluate(facts, settings, now);

    private static decimal? MinutesSince(DateTimeOffset? moment, Inputs see) => moment is { } at ? (decimal)(see.Now - at).TotalMinutes : null;

    private static TimeSpan? SinceLastSet(SessionFacts f, Inputs see) => see.Now - see.See(ReadingSchedule.LastFullSet(f, see.Now), "last full set");

    private static TimeSpan Interval(SessionFacts f, Inputs see) => see.See(ReadingSchedule.Interval(f, see.Settings, see.Now), "interval");

    private static bool? Overdue(SessionFacts f, Inputs see)
        => see.See(ReadingSchedule.NextDue(f, see.Settings, see.Now), "due") is { } due
            ? see.Now > due + TimeSpan.FromMinutes((double)see.Limit("grace"))
            : null;

    private static Reading[] Pressures(SessionFacts f, Inputs see) => [.. Ordered(f, see).Where(reading => reading.HasBloodPressure)];

    private static IEnumerable<Reading> Ordered(SessionFacts f, Inputs see)
        => f.Readings.Where(reading => reading.At <= see.Now).OrderBy(reading => reading.At);

    /// <summary>A value counts as current until twice the reading interval has passed; then it is not assessed, never carried forward.</summary>
    private static bool IsCurrent(Reading reading, SessionFacts f, Inputs see)
        => see.Now - reading.At <= 2 * ReadingSchedule.Interval(f, see.Settings, see.Now);

    private static int? Latest(SessionFacts f, Inputs see, Func<Reading, int?> part)
        => Ordered(f, see).LastOrDefault(reading => part(reading) is not null) is { } reading && IsCurrent(reading, f, see) ? part(reading) : null;

    private static Reading? Pressure(SessionFacts f, Inputs see)
    {
        var bp = Pressures(f, see).LastOrDefault();
        return see.See(bp?.At, "blood pressure read at") is not null && IsCurrent(bp!, f, see) ? bp : null;
    }

    private static bool? AtLeast(Reading? bp, Inputs see) => see.AtLeast(bp?.Systolic, "systolic") | see.AtLeast(bp?.Diastolic, "diastolic");

    private static bool? Above(Reading? bp, Inputs see) => see.Above(bp?.Systolic, "systolic") | see.Above(bp?.Diastolic, "diastolic");

    private static bool? RoseFromBaseline(SessionFacts f, Inputs see)
    {
        var bp = Pressure(f, see);
        see.See(f.BaselineSystolic);
        see.See(f.BaselineDiastolic);
        return see.AtLeast(bp?.Systolic - f.BaselineSystolic, "systolic_rise", "systolic rise")
            | see.AtLeast(bp?.Diastolic - f.BaselineDiastolic, "diastolic_rise", "diastolic rise");
    }

    /// <summary>One severe reading alone is "not assessed": the rule waits for the recheck, which MON-05 has asked for.</summary>
    private static bool? SevereTwice(SessionFacts f, Inputs see)
    {
        if (Pressure(f, see) is not { } latest)
            return null;
        bool Severe(Reading bp) => bp.Systolic > see.Limit("systolic") || bp.Diastolic > see.Limit("diastolic");
        see.See(latest.Systolic, "systolic");
        see.See(latest.Diastolic, "diastolic");
        if (!Severe(latest))
            return false;

        var run = Pressures(f, see).Reverse().TakeWhile(Severe).Last();
        see.See(run.At, "severe since");
        return latest.At - run.At >= TimeSpan.FromMinutes((double)see.Limit("apart")) ? true : null;
    }

    private static bool? RaisedWithoutSymptoms(SessionFacts f, Inputs see)
    {
        var bp = Pressure(f, see);
        bool AtOrAbove(Reading reading) => reading.Systolic >= see.Limit("systolic") || reading.Diastolic >= see.Limit("diastolic");
        var rechecked = bp is null ? null : (bool?)(Pressures(f, see) is [.., var previous, _] && AtOrAbove(previous));
        return see.Yes(rechecked, "raised before")
            & AtLeast(bp, see)
            & see.Below(bp?.Systolic, "severe_systolic") & see.Below(bp?.Diastolic, "severe_diastolic")
            & !see.Any(f.Signs, CrisisSigns.Contains);
    }

    /// <summary>
    /// True when the trailing run of readings that meet <paramref name="wanted"/> spans <paramref name="hold"/>. A run too
    /// short is "not assessed" (the next reading decides); only readings are evidence, the time since the last one is not.
    /// </summary>
    private static bool? Sustained(SessionFacts f, Inputs see, string name, Func<Reading, int?> part, Func<decimal, bool> wanted, TimeSpan hold, bool manualCountsAtOnce = false)
    {
        var readings = Ordered(f, see).Where(reading => part(reading) is not null).ToList();
        if (readings is not [.., var latest] || !IsCurrent(latest, f, see))
        {
            see.See<int?>(null, name);
            return null;
        }

        see.See(part(latest), name);
        if (!wanted(part(latest)!.Value))
            return false;

        var first = readings.AsEnumerable().Reverse().TakeWhile(reading => wanted(part(reading)!.Value)).Last();
        var held = see.See(latest.At - first.At, "held for");
        return held >= hold || (manualCountsAtOnce && latest.Method == ReadingMethod.Manual) ? true : null;
    }

    private static bool? SaturationLow(SessionFacts f, Inputs see)
        => Sustained(f, see, "oxygen saturation", r => r.OxygenSaturation, spo2 => spo2 < see.Limit("saturation"), TimeSpan.FromSeconds((double)see.Limit("sustained")), manualCountsAtOnce: true);

    private static bool? Unstable(SessionFacts f, Inputs see)
    {
        var systolic = Pressure(f, see)?.Systolic;
        var heartRate = Latest(f, see, r => r.HeartRate);
        var respiratoryRate = Latest(f, see, r => r.RespiratoryRate);
        return see.Below(systolic, "systolic_low")
            | see.Below(heartRate, "heart_rate_low") | see.Above(heartRate, "heart_rate_high")
            | see.Below(respiratoryRate, "respiratory_rate_low") | see.Above(respiratoryRate, "respiratory_rate_high");
    }

    /// <summary>Due from the rating's minute on, missing when none was recorded from shortly before it.</summary>
    private static bool? DissociationRatingMissing(SessionFacts f, Inputs see)
    {
        if (see.See(f.InfusionStart) is not { } start)
            return null;
        var window = (double)see.Limit("window");
        bool Missing(double minute) => see.Now >= start.AddMinutes(minute)
            && !f.Readings.Any(reading => reading.Dissociation is not null && reading.At >= start.AddMinutes(minute - window));
        return Missing((double)see.Limit("first")) | Missing((double)see.Limit("second"));
    }

    private static bool? FeedLost(SessionFacts f, Inputs see)
    {
        if (see.Yes(f.MonitorBound) is not true)
            return f.MonitorBound;
        return see.See(f.MonitorPeriod) is { } period && see.See(f.LastMonitorFrameAt) is { } last
            ? see.Now - last > period * (double)see.Limit("periods")
            : null;
    }

    private static bool Waits(OpenAlarm alarm, Inputs see) => alarm.AcknowledgedAt is null && alarm.Priority switch
    {
        AlarmPriority.High => see.Now - alarm.RaisedAt > TimeSpan.FromSeconds((double)see.Limit("high")),
        AlarmPriority.Medium => see.Now - alarm.RaisedAt > TimeSpan.FromSeconds((double)see.Limit("medium")),
        _ => false,
    };

    private static bool? Infusing(SessionFacts f, Inputs see)
        => see.See(f.InfusionStart) is { } start ? start <= see.Now && !(f.InfusionEnd <= see.Now) : null;
}
