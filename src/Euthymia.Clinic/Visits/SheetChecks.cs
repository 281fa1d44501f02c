using Euthymia.Pharmacometrics;

namespace Euthymia.Clinic;

/// <summary>What each entry of a sheet has to keep on its own, before it is stored.</summary>
internal static class SheetChecks
{
    public const decimal MaximumVialMillilitres = 100;
    public const decimal MaximumBagMillilitres = 1000;
    private const decimal MixingTolerance = 0.01m; // mL, one line of a 1 mL syringe
    private const int ScoreMaximum = 2;

    public static void Check(FieldErrors errors, SheetEntry entry)
    {
        switch (entry)
        {
            case CheckedBefore { Answers: var answers }:
                Answers(errors, answers);
                break;
            case Weighed weighed:
                WeightPlausibility.Check(errors, weighed.Kilograms, last: null, heightCentimetres: null, NothingConfirmed);
                break;
            case StopOverridden stop:
                ClinicText.Check(errors, "reason", stop.Reason, ClinicText.LineLength, required: true);
                break;
            case DrugPrepared prepared:
                Prepared(errors, prepared);
                break;
            case PumpEntered entered:
                Positive(errors, "weight", entered.Kilograms);
                Positive(errors, "concentration", entered.MilligramsPerMillilitre);
                Positive(errors, "rate", entered.MillilitresPerHour);
                Positive(errors, "volume", entered.Millilitres);
                break;
            case DrugWasted wasted:
                Amount(errors, "amount", wasted.Milligrams);
                ClinicText.Check(errors, "how", wasted.How, ClinicText.LineLength, required: true);
                break;
            case DrugReturned returned:
                Amount(errors, "returned", returned.Milligrams);
                ClinicText.Check(errors, "where", returned.Where, ClinicText.LineLength, required: true);
                break;
            case RecoveryScored scored:
                Score(errors, scored.Items);
                break;
            case HomeReadinessScored scored:
                Score(errors, scored.Items);
                break;
            case CheckedAfter { Answers.IsEmpty: true }:
                errors.Add("", "sheet_empty", "Answer at least one question.");
                break;
            case DischargeOverridden unmet:
                ClinicText.Check(errors, "reason", unmet.Reason, ClinicText.LineLength, required: true);
                break;
            case SignedOff signed when !Enum.IsDefined(signed.Meaning):
                errors.Add("meaning", "required", "Choose what the signature means.");
                break;
        }
    }

    private static readonly HashSet<string> NothingConfirmed = new(StringComparer.Ordinal);

    private static void Answers(FieldErrors errors, BeforeAnswers answers)
    {
        if (answers.IsEmpty)
            errors.Add("", "sheet_empty", "Answer at least one question.");
        ClinicText.Check(errors, "escortName", answers.EscortName, ClinicText.NameLength);
        ClinicText.Check(errors, "escortPhone", answers.EscortPhone, ClinicText.IdentifierLength);
        ClinicText.Check(errors, "lifeSupport", answers.LifeSupportClinician, ClinicText.NameLength);
        ClinicText.Check(errors, "changes", answers.Changes, ClinicText.NoteLength, required: answers.AnyChange is true, lines: true);
        if (answers.EscortConfirmedByPhone is true && string.IsNullOrWhiteSpace(answers.EscortName))
            errors.Add("escortName", "required", "Write the name of the escort who was phoned.");
        if (answers.Alcohol == Intake.Yes && answers.LastAlcoholAt is null)
            errors.Add("lastAlcohol", "required", "Enter when alcohol was last taken.");
        if (answers.Sedatives == Intake.Yes && answers.LastSedativeAt is null)
            errors.Add("lastSedative", "required", "Enter when a sedative was last taken.");
        if (answers.PregnancyTest is PregnancyTest.Negative or PregnancyTest.Positive && answers.PregnancyTestAt is null)
            errors.Add("pregnancyTestAt", "required", "Enter when the test was done.");
    }

