using Euthymia.Numerics;
using Euthymia.Numerics.Cascades;
using Euthymia.Numerics.Lanes;
using Euthymia.Numerics.Random;
using Euthymia.Pharmacometrics.Events;

namespace Euthymia.Pharmacometrics.Tests.Guide;

/// <summary>The C# of docs/guide.md and of the packages' readmes, word for word, so that it compiles and runs.</summary>
internal static class Examples
{
    public static IReadOnlyList<ExposureSummary> Course(TextWriter writer)
    {
        var course = RegimenText.Parse("0.5 mg/kg over 40 min on days 0,2,4,7,9,11");
        var exposures = CourseExposure.Simulate(DrugModels.Default, course, Population.Adults, patients: 200, seed: 1);
        foreach (var exposure in exposures)
            writer.WriteLine($"{exposure.Label}: Cmax {exposure.Cmax.Median:F0} ng/mL, AUC {exposure.Auc.Median:F0} ng h/mL");
        return exposures;
    }

    public static double Concentrations(TextWriter writer)
    {
        var course = RegimenText.Parse("0.5 mg/kg over 40 min on days 0,2,4,7,9,11");
        double[] hours = [0.5, 40.0 / 60, 1, 2, 4];
        var forecast = ConcentrationForecast.Simulate(DrugModels.Default, course, Population.Adults, patients: 200, seed: 1, hours);
        var peak = forecast.Arterial.Median[1];
        writer.WriteLine(forecast.Basis);
        return peak;
    }

    public static void Refusal(TextWriter writer)
    {
        try
        {
            Population.Of(new Covariates(new Kilograms(0)));
        }
        catch (InvalidInputException error)
        {
            writer.WriteLine($"{error.Field}: {error.Message} ({error.Code})");
        }
    }

    public static double[] Events(TextReader reader, TextWriter writer)
    {
        var table = EventTable.Read(reader, "doses.csv");
        var model = GenericModel.Create("oral2", "CL=5*(WT/70)^0.75,V2=20,Q=8,V3=60,KA=1.2,F1=0.8,ALAG1=0.25,D1=2", table.CovariateNames);
        var quantities = EventSimulation.Quantities(model, ["CP", "A1"]);
        var carries = new Dictionary<string, CovariateCarry>(StringComparer.Ordinal) { ["WT"] = CovariateCarry.Forward };
        var values = EventSimulation.Run(table, model, quantities, carries);
        for (var record = 0; record < table.Records.Count; record++)
            writer.WriteLine($"{table.Records[record].Id} {table.Records[record].Time} {values[record * quantities.Count]:F4}");
        return values;
    }

    public static double OwnModel()
    {
        double[] parameters = [0.25, 20, 0.5, 40];
        Schedule schedule = new([new Dose(Start: 0, Duration: 2, Amount: 100)], [1, 2, 6]);
        using var states = CascadeSimulation.Run<InfusionModel>(parameters, schedule);
        var secondPatientAtSixHours = states[1, 2, 0];
        return secondPatientAtSixHours;
    }

    public static (double Weight, double[] Point) RandomNumbers()
    {
        var patient = new Deviates(Seed: 7, Stream: 42);
        var weight = 70 * Math.Exp(0.2 * patient.Normal(0));
        var point = new double[3];
        new Sobol(dimensions: 3, seed: 7).Point(index: 42, point);
        return (weight, point);
    }
}

/// <summary>One compartment with an infusion, and an effect that it builds up: E' = kin C / (EC50 + C) - kout E.</summary>
internal readonly struct InfusionModel : ICascadeModel
{
    // Parameters: elimination rate (1/h), volume (L).
    public static int ParameterCount => 2;

    public static int CompartmentCount => 1;

    public static int ResponseCount => 1;

    public static ReadOnlySpan<int> Inputs => [0];

    public static ReadOnlySpan<int> Drivers => [0];

    public static void Disposition<T>(Row<T> p, RateMatrix<T> k)
        where T : unmanaged, ILane<T> => k.Loss(0, p[0]);

    public static T InputScale<T>(int input, Row<T> p)
        where T : unmanaged, ILane<T> => 1.0;

    public static void Start<T>(Row<T> p, Row<T> compartments, Row<T> responses)
        where T : unmanaged, ILane<T>
    {
    }

    public static void Response<T>(double time, Row<T> p, Row<T> drivers, Row<T> y, Row<T> dy)
        where T : unmanaged, ILane<T>
    {
        var concentration = drivers[0] / p[1];
        dy[0] = (concentration / (concentration + 2.0)) - (0.1 * y[0]);
    }
}
