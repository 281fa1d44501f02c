using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics.Responses;
using MathNet.Numerics.LinearAlgebra;

namespace Euthymia.Trials.VirtualTrials;

/// <summary>Parameter sets drawn from their uncertainty: jointly normal on the estimation scales for those calibrated together.</summary>
public sealed class ParameterDraws
{
    private readonly ResponseParameters _parameters;
    private readonly ulong _seed;
    private readonly Matrix<double>? _factor;

    public ParameterDraws(ResponseParameters parameters, ulong seed)
    {
        (_parameters, _seed) = (parameters, seed);
        if (parameters.Correlated.Count > 0)
            _factor = Matrix<double>.Build.Dense(parameters.Correlated.Count, parameters.Correlated.Count, (i, j) => parameters.Covariance[i][j]).Cholesky().Factor;
    }

    /// <summary>Draw number <paramref name="replicate"/>; the same for ever.</summary>
    public ResponseParameters Draw(int replicate)
    {
        var deviates = new Deviates(_seed, (ulong)replicate);
        var joint = new Dictionary<string, double>(StringComparer.Ordinal);
        if (_factor is not null)
        {
            var steps = _factor * Vector<double>.Build.Dense(_factor.RowCount, i => deviates.Normal((uint)i));
            for (var i = 0; i < steps.Count; i++)
                joint[_parameters.Correlated[i]] = steps[i];
        }
        return new ResponseParameters(
            _parameters.Format, _parameters.Version, _parameters.Provenance,
            [.. _parameters.Parameters.Select((parameter, i) => parameter with { Value = Moved(parameter, joint, deviates.Normal((uint)(100 + i))) })],
            _parameters.Correlated, _parameters.Covariance,
            [.. _parameters.SideEffects.Select((effect, i) => effect with
            {
                Background = effect.Background * Math.Exp(effect.BackgroundLogSd * deviates.Normal((uint)(300 + 2 * i))),
                PerSession = effect.PerSession * Math.Exp(effect.PerSessionLogSd * deviates.Normal((uint)(301 + 2 * i))),
            })]);
    }

    private static double Moved(ResponseParameter parameter, Dictionary<string, double> joint, double deviate)
    {
        if (joint.TryGetValue(parameter.Name, out var step))
            return parameter.Natural(parameter.Transform(parameter.Value) + step);
        // Loss of benefit with repetition is not shown, so no draw may turn it into a gain.
        if (parameter.Name is "benefit_tolerance" || parameter.Uncertainty <= 0)
            return parameter.Value;
        return parameter.Natural(parameter.Transform(parameter.Value) + parameter.Uncertainty * deviate);
    }
}
