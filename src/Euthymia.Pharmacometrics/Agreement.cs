namespace Euthymia.Pharmacometrics;

/// <summary>What was measured.</summary>
public enum ObservedQuantity
{
    /// <summary>A concentration at a time.</summary>
    Concentration,

    /// <summary>Dose / area under the curve.</summary>
    Clearance,

    /// <summary>Of the terminal phase.</summary>
    HalfLife,
}

/// <summary>One published value. A point with <paramref name="Excluded"/> is shown but not counted, for that reason.</summary>
public sealed record ObservedPoint(
    double Value, double? TimeHours = null, double? Sd = null, double? Low = null, double? High = null, string? Excluded = null);

/// <summary>Published observations of one study that a model can be held against.</summary>
public sealed record ObservedDataset(
    string Id,
    string Title,
    string Citation,
    string Participants,
    string Sampling,
    string Regimen,
    decimal WeightKg,
    string Model,
    string Observation,
    ObservedQuantity Quantity,
    string Unit,
    EvidenceStatus Status,
    string Note,
    IReadOnlyList<ObservedPoint> Points,
    string? Doi = null,
    int? Subjects = null);

/// <summary>The published observations shipped with the engine.</summary>
public static class ObservedData
{
    private static readonly Lazy<IReadOnlyList<ObservedDataset>> Shipped = new(() => DataFile.Read<ObservedFile>("observed.json").Datasets);

    /// <summary>Every data set.</summary>
    public static IReadOnlyList<ObservedDataset> All => Shipped.Value;

    private sealed record ObservedFile(int Format, IReadOnlyList<ObservedDataset> Datasets);
}

/// <summary>A published value beside the typical patient's.</summary>
/// <param name="Point">As published.</param>
/// <param name="Predicted">Of the typical patient, in the data set's unit.</param>
public sealed record ComparedPoint(ObservedPoint Point, double Predicted)
{
    /// <summary>Performance error, (observed - predicted) / predicted x 100.</summary>
    public double ErrorPercent => (Point.Value - Predicted) / Predicted * 100;
}

/// <summary>
/// How one data set agrees with its model's typical patient. MdPE is the bias, MdAPE the inaccuracy.
/// Source: Varvel, Donoho, Shafer, J Pharmacokinet Biopharm 20 (1992) 63-94.
/// </summary>
/// <param name="Dataset">What was published.</param>
/// <param name="Points">Each value beside its prediction.</param>
/// <param name="MdPePercent">Median performance error of the points that count.</param>
/// <param name="MdApePercent">Median absolute performance error of the points that count.</param>
public sealed record Agreement(ObservedDataset Dataset, IReadOnlyList<ComparedPoint> Points, double MdPePercent, double MdApePercent)
{
    /// <summary>Holds a data set against its model.</summary>
    /// <exception cref="InvalidInputException">The data set does not fit its model.</exception>
    public static Agreement Of(ObservedDataset dataset)
    {
        var predicted = Predict(dataset);
        ComparedPoint[] points = [.. dataset.Points.Zip(predicted, (point, value) => new ComparedPoint(point, value))];
        double[] errors = [.. points.Where(point => point.Point.Excluded is null).Select(point => point.ErrorPercent)];
        double[] absolute = [.. errors.Select(Math.Abs)];
        return new Agreement(dataset, points, Quantile.InPlace(errors, 0.5), Quantile.InPlace(absolute, 0.5));
    }

    private static double[] Predict(ObservedDataset dataset)
    {
        var model = DrugModels.Get(dataset.Model);
        var order = RegimenText.Parse(dataset.Regimen);
        var weight = new Kilograms(dataset.WeightKg);
        if (dataset.Quantity == ObservedQuantity.Concentration)
        {
            double[] times = [.. dataset.Points.Select(point => point.TimeHours
                ?? throw new InvalidInputException("observed-time-missing", dataset.Id, "A concentration needs its time."))];
            return TypicalPatient.Concentrations(model, order, weight, times).GetValueOrDefault(dataset.Observation)
                ?? throw new InvalidInputException("observation-not-applicable", dataset.Id, $"The model gives no \"{dataset.Observation}\" for \"{dataset.Regimen}\".");
        }

        var exposure = TypicalPatient.Exposures(model, order, weight)[dataset.Observation];
        var value = dataset.Quantity == ObservedQuantity.HalfLife
            ? exposure.HalfLifeHours
            : (double)order.For(weight).Dose.Value * 1000 / exposure.Auc;
        return [.. dataset.Points.Select(_ => value)];
    }
}
