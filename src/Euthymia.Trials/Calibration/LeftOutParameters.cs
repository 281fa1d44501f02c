using System.Reflection;
using System.Text.Json;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Evidence;

namespace Euthymia.Trials.Calibration;

/// <summary>The mood parameters as calibrated without one trial.</summary>
/// <param name="Trial">The trial that was left out.</param>
/// <param name="Values">On the natural scale, in the order of <see cref="LeftOutParameters.Names"/>.</param>
/// <param name="Covariance">On the estimation scales, rows of the lower triangle.</param>
public sealed record LeftOutTrial(string Trial, IReadOnlyList<double> Values, IReadOnlyList<IReadOnlyList<double>> Covariance);

/// <summary>
/// Leave-one-trial-out: the calibration repeated without each of its trials, so that each can be predicted by parameters that
/// have not seen it. What was fitted always lies in its intervals more often than the next trial will; this says how often that is.
/// </summary>
/// <param name="Format">Version of the file's shape.</param>
/// <param name="Version">Version of the parameters that belong to it: the calibration with all trials.</param>
/// <param name="Seed">Seed of the runs.</param>
/// <param name="Names">The calibrated parameters.</param>
/// <param name="Trials">One set for each mood trial of the calibration.</param>
public sealed record LeftOutParameters(int Format, string Version, ulong Seed, IReadOnlyList<string> Names, IReadOnlyList<LeftOutTrial> Trials)
{
    private const string Resource = "Calibration/left-out.json";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);
    private static readonly Lazy<LeftOutParameters> FromResource = new(ReadResource);

    /// <summary>The version of the file's shape that is read.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Those that belong to the shipped parameters.</summary>
    public static LeftOutParameters Shipped => FromResource.Value;

    /// <summary>Calibrates without each mood trial of a library in turn.</summary>
    /// <param name="library">All trials.</param>
    /// <param name="all">The parameters calibrated on all of them; they carry the priors.</param>
    /// <param name="seed">Seed of the nodes.</param>
    /// <param name="progress">Hears of each trial that is done.</param>
    /// <param name="cancel">Stops within a step of a calibration.</param>
    public static LeftOutParameters Run(EvidenceLibrary library, ResponseParameters all, ulong seed, Action? progress = null, CancellationToken cancel = default)
    {
        var sets = new List<LeftOutTrial>();
        foreach (var trial in library.Trials.Where(trial => CalibrationUse.IsMood(trial.Id)))
        {
            cancel.ThrowIfCancellationRequested();
            var without = library with { Trials = [.. library.Trials.Where(other => other != trial)] };
            var fitted = new MoodCalibration(without, all, seed).Run(cancel: cancel);
            sets.Add(new LeftOutTrial(trial.Id, [.. fitted.Correlated.Select(name => fitted[name])], [.. fitted.Covariance.Select((row, i) => (IReadOnlyList<double>)[.. row.Take(i + 1)])]));
            progress?.Invoke();
        }
        return new LeftOutParameters(CurrentFormat, all.Version, seed, all.Correlated, sets);
    }

    /// <summary>The parameters as they are without a trial; null when it is not among the mood trials of the calibration.</summary>
    /// <param name="trialId">The trial.</param>
    /// <param name="all">The parameters calibrated on all trials.</param>
    /// <exception cref="InvalidInputException">They are of another version.</exception>
    public ResponseParameters? Without(string trialId, ResponseParameters all)
    {
        Check(all);
        if (Trials.FirstOrDefault(set => string.Equals(set.Trial, trialId, StringComparison.Ordinal)) is not { } left)
            return null;
        var values = Names.Zip(left.Values).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal);
        return all.With(values) with
        {
            Covariance = [.. Names.Select((_, i) => (IReadOnlyList<double>)[.. Names.Select((_, j) => left.Covariance[Math.Max(i, j)][Math.Min(i, j)])])],
        };
    }

    /// <summary>Refuses parameters that these sets do not belong to.</summary>
    /// <param name="all">The parameters calibrated on all trials.</param>
    /// <exception cref="InvalidInputException">They are of another version.</exception>
    public void Check(ResponseParameters all)
    {
        if (!string.Equals(all.Version, Version, StringComparison.Ordinal) || !all.Correlated.SequenceEqual(Names, StringComparer.Ordinal))
            throw new InvalidInputException("left-out-version", "left-out", $"These sets belong to parameters {Version}, not {all.Version}: calibrate both together.");
    }

    /// <summary>Reads a file written by <see cref="ToJson"/>.</summary>
    /// <param name="json">Text of the file.</param>
    /// <exception cref="InvalidInputException">Not such a file.</exception>
    public static LeftOutParameters Parse(string json)
    {
        LeftOutParameters? read;
        try
        {
            read = JsonSerializer.Deserialize<LeftOutParameters>(json, Json);
        }
        catch (JsonException error)
        {
            throw new InvalidInputException("left-out-not-understood", error.Path ?? "left-out", $"The file of left-out parameters is not understood: {error.Message}");
        }
        var isWhole = read is { Format: CurrentFormat, Names: { } names, Trials: { } trials }
            && trials.All(set => set.Values.Count == names.Count && set.Covariance.Count == names.Count && set.Covariance.Select((row, i) => row.Count == i + 1).All(fits => fits));
        return isWhole ? read! : throw new InvalidInputException("left-out-format", "format", $"The file must have \"format\": {CurrentFormat}, and for each trial a value and a row of covariance for each name.");
    }

    /// <summary>The file: one line for each trial.</summary>
    public string ToJson()
    {
        string Line<T>(T value) => JsonSerializer.Serialize(value, Json);
        return $"{{\"format\":{Format},\"version\":{Line(Version)},\"seed\":{Seed},\"names\":{Line(Names)},\"trials\":[\n{string.Join(",\n", Trials.Select(Line))}\n]}}\n";
    }

    private static LeftOutParameters ReadResource()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource) ?? throw new EvidenceException("evidence-file-missing", "left-out.json is not in this build.");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }
}
