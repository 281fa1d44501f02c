using System.Globalization;
using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Pharmacometrics.Individualisation;

/// <summary>
/// Makes a patient's own model: the maximum a posteriori estimate from several starts, observations that it cannot explain set
/// aside, then a sample of the whole posterior.
/// </summary>
public static class Individualiser
{
    private const double LargestResidual = 3.5;
    private const double ModeObjectives = 12;
    private const double ModeDistance = 1;
    private const double PinSd = 0.5;
    private const double LeastShare = 0.03;
    private static readonly double[] SensitivityPins = [-2.2, -1.2, -0.2, 0.8, 1.8];

    /// <summary>Estimates one patient.</summary>
    /// <param name="record">Covariates, doses given, observations.</param>
    /// <param name="drug">From <see cref="DrugModels"/>; the default model when null.</param>
    /// <param name="options">Draws, starts, seed.</param>
    /// <param name="cancellation">Stops with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="InvalidInputException">Data that cannot be right; the field is named.</exception>
    public static IndividualEstimate Estimate(PatientRecord record, DrugModel? drug = null, IndividualOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        options.Check();
        var context = new IndividualContext(record, drug ?? DrugModels.Default, ResponseParameters.Default, IndividualParameters.Default);
        return Estimate(context, options, cancellation);
    }

    internal static IndividualEstimate Estimate(IndividualContext context, IndividualOptions options, CancellationToken cancellation)
    {
        if (context.Drug.Observations.All(observation => !string.Equals(observation.Compartment, context.Drug.InfusionInto, StringComparison.Ordinal)))
            throw new InvalidInputException("model-not-individual", "model", $"Model {context.Drug.Id} does not observe the compartment that it infuses into: choose another.");
        var model = new KetamineIndividual(context);
        var residuals = KetamineIndividual.Residuals(context);
        Residual[] used = [.. residuals];
        var search = new FisherScoring(model.EffectCount, model.ObservationCount);
        var isAside = new bool[used.Length];
        var modes = FindModes(search, model, used, options, cancellation);
        while (SetAsideWorst(model, residuals, used, isAside, modes[0].Effects))
            modes = FindModes(search, model, used, options, cancellation);

        var proposal = Proposal(context, search, model, used, modes);
        var threads = options.Threads ?? Environment.ProcessorCount;
        var posterior = new ImportanceSampler(() => new KetamineIndividual(context), used, model.EffectCount, options.Seed, cancellation)
            .Sample(proposal, options.Draws, 2 * options.Draws, threads);
        var explained = Explain(context, model, residuals, isAside, modes[0].Effects);
        return new IndividualEstimate(
            context, modes[0].End.Objective, modes[0].End.Iterations, modes[0].End.Converged, modes.Count,
            Effects(context, proposal[0], posterior), explained, posterior, Basis(context, explained));
    }

    /// <summary>Maxima found from all starts, the best first, without those that do not matter.</summary>
    internal static List<(double[] Effects, SearchEnd End)> FindModes(FisherScoring search, IndividualModel model, ReadOnlySpan<Residual> residuals, IndividualOptions options, CancellationToken cancellation)
    {
        List<(double[] Effects, SearchEnd End)> found = [];
        for (var start = 0; start < options.Starts; start++)
        {
            cancellation.ThrowIfCancellationRequested();
            var effects = new double[model.EffectCount];
            var deviates = new Deviates(options.Seed, ulong.MaxValue - (ulong)start);
            for (var k = 0; k < effects.Length && start > 0; k++)
                effects[k] = 1.5 * deviates.Normal((uint)k);
            var end = search.Search(model, residuals, effects);
            if (double.IsFinite(end.Objective))
                found.Add((effects, end));
        }

        if (found.Count == 0)
            throw new InvalidInputException("posterior-not-found", "observations", "No set of parameters explains these observations: check their units and times.");
        found.Sort((a, b) => a.End.Objective.CompareTo(b.End.Objective));
        List<(double[] Effects, SearchEnd End)> modes = [found[0]];
        foreach (var candidate in found.Skip(1).Where(candidate => candidate.End.Converged && candidate.End.Objective < found[0].End.Objective + ModeObjectives))
            if (modes.All(mode => Distance(mode.Effects, candidate.Effects) > ModeDistance))
                modes.Add(candidate);
        return modes;
    }

