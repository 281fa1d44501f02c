using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics.Individualisation;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Pharmacometrics.Tests.Individualisation;

/// <summary>A patient whose true random effects are known, with observations drawn from the model itself.</summary>
internal sealed record SimulatedPatient(PatientRecord Record, double[] Truth)
{
    public static Infusion Infusion(double startHours, double milligrams, double minutes = 40)
        => Pharmacometrics.Infusion.Constant(TimeSpan.FromHours(startHours), new Milligrams((decimal)milligrams), TimeSpan.FromMinutes(minutes));

    public static PatientRecord Record70(IEnumerable<PatientObservation> observations, params double[] startHours)
        => new(new Covariates(new Kilograms(70), 45), [.. startHours.Select(start => Infusion(start, 35))], [.. observations]);

    /// <summary>Draws the truth from the prior and observations of the given design from the truth.</summary>
    public static SimulatedPatient Draw(ulong seed, ulong patient, IReadOnlyList<PatientObservation> design, params double[] startHours)
    {
        var deviates = new Deviates(seed, patient);
        var baseline = Math.Clamp(32 + 5.5 * deviates.Normal(900), 15, 55);
        PatientObservation[] shape = [new(-1, ObservedKind.Score, baseline, "MADRS"), .. design];
        var context = new IndividualContext(Record70(shape, startHours), DrugModels.Default, ResponseParameters.Default, IndividualParameters.Default);
        var model = new KetamineIndividual(context);
        var truth = new double[model.EffectCount];
        for (var k = 0; k < truth.Length; k++)
            truth[k] = deviates.Normal((uint)k);
        var predictions = Predict(model, truth);
        var residuals = KetamineIndividual.Residuals(context);
        PatientObservation[] drawn = [shape[0], .. context.Observations.Select((observation, j) => Observed(observation, residuals[j], predictions[j], deviates.Normal(1000 + (uint)j), context))];
        return new SimulatedPatient(Record70(drawn, startHours), truth);
    }

    public static double[] Predict(KetamineIndividual model, double[] effects)
    {
        var points = effects.SelectMany(effect => Enumerable.Repeat(effect, IndividualModel.Lanes)).ToArray();
        var predictions = new double[model.ObservationCount * IndividualModel.Lanes];
        model.Predict(points, predictions);
        return [.. Enumerable.Range(0, model.ObservationCount).Select(j => predictions[j * IndividualModel.Lanes])];
    }

    private static PatientObservation Observed(PatientObservation observation, Residual residual, double prediction, double deviate, IndividualContext context)
    {
        var value = residual.Draw(prediction, deviate);
        if (observation.Kind == ObservedKind.Score && observation.Measure is null or "MADRS")
            return observation with { Value = MoodModel.Madrs(value) };
        if (observation.Kind is ObservedKind.Score or ObservedKind.Cadss)
            return observation with { Value = Math.Clamp(value, 0, observation.Kind == ObservedKind.Cadss ? DissociationModel.MaximumScore : PatientRecord.ScaleOf(observation).Maximum) };
        if (observation.Kind is ObservedKind.SystolicPressure or ObservedKind.DiastolicPressure)
            return observation with { Value = Math.Clamp(value, observation.Kind == ObservedKind.SystolicPressure ? 50 : 20, 300) };
        if (observation.Kind == ObservedKind.DissociationLevel)
            return observation with { Value = Enumerable.Range(1, 4).Count(level => value >= context.Individual[$"level_{level}_from"]) };
        return observation.BelowLimit && value >= observation.Value
            ? observation with { Value = value, BelowLimit = false }
            : observation.BelowLimit ? observation : observation with { Value = value };
    }
}
