namespace Euthymia.Clinic;

/// <summary>An instrument of the check-ins.</summary>
/// <param name="Id">Which.</param>
/// <param name="EveryDays">Least days between two; null where it belongs to every check-in.</param>
public sealed record PlannedInstrument(string Id, int? EveryDays = null);

/// <summary>When patients are asked, as data with its source.</summary>
public sealed record CheckInPlan(
    int Version, string Source, string Status, int HoursAfterInfusion, IReadOnlyList<int> DenseDays, int LaterIntervalDays, TimeOnly LocalTime, int HoursBeforeVisit,
    int LeastHoursBetween, int OpensHoursEarly, int LateAfterHours, int MissedAfterHours, int EndsAfterDays, IReadOnlyList<PlannedInstrument> Instruments)
{
    public static CheckInPlan Current { get; } = Checked(EmbeddedData.Read<CheckInPlan>("CheckIns.check-in-plan.json"));

    /// <summary>Least days between two of an instrument: its own recall window, or more. An instrument that belongs to every check-in has none.</summary>
    public static int LeastDays(PlannedInstrument planned) => Math.Max(planned.EveryDays ?? 0, InstrumentLibrary.Shipped[planned.Id].RecallDays ?? 0);

    private static CheckInPlan Checked(CheckInPlan plan)
    {
        if (plan.DenseDays.Zip(plan.DenseDays.Skip(1)).Any(pair => pair.First >= pair.Second) || plan.LateAfterHours >= plan.MissedAfterHours
            || plan.OpensHoursEarly + plan.MissedAfterHours >= 24 * 3 || plan.LeastHoursBetween <= plan.OpensHoursEarly)
            throw new InvalidOperationException("The plan of check-ins contradicts itself.");
        return plan;
    }
}