    private static double Distance(double[] one, double[] other) => Math.Sqrt(one.Zip(other, (a, b) => (a - b) * (a - b)).Sum());

    // The modes, and points along the sensitivity: a patient who improves may owe it to the drug or to all else, so that the
    // posterior has a long tail of little sensitivity that no curvature at the mode foretells.
    private static List<PosteriorMode> Proposal(IndividualContext context, FisherScoring search, KetamineIndividual model, Residual[] residuals, List<(double[] Effects, SearchEnd End)> modes)
    {
        List<PosteriorMode> proposal = [.. modes.Select(mode => ModeAt(search, model, residuals, mode.Effects, 0))];
        if (context.Observations.Any(observation => observation.Kind == ObservedKind.Score))
        {
            var pinned = new PinnedModel(model, context.Layout.Sensitivity);
            var along = new FisherScoring(pinned.EffectCount, pinned.ObservationCount);
            foreach (var pin in SensitivityPins)
            {
                Residual[] both = [.. residuals, Residual.Normal(pin, PinSd)];
                double[] effects = [.. modes[0].Effects];
                along.Search(pinned, both, effects, 0.01);
                var value = both[^1].Value(effects[context.Layout.Sensitivity]);
                proposal.Add(ModeAt(along, pinned, both, effects, value));
            }
        }

        // Weights are evidences by Laplace's approximation, none so small that its part of the posterior goes unsearched.
        var largest = proposal.Max(mode => mode.Weight);
        var evidences = proposal.Select(mode => Math.Exp(mode.Weight - largest)).ToArray();
        return [.. proposal.Select((mode, i) => mode with { Weight = evidences[i] / evidences.Sum() + LeastShare })];
    }

    /// <summary>The normal approximation at a point; its weight is the log of its evidence, without the value of a pin.</summary>
    private static PosteriorMode ModeAt(FisherScoring search, IndividualModel model, Residual[] residuals, double[] effects, double pinValue)
    {
        var objective = search.Curvature(model, residuals, effects) - pinValue;
        double[] factor = [.. search.Hessian.ToArray().Select(value => value / 2)];
        Cholesky.Factor(factor, effects.Length);
        var mode = new PosteriorMode(effects, factor);
        return mode with { Weight = -0.5 * (objective + mode.LogDeterminant) };
    }

    // At most a fifth of the observations, the worst first, with a new fit after each: one that only a worse one spoiled stays used.
    private static bool SetAsideWorst(KetamineIndividual model, Residual[] residuals, Residual[] used, bool[] isAside, double[] effects)
    {
        var setAside = isAside.Count(aside => aside);
        if (used.Length == 0 || setAside >= Math.Max(1, used.Length / 5))
            return false;
        var predictions = PredictAt(model, effects);
        var (worst, size) = (-1, LargestResidual);
        for (var j = 0; j < used.Length; j++)
            if (!isAside[j] && Math.Abs(residuals[j].Standardised(predictions[j])) is var residual && residual > size)
                (worst, size) = (j, residual);
        if (worst < 0)
            return false;
        (used[worst], isAside[worst]) = (Residual.SetAside, true);
        return true;
    }