    private static void Prepared(FieldErrors errors, DrugPrepared prepared)
    {
        ClinicText.Check(errors, "vial", prepared.Vial, ClinicText.IdentifierLength, required: true);
        ClinicText.Check(errors, "lot", prepared.Lot, ClinicText.IdentifierLength, required: true);
        ClinicText.Check(errors, "reason", prepared.Reason, ClinicText.LineLength);
        if (!DoseLimits.Current.VialStrengths.Contains(new MilligramsPerMillilitre(prepared.VialMilligramsPerMillilitre)))
            errors.Add("vialStrength", "vial_strength_unknown", $"Choose a vial of {string.Join(", ", DoseLimits.Current.VialStrengths)}.");
        Within(errors, "vialVolume", prepared.VialMillilitres, MaximumVialMillilitres, "mL");
        Within(errors, "drawn", prepared.DrawnMillilitres, MaximumVialMillilitres, "mL");
        Within(errors, "total", prepared.TotalMillilitres, MaximumBagMillilitres, "mL");
        if (prepared.DrawnMillilitres > prepared.VialMillilitres)
            errors.Add("drawn", "drawn_above_vial", $"There were {new Millilitres(prepared.VialMillilitres)} in the vial; no more can be drawn.");
        if (prepared.TotalMillilitres < prepared.DrawnMillilitres)
            errors.Add("total", "total_below_drawn", "The syringe or bag holds at least what was drawn.");
    }

    /// <summary>What was prepared against the order that holds and today's weight.</summary>
    public static void AgainstOrder(FieldErrors errors, DrugPrepared prepared, InfusionOrder order, Kilograms? weight, DateOnly today)
    {
        if (prepared.Expiry < today)
            errors.Add("expiry", "vial_expired", "The vial has expired. Take another one.");
        if (prepared.VialMilligramsPerMillilitre != order.VialStrength.Value)
            errors.Add("vialStrength", "vial_differs_from_order", $"The order is for a vial of {order.VialStrength}. Take that vial, or amend the order.");
        else if (weight is null)
            errors.Add("", "weight_missing", "Weigh the patient first: the dose is worked out with today's weight.");
        else
            Mixture(errors, prepared, order.ArithmeticFor(weight.Value));
    }

    private static void Mixture(FieldErrors errors, DrugPrepared prepared, DoseArithmetic arithmetic)
    {
        var drawn = prepared.Drawn;
        if (drawn < arithmetic.DoseByPump)
            errors.Add("drawn", "drawn_below_dose", $"{new Millilitres(prepared.DrawnMillilitres)} hold {drawn}; the dose is {arithmetic.Dose}. Draw at least {arithmetic.DrawAtLeast}.");
        var total = drawn / arithmetic.Concentration;
        if (Math.Abs(prepared.TotalMillilitres - total.Value) > MixingTolerance)
            errors.Add("total", "total_differs", $"{drawn} at {arithmetic.Concentration} are {new Millilitres(decimal.Round(total.Value, 2))}. Fill up to that, or amend the order's concentration.");
        var reason = string.IsNullOrWhiteSpace(prepared.Reason);
        foreach (var check in DoseLimits.Current.Check(arithmetic).Where(l => l.Level == LimitLevel.Hard || (l.Level == LimitLevel.Soft && reason)))
            errors.Add(check.Level == LimitLevel.Hard ? "" : "reason", check.Code, check.Message);
    }

    private static void Amount(FieldErrors errors, string field, decimal milligrams)
    {
        Positive(errors, field, milligrams);
        if (decimal.Round(milligrams, DrugLedger.Decimals) != milligrams)
            errors.Add(field, "amount_decimals", $"Enter milligrams with at most {DrugLedger.Decimals} decimals.");
    }

    private static void Positive(FieldErrors errors, string field, decimal value)
    {
        if (value <= 0)
            errors.Add(field, "not_positive", "Enter a number above zero.");
    }

    private static void Within(FieldErrors errors, string field, decimal value, decimal maximum, string unit)
    {
        if (value <= 0 || value > maximum)
            errors.Add(field, "out_of_range", $"Enter a number above 0 and up to {maximum} {unit}.");
    }

    private static void Score(FieldErrors errors, (string Field, int Value)[] items)
    {
        foreach (var (field, value) in items)
        {
            if (value is < 0 or > ScoreMaximum)
                errors.Add(field, "score_range", $"Choose 0 to {ScoreMaximum}.");
        }
    }
}
