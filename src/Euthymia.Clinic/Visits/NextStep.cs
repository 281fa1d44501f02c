using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>Where a visit goes on.</summary>
public enum VisitSheet
{
    Before,
    Drug,
    Chair,
    After,
    Papers,
}

/// <summary>What a visit waits for next, and on which of its sheets that is done.</summary>
/// <param name="Sheet">The sheet.</param>
/// <param name="Words">What is wanted there: "2 not assessed", "second check", "4 unmet". Empty at the chair, where the next reading's time tells.</param>
public sealed record NextStep(VisitSheet Sheet, string Words)
{
    /// <summary>What a visit waits for next.</summary>
    /// <param name="visit">The visit.</param>
    /// <param name="before">Its go / no-go sheet; needed before the start only.</param>
    /// <param name="after">Its discharge sheet; needed after the infusion only.</param>
    internal static NextStep Of(TodayVisit visit, GoNoGoSheet? before, DischargeSheet? after) => visit.State.Phase switch
    {
        VisitPhase.Scheduled => BeforeStart(visit.State.Sheets, before!),
        VisitPhase.Recovery when after!.Unmet.Any() => new NextStep(VisitSheet.After, $"{after.Unmet.Count()} unmet"),
        VisitPhase.Recovery when after!.LedgerStops.Any() => new NextStep(VisitSheet.After, "ledger open"),
        VisitPhase.Recovery => new NextStep(VisitSheet.After, "complete the visit"),
        VisitPhase.Completed when visit.State.Sheets.Signatures.Count == 0 => new NextStep(VisitSheet.After, "sign"),
        VisitPhase.Completed => new NextStep(VisitSheet.Papers, ""),
        _ => new NextStep(VisitSheet.Chair, ""),
    };

    private static NextStep BeforeStart(VisitSheets sheets, GoNoGoSheet sheet)
    {
        // Once the patient is weighed, what a dose still lacks (the vial, the pump, the second person) is entered on the sheet of the drug.
        var here = sheet.Blocking.Where(l => sheets.Weight is null || l.Result.Outcome == RuleOutcome.Fired || !string.Equals(l.Result.Rule.Stage, "dosing", StringComparison.Ordinal)).ToList();
        var stops = here.Count(l => l.Result.Outcome == RuleOutcome.Fired);
        var notAssessed = here.Count - stops;
        if (stops + notAssessed > 0)
            return new NextStep(VisitSheet.Before, string.Join(", ", new[] { stops == 0 ? null : stops == 1 ? "1 stop" : $"{stops} stops", notAssessed == 0 ? null : $"{notAssessed} not assessed" }.OfType<string>()));
        return new NextStep(VisitSheet.Drug, sheets switch { { Prepared: null } => "prepare", { FirstCheck: null } => "first check", { SecondCheck: null } => "second check", _ => "start" });
    }
}
