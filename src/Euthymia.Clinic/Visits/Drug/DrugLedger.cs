using Euthymia.Clinic.Rules;
using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>
/// The controlled drug of one visit, in mg of base: what was taken from the safe has to be given, wasted before a witness, or
/// returned. What was given follows from the pump's log and is never typed; it is entered in steps of 0.01 mg, as on a label.
/// </summary>
public sealed record DrugLedger(Milligrams Taken, Milligrams Given, Milligrams Wasted, Milligrams Returned, bool IsClosed)
{
    public const int Decimals = 2;

    /// <summary>What nobody has accounted for yet; below zero when more was entered than was taken.</summary>
    public Milligrams Open => Taken - Given - Wasted - Returned;

    public bool Balances => Open.Value == 0;

    public static DrugLedger Of(VisitState state)
    {
        var sheets = state.Sheets;
        return new DrugLedger(
            Sum(sheets.Preparations, l => ((DrugPrepared)l.Entry!).Taken.Value),
            new Milligrams(decimal.Round(state.DoseGiven.Value, Decimals, MidpointRounding.AwayFromZero)),
            Sum(sheets.Wastes, w => w.Entry.Milligrams),
            Sum(sheets.Returns, l => ((DrugReturned)l.Entry!).Milligrams),
            state.Phase is VisitPhase.Recovery or VisitPhase.Completed or VisitPhase.Scheduled or VisitPhase.Cancelled);
    }

    /// <summary>The rules of the ledger (CDR-*) for this visit; empty when no drug was taken.</summary>
    public static IReadOnlyList<RuleResult> Judge(VisitState state, RuleSettings settings, DateTimeOffset now)
    {
        var ledger = Of(state);
        if (ledger.Taken.Value == 0 && ledger.Given.Value == 0)
            return [];
        var facts = ledger.Facts(state.Sheets);
        // Of several vials, the first that is wrong speaks for all.
        var judged = state.Sheets.Preparations.Select(l => (DrugPrepared)l.Entry!)
            .Select(p => ControlledDrug.Evaluate(facts with { Lot = p.Lot, Expiry = p.Expiry }, settings, now))
            .DefaultIfEmpty(ControlledDrug.Evaluate(facts, settings, now)).ToList();
        return (judged.Find(r => !r.MayProceed) ?? judged[0]).Results;
    }

    private LedgerFacts Facts(VisitSheets sheets)
    {
        var unwitnessed = sheets.Wastes.FirstOrDefault(w => w.WitnessedBy is null);
        var witnessed = sheets.Wastes.FirstOrDefault(w => w.WitnessedBy is not null);
        return new LedgerFacts
        {
            Drawn = Taken.Value,
            Given = Given.Value,
            Wasted = Wasted.Value,
            Returned = Returned.Value,
            Remaining = 0,
            Author = witnessed?.Line.Event.AuthorId,
            Witness = witnessed?.WitnessedBy?.AuthorId,
            WitnessSigned = sheets.Wastes.Count == 0 ? null : unwitnessed is null,
            DifferenceExplained = Balances ? null : false,
        };
    }

    private static Milligrams Sum<T>(IEnumerable<T> lines, Func<T, decimal> milligrams) => new(lines.Sum(milligrams));
}
