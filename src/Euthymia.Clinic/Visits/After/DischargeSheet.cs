using Euthymia.Clinic.Rules;

namespace Euthymia.Clinic;

/// <summary>
/// May the patient leave, and may the visit close? Each criterion is computed from the log; what is not known is unmet.
/// Two different people may let the patient go in spite of an unmet criterion; nobody closes a visit whose drug ledger does not balance.
/// </summary>
public sealed record DischargeSheet(IReadOnlyList<RuleResult> Criteria, IReadOnlyList<RuleResult> Ledger, DrugLedger Drug, IReadOnlyList<LogLine> Overrides)
{
    private const int NamesNeeded = 2;

    // Esketamine's own rules, and the rule about the override itself, which is held here.
    private static readonly string[] Elsewhere = ["DIS-01", "DIS-15", "DIS-17a", "DIS-17b"];

    public IEnumerable<RuleResult> Unmet => Criteria.Where(c => c.Stops);

    /// <summary>The unmet criteria as the two people sign them.</summary>
    public string UnmetText => string.Join(", ", Unmet.Select(c => c.Rule.Id).Order(StringComparer.Ordinal));

    /// <summary>The people whose override covers all that is unmet now.</summary>
    public IReadOnlyList<LogLine> Names => [.. Overrides.Where(Covers).DistinctBy(l => l.Event.AuthorId)];

    public bool MayLeave => !Unmet.Any() || Names.Count >= NamesNeeded;

    public IEnumerable<RuleResult> LedgerStops => Ledger.Where(r => r.Stops);

    public bool MayClose => MayLeave && !LedgerStops.Any();

    public static DischargeSheet Of(VisitState state, RuleSettings settings, DateTimeOffset now)
    {
        var criteria = Discharge.Evaluate(Facts(state, now), settings, now).Results.Where(r => !Elsewhere.Contains(r.Rule.Id, StringComparer.Ordinal)).ToList();
        return new DischargeSheet(criteria, DrugLedger.Judge(state, settings, now), DrugLedger.Of(state), state.Sheets.DischargeOverrides);
    }

    internal static DischargeFacts Facts(VisitState state, DateTimeOffset now)
    {
        var sheets = state.Sheets;
        var baseline = sheets.Baseline.Count == 0 ? null : sheets.Baseline[^1].Readings;
        var fresh = sheets.Recovery.Where(r => now - r.At <= VisitProtocol.Current.RecoveryHolds).Select(r => r.Readings).ToList();
        var pressure = fresh.LastOrDefault(r => r is { Systolic: not null, Diastolic: not null });
        var dissociationBefore = state.Log.Where(l => state.StartedAt is { } started && l.ObservedAt <= started)
            .Select(l => l.Sound?.Dissociation).LastOrDefault(d => d is not null);
        return new DischargeFacts
        {
            Medicine = Medicine.KetamineInfusion,
            InfusionEnd = state.EndedAt,
            Aldrete = sheets.Aldrete,
            Pads = sheets.Pads,
            BaselineSystolic = baseline?.Systolic,
            BaselineDiastolic = baseline?.Diastolic,
            Systolic = pressure?.Systolic,
            Diastolic = pressure?.Diastolic,
            SaturationOnRoomAir = sheets.After.OnRoomAir is true ? Latest(fresh, r => r.OxygenSaturation) : null,
            Oriented = sheets.After.Oriented,
            SteadyGait = sheets.After.SteadyGait,
            BaselineDissociation = dissociationBefore,
            Dissociation = Latest(fresh, r => r.Dissociation),
            Sedation = Latest(fresh, r => r.Sedation),
            Nausea = Latest(fresh, r => r.Nausea),
            HandedToEscort = sheets.After.HandedToEscort,
            LineRemovedAndDressed = sheets.After.LineRemoved,
            ScreenBeforePositive = sheets.Before.SuicideScreen is { } screen ? screen == ScreenResult.Positive : null,
            SuicideRiskRechecked = sheets.After.SuicideRiskRechecked,
            DrivingWarningAcknowledgedByPatient = sheets.After.DrivingToldPatient,
            DrivingWarningAcknowledgedByEscort = sheets.After.DrivingToldEscort,
            InstructionsAndContactGiven = sheets.After.InstructionsGiven,
            LateEffectsExplained = sheets.After.LateEffectsExplained,
            FormsKnown = true, // no esketamine is given here, so none of its forms is open
        };
    }

    private bool Covers(LogLine line)
    {
        var signed = ((DischargeOverridden)line.Entry!).Unmet.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Unmet.All(c => signed.Contains(c.Rule.Id, StringComparer.Ordinal));
    }

    private static int? Latest(List<Readings> readings, Func<Readings, int?> value) => readings.Select(value).LastOrDefault(v => v is not null);
}
