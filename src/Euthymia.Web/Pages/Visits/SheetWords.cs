using System.Globalization;
using Euthymia.Clinic;
using Euthymia.Pharmacometrics;

namespace Euthymia.Web.Pages.Visits;

/// <summary>How entries of the sheets are written in a log. The numbers of a double check are not told: the second person would copy them.</summary>
internal static class SheetWords
{
    public static string Of(SheetEntry entry) => entry switch
    {
        CheckedBefore => "go / no-go sheet",
        Weighed weighed => $"weighed {weighed.Weight}{(weighed.Confirmed ? ", entered twice" : "")}",
        StopOverridden stop => $"{stop.RuleId} overridden: {stop.Reason}",
        DrugPrepared prepared => string.Create(CultureInfo.InvariantCulture, $"drug prepared: vial {prepared.Vial}, lot {prepared.Lot}, {new Millilitres(prepared.DrawnMillilitres)} filled up to {new Millilitres(prepared.TotalMillilitres)}"),
        PumpEntered => "pump numbers entered for the double check",
        DrugWasted wasted => $"wasted {new Milligrams(wasted.Milligrams)}, {wasted.How}",
        DrugReturned returned => $"returned {new Milligrams(returned.Milligrams)}, {returned.Where}",
        Witnessed => "waste witnessed",
        RecoveryScored scored => $"Aldrete {scored.Total} of 10",
        HomeReadinessScored scored => $"PADS {scored.Total} of 10",
        CheckedAfter => "discharge sheet",
        DischargeOverridden unmet => $"let go in spite of {unmet.Unmet}: {unmet.Reason}",
        SignedOff signed => $"signed: {SignatureWords.Of(signed.Meaning)}",
        _ => throw new ArgumentOutOfRangeException(nameof(entry), entry, "No words for this entry."),
    };
}
