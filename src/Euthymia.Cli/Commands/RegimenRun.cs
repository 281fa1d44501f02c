using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Euthymia.Cli.Output;
using Euthymia.Pharmacometrics;
using Spectre.Console;
using Progress = Euthymia.Cli.Output.Progress;

namespace Euthymia.Cli.Commands;

/// <summary><c>euthymia simulate --regimen</c>.</summary>
internal static class RegimenRun
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>What was asked for. Without quantities: every exposure, and the observations of the model.</summary>
    public sealed record Request(
        RegimenOrder Order,
        AdjustedModel Model,
        Population Population,
        int Patients,
        ulong Seed,
        Variability Variability,
        IReadOnlyList<CourseQuantity>? Quantities,
        double Level,
        IReadOnlyList<double>? Times,
        FileInfo? Out,
        string? Plot,
        int? Threads,
        bool Json)
    {
        public DrugModel Drug => Model.Model;
    }

    public static void Run(Request request, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        if (request.Quantities is null && request.Out is null)
            Overview(request, output, errors, cancellation);
        else
            Quantities(request, output, errors, cancellation);
        if (request.Plot is not { } file)
            return;
        var plotted = Progress.Run(errors, request.Patients, "patients", done => Concentrations(request, CourseTimes.Of(request.Order), new SimulationControl(request.Threads, done, cancellation)));
        CoursePlot.Write(file, plotted, request.Drug, request.Order);
        errors.WriteLine($"Wrote {file}");
    }

    private static void Overview(Request request, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var exposed = request.Variability.OccasionCv == 0;
        var (course, exposures) = Progress.Run(errors, request.Patients * (exposed ? 2L : 1), "patients", done =>
        {
            var control = new SimulationControl(request.Threads, done, cancellation);
            return (
                Concentrations(request, request.Times ?? CourseTimes.Rows(request.Order), control),
                exposed ? CourseExposure.Simulate(request.Drug, request.Order, request.Population, request.Patients, request.Seed, control, request.Variability.Sampling) : []);
        });
        if (request.Json)
            output.WriteLine(JsonSerializer.Serialize(new { course.Basis, request.Seed, request.Model.Notes, course.VenousUnavailable, exposures, course.TimesHours, course.Bands }, Json));
        else
            ExposureTable.Write(output, course, exposures, request.Model.Notes, clock.Elapsed.TotalSeconds);
    }

    private static ConcentrationForecast Concentrations(Request request, IReadOnlyList<double> times, SimulationControl control)
        => ConcentrationForecast.Simulate(request.Drug, request.Order, request.Population, request.Patients, request.Seed, times, control, request.Variability);

    private static void Quantities(Request request, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        var quantities = request.Quantities ?? [.. CourseQuantities.Of(request.Drug).Where(quantity => Applies(request, quantity))];
        var times = request.Times ?? (request.Out is null ? CourseTimes.Rows(request.Order) : CourseTimes.Of(request.Order));
        if (request.Times is not null && quantities[0].IsExposure)
            throw new InvalidInputException("times-of-exposure", "at", "An exposure is of the whole course: leave --at out.");
        var course = Progress.Run(errors, request.Patients, "patients", done => PopulationCourse.Simulate(
            request.Drug, request.Order, request.Population, request.Patients, request.Seed, times, quantities, request.Level, request.Variability,
            new SimulationControl(request.Threads, done, cancellation)));
        if (request.Out is { } file)
        {
            VirtualPatient[] patients = [.. Enumerable.Range(0, request.Patients).Select(patient => request.Population.Patient(request.Seed, patient, request.Variability.Sampling))];
            CourseTable.Write(file, course, patients, cancellation);
            errors.WriteLine($"Wrote {file.FullName}");
        }

        if (request.Json)
            output.WriteLine(JsonSerializer.Serialize(
                new { Basis = Basis(request), request.Seed, request.Model.Notes, course.TimesHours, Bands = quantities.Select((quantity, i) => (quantity.Column, Band: course.BandOf(i))).ToDictionary(pair => pair.Column, pair => pair.Band, StringComparer.Ordinal) }, Json));
        else if (request.Out is null)
            Print(request, course, output, clock.Elapsed.TotalSeconds);
    }

    // Without --quantities a file carries what the model observes, venous blood only where its term holds.
    private static bool Applies(Request request, CourseQuantity quantity)
        => !quantity.IsExposure
            && request.Drug.Observations.Any(observation => string.Equals(observation.Name, quantity.Name, StringComparison.Ordinal))
            && ConcentrationForecast.WhyNotApplicable(request.Drug, request.Order, quantity.Observation) is null;

    private static void Print(Request request, PopulationCourse course, TextWriter output, double seconds)
    {
        CourseTable.Print(output, course);
        var console = CourseTable.ConsoleOn(output);
        console.WriteLine("Median (5 to 95 % between patients). At the end of an infusion, the value just before the pump stops.");
        if (course.Quantities.Any(quantity => quantity.Name is "timeAbove"))
            console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Level: {request.Level} ng/mL."));
        if (course.Quantities.Any(quantity => quantity.Name is "occupancy"))
            console.WriteLine(ReceptorOccupancy.Basis);
        foreach (var note in request.Model.Notes)
            console.WriteLine(note);
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Basis(request)} {seconds:0.00} s."));
    }

    private static string Basis(Request request)
        => string.Create(CultureInfo.InvariantCulture, $"{request.Drug.Name}, model {request.Drug.Id} {request.Drug.Version}; {request.Patients:N0} virtual patients, {request.Population.Description}; seed {request.Seed}, {request.Variability.Sampling}, {(request.Variability.Residual ? "with" : "without")} residual error.");
}
