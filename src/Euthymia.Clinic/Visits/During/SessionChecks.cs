namespace Euthymia.Clinic;

/// <summary>Whether an entry at the chair can be what happened.</summary>
internal static class SessionChecks
{
    private const decimal LargestAmount = 10_000;
    private const int LongestPeriodSeconds = 600;
    private const int LongestOnsetMinutes = 24 * 60;

    public static void Check(FieldErrors errors, Visit visit, SessionEntry entry)
    {
        switch (entry)
        {
            case SideEffectSeen seen:
                ClinicText.Check(errors, "effect", seen.Effect, ClinicText.LineLength, required: true);
                ClinicText.Check(errors, "action", seen.Action, ClinicText.LineLength);
                CheckCoded(errors, seen.Grade, seen.Outcome);
                if (seen.OnsetMinutesBefore is < 0 or > LongestOnsetMinutes)
                    errors.Add("onset", "onset_range", $"A side effect of this visit began at most {LongestOnsetMinutes} minutes ago.");
                if (seen.Sign is { } sign && !Enum.IsDefined(sign))
                    errors.Add("effect", "sign_unknown", "This sign is not known here. Choose one of the list, or write what it is.");
                break;
            case SideEffectFollowed followed:
                ClinicText.Check(errors, "action", followed.Action, ClinicText.LineLength);
                CheckCoded(errors, followed.Grade, followed.Outcome);
                if (!visit.Events.Any(e => e.Id == followed.EventId && e.Entry is SideEffectSeen))
                    errors.Add("", "side_effect_unknown", "This side effect is not in the visit's log. Record it first.");
                break;
            case RescueDrugGiven drug:
                ClinicText.Check(errors, "drug", drug.Drug, ClinicText.NameLength, required: true);
                ClinicText.Check(errors, "orderedBy", drug.OrderedBy, ClinicText.NameLength, required: true);
                if (drug.Amount is <= 0 or > LargestAmount)
                    errors.Add("amount", "amount_range", $"Enter an amount above 0 and up to {LargestAmount}.");
                if (!RescueDrugGiven.Units.Contains(drug.Unit, StringComparer.Ordinal))
                    errors.Add("unit", "unit_unknown", $"Choose a unit: {string.Join(", ", RescueDrugGiven.Units)}.");
                if (!RescueDrugGiven.Routes.Contains(drug.Route, StringComparer.Ordinal))
                    errors.Add("route", "route_unknown", $"Choose a route: {string.Join(", ", RescueDrugGiven.Routes)}.");
                break;
            case AlarmAcknowledged acknowledged:
                ClinicText.Check(errors, "action", acknowledged.Action, ClinicText.LineLength);
                break;
            case AudioPaused { Seconds: < 1 or > AudioPaused.LongestSeconds }:
                errors.Add("seconds", "pause_range", $"The sound can be paused for at most {AudioPaused.LongestSeconds} s.");
                break;
            case ReadingDoubted doubted:
                CheckDoubt(errors, visit, doubted);
                break;
            case MonitorConfirmed confirmed:
                ClinicText.Check(errors, "deviceId", confirmed.DeviceId, ClinicText.LineLength, required: true);
                if (confirmed.PeriodSeconds is < 1 or > LongestPeriodSeconds)
                    errors.Add("period", "period_range", $"A monitor sends every 1 to {LongestPeriodSeconds} s.");
                break;
        }
    }

    private static void CheckDoubt(FieldErrors errors, Visit visit, ReadingDoubted doubted)
    {
        // As it was recorded, or as an amendment has put it right: a device may have seen either.
        var read = visit.Events.Where(e => e.Id == doubted.EventId).Select(e => e.Entry)
            .Concat(visit.Events.Select(e => e.Entry).OfType<Amended>().Where(a => a.EventId == doubted.EventId).Select(a => a.Replacement))
            .OfType<Observed>().Select(o => o.Readings).ToList();
        if (read.Count == 0)
            errors.Add("reading", "reading_unknown", "This is no reading of this visit. Choose one of the readings in its log.");
        else if (doubted.Part is { } part && (!Enum.IsDefined(part) || !read.Exists(r => r.Has(part))))
            errors.Add("part", "part_not_read", "This value was not measured in that reading. Choose one that was, or the whole set.");
        if (!Enum.IsDefined(doubted.Cause))
            errors.Add("cause", "cause_unknown", "Choose why it is doubted.");
        ClinicText.Check(errors, "words", doubted.Words, ClinicText.LineLength, required: doubted.Cause == DoubtReason.Other);
    }

    private static void CheckCoded(FieldErrors errors, SideEffectGrade grade, SideEffectOutcome outcome)
    {
        if (!Enum.IsDefined(grade))
            errors.Add("grade", "grade_unknown", "Choose a grade.");
        if (!Enum.IsDefined(outcome))
            errors.Add("outcome", "outcome_unknown", "Choose how it stands.");
    }
}
