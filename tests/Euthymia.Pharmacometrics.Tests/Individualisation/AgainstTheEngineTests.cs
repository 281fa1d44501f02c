using System.Runtime.InteropServices;
using Euthymia.Numerics.Lanes;
using Euthymia.Pharmacometrics.Individualisation;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Pharmacometrics.Tests.Individualisation;

/// <summary>The individual model of a typical patient is the engine's typical patient: same plasma, effect site, occupancy and mood.</summary>
public sealed class AgainstTheEngineTests
{
    [Theory]
    [InlineData("arterial")]
    [InlineData("venous")]
    [InlineData("norketamine")]
    public void Plasma_agrees_with_the_population_engine(string measure)
    {
        double[] times = [0.3, 0.6, 0.7, 1, 2, 5, 24, 48.4, 48.7, 49, 52];
        var record = SimulatedPatient.Record70(times.Select(time => new PatientObservation(time, ObservedKind.Plasma, 100, measure)), 0, 48);
        var expected = TypicalPatient.Concentrations(DrugModels.Default, RegimenText.Parse("35 mg over 40 min at hours 0,48"), new Kilograms(70), times)[measure];

        var predicted = Predict(record);

        for (var i = 0; i < times.Length; i++)
            Assert.Equal(expected[i], predicted[i], 1e-9 * Math.Max(1, expected[i]));
    }

    [Fact]
    public void Rate_segments_as_given_drive_the_concentration()
    {
        RateSegment[] segments =
        [
            new(TimeSpan.Zero, TimeSpan.FromMinutes(15), new MilligramsPerHour(60)),
            new(TimeSpan.FromMinutes(25), TimeSpan.FromMinutes(30), new MilligramsPerHour(40)),
        ];
        double[] times = [0.2, 0.4, 0.9, 1.5];
        var split = new PatientRecord(new Covariates(new Kilograms(70)), [new Infusion(segments)], [.. times.Select(time => new PatientObservation(time, ObservedKind.Plasma, 100, "arterial"))]);
        var model = ConcentrationForecast.Simulate(DrugModels.Default with { RandomEffects = [], Parameters = [.. DrugModels.Default.Parameters.Select(parameter => parameter with { RandomEffect = null })] },
            new Regimen(split.Given), Population.Of(split.Covariates), 1, 1, times);

        var predicted = Predict(split);

        for (var i = 0; i < times.Length; i++)
            Assert.Equal(model.Arterial.Median[i], predicted[i], 1e-8 * model.Arterial.Median[i]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1.2, -0.7)]
    public void Session_exposure_agrees_with_the_response_model(double clearanceDeviate, double volumeDeviate)
    {
        double[] times = [0.2, 2.0 / 3, 1, 2];
        var expected = SessionExposure.Of(new KetamineSession(KetamineForm.Racemic, 35, 2.0 / 3), 70, clearanceDeviate, volumeDeviate, times, ResponseParameters.Default);
        var context = Context(SimulatedPatient.Record70([], 0));
        var patient = new LanePatient(context);
        patient.Set(Points(context, new(StringComparer.Ordinal) { ["eta_CL"] = clearanceDeviate, ["eta_V"] = volumeDeviate }));

        var exposure = context.Patterns[0].Expose(patient.Kinetics, 1.0, context.Potency);

        // The response model steps by two minutes and sums from the left; the individual model integrates.
        Assert.Equal(expected.OccupancyHours, exposure.OccupancyHours[0], 0.005 * expected.OccupancyHours);
        Assert.Equal(expected.PeakConcentration, exposure.PeakEffect[0], 0.01 * expected.PeakConcentration);
        for (var i = 0; i < times.Length; i++)
            Assert.Equal(expected.Concentrations[i], context.Patterns[0].At(Math.Round(times[i] * 30) / 30, patient.Kinetics, patient.Kinetics.Curves)[0], 0.01 * expected.PeakConcentration);
    }

    [Fact]
    public void A_depot_delivers_what_arrives_and_agrees_with_the_response_model()
    {
        var session = new KetamineSession(KetamineForm.Racemic, 35, 0, 0.93, 4);
        var expected = SessionExposure.Of(session, 70, 0, 0, [], ResponseParameters.Default);
        var context = Context(SimulatedPatient.Record70([], 0));
        var patient = new LanePatient(context);
        patient.Set(Points(context, new(StringComparer.Ordinal)));

        var exposure = new SessionPattern(35 * 0.93, 4).Expose(patient.Kinetics, 1.0, context.Potency);

        Assert.Equal(expected.OccupancyHours, exposure.OccupancyHours[0], 0.005 * expected.OccupancyHours);
        Assert.Equal(expected.PeakConcentration, exposure.PeakEffect[0], 0.01 * expected.PeakConcentration);
    }

    [Fact]
    public void The_mood_walk_agrees_with_the_mood_model()
    {
        double[] sessions = [0, 48, 96, 168];
        double[] times = [24, 95, 167, 335, 672];
        var record = SimulatedPatient.Record70([new(-1, ObservedKind.Score, 30, "MADRS"), .. times.Select(time => new PatientObservation(time, ObservedKind.Score, 20, "MADRS"))], sessions);
        var context = Context(record);
        var parameters = new MoodParameters(ResponseParameters.Default);
        var patient = new LanePatient(context);
        patient.Set(Points(context, new(StringComparer.Ordinal)));
        var pulse = MoodModel.Pulse(parameters, context.Patterns[0].Expose(patient.Kinetics, 1.0, context.Potency).OccupancyHours[0]);
        var weights = MoodModel.DriveWeights(parameters, sessions, times);

        var predicted = Predict(record);

        for (var t = 0; t < times.Length; t++)
        {
            var drive = Enumerable.Range(0, sessions.Length).Sum(j => weights[t, j] * pulse);
            var expected = MoodModel.UntreatedLogit(parameters, 32, 30)
                - MoodModel.Improvement(
                    parameters,
                    MoodModel.Sensitivity(parameters, 0) * MoodModel.Effect(parameters, drive),
                    parameters.OpenExpectancy * MoodModel.ExpectancyCourse(parameters, sessions, times[t]));
            Assert.Equal(expected, predicted[t], 1e-9);
        }
    }

    private static IndividualContext Context(PatientRecord record) => new(record, DrugModels.Default, ResponseParameters.Default, IndividualParameters.Default);

    private static double[] Predict(PatientRecord record)
    {
        var context = Context(record);
        var model = new KetamineIndividual(context);
        var outputs = new double[model.ObservationCount * IndividualModel.Lanes];
        model.Predict(new double[model.EffectCount * IndividualModel.Lanes], outputs);
        return [.. MemoryMarshal.Cast<double, Lanes8>(outputs).ToArray().Select(lanes => lanes[3])];
    }

    private static double[] Points(IndividualContext context, Dictionary<string, double> effects)
        => [.. context.Layout.Effects.SelectMany(effect => Enumerable.Repeat(effects.GetValueOrDefault(effect.Name), IndividualModel.Lanes))];
}