    private static string Remark(PatientObservation observation, double predicted, double residual)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"The model cannot explain {observation}: it is {Math.Abs(residual):0.0} standard deviations {(residual > 0 ? "above" : "below")} what was expected, and was set aside.");
        if (observation.Kind != ObservedKind.Plasma || !(predicted > 0))
            return text + " Check the value and its time.";
        var ratio = Math.Abs(Math.Log10(observation.Value / predicted));
        return ratio is > 2.5 and < 3.5 ? text + " It would fit in another unit: concentrations count in ng/mL." : text + " Check the value, its time and the infusion given.";
    }

    private static double[] PredictAt(KetamineIndividual model, double[] effects)
    {
        var points = new double[effects.Length * IndividualModel.Lanes];
        for (var k = 0; k < effects.Length; k++)
            points.AsSpan(k * IndividualModel.Lanes, IndividualModel.Lanes).Fill(effects[k]);
        var predictions = new double[model.ObservationCount * IndividualModel.Lanes];
        model.Predict(points, predictions);
        return [.. Enumerable.Range(0, model.ObservationCount).Select(j => predictions[j * IndividualModel.Lanes])];
    }

    private static ExplainedObservation[] Explain(IndividualContext context, KetamineIndividual model, Residual[] residuals, bool[] isAside, double[] effects)
    {
        var predictions = PredictAt(model, effects);
        return [.. context.Observations.Select((observation, j) => new ExplainedObservation(
            observation,
            IsLogit(observation) ? MoodModel.Madrs(predictions[j]) : predictions[j],
            residuals[j].Standardised(predictions[j]),
            isAside[j] ? Remark(observation, predictions[j], residuals[j].Standardised(predictions[j])) : null))];
    }

    private static bool IsLogit(PatientObservation observation) => observation.Kind == ObservedKind.Score && PatientRecord.ScaleOf(observation) == DepressionScale.Madrs;

    private static EffectEstimate[] Effects(IndividualContext context, PosteriorMode mode, IndividualPosterior posterior)
    {
        var size = mode.Centre.Length;
        var unit = new double[size];
        var values = new double[posterior.Count];
        var estimates = new EffectEstimate[size];
        for (var k = 0; k < size; k++)
        {
            Array.Clear(unit);
            unit[k] = 1;
            Cholesky.Solve(mode.Factor, unit, size);
            for (var i = 0; i < values.Length; i++)
                values[i] = Natural(context, k, posterior[i]);
            var (low, median, high) = Quantile.Band(values);
            estimates[k] = new EffectEstimate(context.Layout.Effects[k], mode.Centre[k], Math.Sqrt(unit[k]), Natural(context, k, mode.Centre), new Spread(low, median, high));
        }

        return estimates;
    }

    // Shared mood parameters are correlated in the population, so that one depends on the deviates before it.
    private static double Natural(IndividualContext context, int effect, ReadOnlySpan<double> deviates)
    {
        var layout = context.Layout;
        var (parameters, factor) = layout.MoodPrior;
        var row = effect - layout.Mood;
        if (row < 0 || row >= parameters.Length)
            return layout.Effects[effect].Natural(deviates[effect]);
        var shift = parameters[row].Transform(parameters[row].Value);
        for (var j = 0; j <= row; j++)
            shift += factor[row * parameters.Length + j] * deviates[layout.Mood + j];
        return parameters[row].Natural(shift);
    }

    private static string Basis(IndividualContext context, ExplainedObservation[] observations)
    {
        string[] counts =
        [
            .. observations.Where(observation => observation.IsExplained)
                .GroupBy(observation => observation.Observation.Measure ?? Name(observation.Observation.Kind), StringComparer.OrdinalIgnoreCase)
                .Select(group => $"{group.Count()} {group.Key}"),
        ];
        var aside = observations.Count(observation => !observation.IsExplained);
        var data = counts.Length == 0 ? "population only" : $"{observations.Length - aside} observations of this patient ({string.Join(", ", counts)})";
        var baseline = context.BaselineObservations == 0 ? "baseline score not observed" : FormattableString.Invariant($"baseline MADRS {context.BaselineMadrs:0.#}");
        return $"{context.Drug.Name}, model {context.Drug.Id} {context.Drug.Version}, response parameters {context.Response.Version}, individual parameters {context.Individual.Version}; rests on: {data}, {baseline}, {context.Sessions.Count} infusions given{(aside > 0 ? $"; {aside} observations set aside" : "")}.";
    }

    private static string Name(ObservedKind kind) => kind switch
    {
        ObservedKind.Plasma => "arterial",
        ObservedKind.Score => "MADRS",
        ObservedKind.Cadss => "CADSS",
        ObservedKind.DissociationLevel => "dissociation level",
        ObservedKind.SystolicPressure => "systolic pressure",
        _ => "diastolic pressure",
    };
}
