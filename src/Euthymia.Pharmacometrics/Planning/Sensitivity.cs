using System.Globalization;
using Euthymia.Pharmacometrics.Individualisation;

namespace Euthymia.Pharmacometrics.Planning;

/// <summary>Which unknowns of this patient would change the choice between regimens, and to what.</summary>
internal static class Sensitivity
{
    private static readonly (string Effect, string More)[] Unknowns =
    [
        ("sensitivity", "more sensitive to the drug"),
        ("level", "of a higher level without any drug"),
        ("shared_slow_half_life", "slower to lose the benefit"),
        ("shared_plasticity_saturation", "slower to saturate with repeated infusions"),
        ("eta_CL", "faster to clear ketamine"),
        ("dissociation", "more prone to dissociate"),
        ("pressor_systolic", "more prone to a rise of blood pressure"),
        ("systolic_baseline", "of higher blood pressure before an infusion"),
    ];

    /// <summary>One sentence for each unknown whose lower or upper half of the posterior would favour another regimen, and what its knowledge would be worth.</summary>
    public static IReadOnlyList<string> Of(IndividualEstimate estimate, PlanRequest request, PlannedRegimen[] regimens, int[] simulated, CourseOutcome[] outcomes)
    {
        if (simulated.Length < 2)
            return [];
        var all = Enumerable.Range(0, estimate.Posterior.Count).ToArray();
        var benefits = outcomes.Select(outcome => Benefits(estimate, request, outcome)).ToArray();
        var best = Best(request, benefits, outcomes, simulated, regimens, all);
        if (best < 0)
            return ["Every regimen breaks a constraint: a lower dose, a longer infusion or another limit would open a choice."];
        List<string> sentences = [];
        foreach (var (name, more) in Unknowns)
        {
            var effect = estimate.Effects.ToList().FindIndex(candidate => string.Equals(candidate.Effect.Name, name, StringComparison.Ordinal));
            if (effect < 0)
                continue;
            int[] ordered = [.. all.OrderBy(i => estimate.Posterior[i][effect])];
            foreach (var isUpper in new[] { true, false })
            {
                var half = isUpper ? ordered[(ordered.Length / 2)..] : ordered[..(ordered.Length / 2)];
                var other = Best(request, benefits, outcomes, simulated, regimens, half);
                if (other >= 0 && other != best)
                    sentences.Add(string.Create(CultureInfo.InvariantCulture, $"If the patient proves {(isUpper ? more : "not " + more)}, \"{regimens[simulated[other]].Option.Name}\" would be better than \"{regimens[simulated[best]].Option.Name}\"."));
                else if (other < 0)
                    sentences.Add(string.Create(CultureInfo.InvariantCulture, $"If the patient proves {(isUpper ? more : "not " + more)}, every regimen compared would break a constraint."));
            }
        }

        return sentences.Count > 0 ? sentences : ["No single unknown, resolved either way, would change which regimen does best."];
    }

    private static double[] Benefits(IndividualEstimate estimate, PlanRequest request, CourseOutcome outcome)
    {
        var (draws, visitSd, day) = (estimate.Posterior.Count, estimate.Context.Response["visit_sd"], request.ObjectiveDay ?? request.Days);
        var benefits = new double[draws];
        for (var i = 0; i < draws; i++)
        {
            if (request.Objective == PlanObjective.ResponseAtDay)
            {
                benefits[i] = CourseScores.Response(outcome.Baselines[i], outcome.Logits[day * draws + i], visitSd);
                continue;
            }

            for (var t = 0; t <= request.Days; t++)
                benefits[i] += request.Objective == PlanObjective.ScoreArea
                    ? -CourseScores.Mean(outcome.Logits[t * draws + i], visitSd)
                    : CourseScores.Remission(outcome.Logits[t * draws + i], visitSd);
        }

        return benefits;
    }

    // The regimen of most benefit on some of the draws that keeps the two constraints of risk there and the others at all; of
    // those within half a percent of it the first, so that noise does not speak.
    private static int Best(PlanRequest request, double[][] benefits, CourseOutcome[] outcomes, int[] simulated, PlannedRegimen[] regimens, int[] draws)
    {
        var constraints = request.Constraints ?? new();
        var (best, most) = (-1, double.NegativeInfinity);
        for (var c = 0; c < outcomes.Length; c++)
        {
            var planned = regimens[simulated[c]];
            var systolic = Share(outcomes[c].Systolic, constraints.SystolicLimit, draws);
            var cadss = Share(outcomes[c].Cadss, constraints.CadssLimit, draws);
            if (systolic > constraints.MostSystolicProbability || cadss > constraints.MostCadssProbability
                || planned.Cmax.High > constraints.MostCmax || planned.TotalDose.Value > constraints.MostTotalDose?.Value || planned.VisitsPerWeek > constraints.MostVisitsPerWeek)
                continue;
            var sum = 0.0;
            foreach (var i in draws)
                sum += benefits[c][i];
            var mean = sum / draws.Length;
            if (best < 0 || mean > most + 0.005 * Math.Max(1, Math.Abs(most)))
                (best, most) = (c, mean);
        }

        return best;
    }

    private static double Share(double[] values, double limit, int[] draws)
    {
        var above = 0;
        foreach (var i in draws)
            above += values[i] > limit ? 1 : 0;
        return above / (double)draws.Length;
    }
}
