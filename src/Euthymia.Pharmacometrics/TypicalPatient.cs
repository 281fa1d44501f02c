using Euthymia.Pharmacometrics.Kernel;

namespace Euthymia.Pharmacometrics;

/// <summary>The patient of a weight whose random effects are all zero.</summary>
public static class TypicalPatient
{
    /// <summary>Concentrations in ng/mL at each time, for each observation of the model that applies to the regimen.</summary>
    /// <param name="model">From <see cref="DrugModels"/>.</param>
    /// <param name="order">What is given.</param>
    /// <param name="weight">Body weight.</param>
    /// <param name="timesHours">Finite, zero or more, in any order; at a switch of the pump, the value just before it.</param>
    /// <exception cref="InvalidInputException">Something is out of range; the field is named.</exception>
    public static IReadOnlyDictionary<string, double[]> Concentrations(
        DrugModel model, RegimenOrder order, Kilograms weight, IReadOnlyList<double> timesHours)
    {
        ConcentrationForecast.CheckTimes(timesHours);
        var dosing = Dosing.Of(order, model);
        var (patientModel, parameters) = Individualise(model, weight);
        var output = new double[model.Observations.Count * timesHours.Count];
        new PatientSolver(patientModel, patientModel.Structure(), Schedule.Of(dosing.Inputs, timesHours))
            .Solve(parameters, (double)weight.Value, output, timesHours.Count, stride: 1, patient: 0);
        return model.Observations.Select((observation, i) => (observation, i))
            .Where(pair => dosing.WhyNotApplicable(pair.observation) is null)
            .ToDictionary(
                pair => pair.observation.Name,
                pair => output[(pair.i * timesHours.Count)..((pair.i + 1) * timesHours.Count)],
                StringComparer.Ordinal);
    }

    /// <summary>Exposure over a whole course, for each observation that is no derived venous term.</summary>
    /// <exception cref="InvalidInputException">Something is out of range; the field is named.</exception>
    public static IReadOnlyDictionary<string, Exposure> Exposures(DrugModel model, RegimenOrder order, Kilograms weight)
    {
        var (patientModel, parameters) = Individualise(model, weight);
        var exposures = new Exposure[model.Observations.Count];
        new ExposureSolver(patientModel, patientModel.Structure(), Dosing.Of(order, model))
            .Solve(parameters, (double)weight.Value, exposures, stride: 1, patient: 0);
        return model.Observations.Select((observation, i) => (observation, i))
            .Where(pair => pair.observation.VenousMixing is null)
            .ToDictionary(pair => pair.observation.Name, pair => exposures[pair.i], StringComparer.Ordinal);
    }

    private static (PatientModel Model, double[] Parameters) Individualise(DrugModel model, Kilograms weight)
    {
        Covariates.CheckWeight(weight);
        var patientModel = new PatientModel(model);
        var parameters = new double[patientModel.ParameterCount];
        patientModel.Individualise((double)weight.Value, [], parameters);
        return (patientModel, parameters);
    }
}
