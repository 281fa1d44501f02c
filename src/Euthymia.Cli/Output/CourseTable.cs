using System.Globalization;
using Euthymia.Pharmacometrics;
using Parquet;
using Parquet.Schema;
using Spectre.Console;

namespace Euthymia.Cli.Output;

/// <summary>Chosen quantities of a course: a summary to read, or every virtual patient as CSV or Parquet.</summary>
internal static class CourseTable
{
    private const int RowsPerGroup = 1_000_000;

    /// <summary>Median and 5th to 95th percentile, a row a time, or a row an exposure.</summary>
    public static void Print(TextWriter output, PopulationCourse course)
    {
        var console = ConsoleOn(output);
        var table = new Table().Border(TableBorder.Rounded).BorderColor(Color.Grey);
        Band[] bands = [.. course.Quantities.Select((_, i) => course.BandOf(i))];
        if (course.Quantities[0].IsExposure)
        {
            table.AddColumn("Exposure");
            table.AddColumn(new TableColumn("Median (5 to 95 %)").RightAligned());
            for (var i = 0; i < bands.Length; i++)
                table.AddRow(new Text(WithUnit(course.Quantities[i])), Cell(bands[i], 0));
        }
        else
        {
            table.AddColumn(new TableColumn("Time, h").RightAligned());
            foreach (var quantity in course.Quantities)
                table.AddColumn(new TableColumn(Markup.Escape(WithUnit(quantity))).RightAligned());
            for (var time = 0; time < course.TimesHours.Count; time++)
                table.AddRow([new Text(course.TimesHours[time].ToString("0.###", CultureInfo.InvariantCulture)), .. bands.Select(band => Cell(band, time))]);
        }

        console.Write(table);
    }

    /// <summary>One row a virtual patient and time (or a patient, for exposures), with the patient's covariates.</summary>
    public static void Write(FileInfo file, PopulationCourse course, IReadOnlyList<VirtualPatient> patients, CancellationToken cancellation)
        => OutputFile.Write(file, stream =>
        {
            if (OutputFile.IsParquet(file))
                WriteParquet(stream, course, patients, cancellation.ThrowIfCancellationRequested).GetAwaiter().GetResult();
            else
                WriteCsv(stream, course, patients, cancellation);
        });

    private static void WriteCsv(Stream stream, PopulationCourse course, IReadOnlyList<VirtualPatient> patients, CancellationToken cancellation)
    {
        using var writer = new StreamWriter(stream);
        var timed = !course.Quantities[0].IsExposure;
        writer.Write(timed ? "ID,TIME_h," : "ID,");
        writer.Write(string.Join(',', course.Quantities.Select(quantity => quantity.Column)));
        writer.Write(",WT_kg,AGE_y,SEX\n");
        for (var patient = 0; patient < course.Patients; patient++)
        {
            cancellation.ThrowIfCancellationRequested();
            var own = patients[patient];
            var covariates = string.Create(CultureInfo.InvariantCulture, $"{own.WeightKg:R},{own.AgeYears:R},{SexOf(own)}\n");
            for (var time = 0; time < course.TimesHours.Count; time++)
            {
                writer.Write(timed ? string.Create(CultureInfo.InvariantCulture, $"{patient + 1},{course.TimesHours[time]:R},") : string.Create(CultureInfo.InvariantCulture, $"{patient + 1},"));
                foreach (var values in course.Values)
                {
                    writer.Write(values[time * course.Patients + patient].ToString("R", CultureInfo.InvariantCulture));
                    writer.Write(',');
                }

                writer.Write(covariates);
            }
        }
    }

    private static async Task WriteParquet(Stream stream, PopulationCourse course, IReadOnlyList<VirtualPatient> patients, Action checkStopped)
    {
        var timed = !course.Quantities[0].IsExposure;
        var times = course.TimesHours.Count;
        DataField[] fields = [new DataField<int>("ID"), .. timed ? [new DataField<double>("TIME_h")] : Array.Empty<DataField>(),
            .. course.Quantities.Select(quantity => new DataField<double>(quantity.Column)),
            new DataField<double>("WT_kg"), new DataField<double>("AGE_y"), new DataField<string>("SEX")];
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream);
        var perGroup = Math.Max(1, RowsPerGroup / times);
        for (var first = 0; first < course.Patients; first += perGroup)
        {
            var last = Math.Min(first + perGroup, course.Patients);
            using var group = writer.CreateRowGroup();
            var column = 0;
            await group.WriteAsync<int>(fields[column++], Column((patient, _) => patient + 1));
            if (timed)
                await group.WriteAsync<double>(fields[column++], Column((_, time) => course.TimesHours[time]));
            foreach (var values in course.Values)
                await group.WriteAsync<double>(fields[column++], Column((patient, time) => values[time * course.Patients + patient]));
            await group.WriteAsync<double>(fields[column++], Column((patient, _) => patients[patient].WeightKg));
            await group.WriteAsync<double>(fields[column++], Column((patient, _) => patients[patient].AgeYears ?? double.NaN));
            await group.WriteAsync(fields[column], Column((patient, _) => SexOf(patients[patient])));

            T[] Column<T>(Func<int, int, T> value)
            {
                checkStopped();
                var rows = new T[(last - first) * times];
                for (var row = 0; row < rows.Length; row++)
                    rows[row] = value(first + row / times, row % times);
                return rows;
            }
        }
    }

    private static string SexOf(VirtualPatient patient) => patient.Sex?.ToString().ToLowerInvariant() ?? "";

    private static string WithUnit(CourseQuantity quantity) => quantity.Unit is "1" ? $"{quantity.Label}, fraction" : $"{quantity.Label}, {quantity.Unit}";

    private static Text Cell(Band band, int time)
        => new($"{ExposureTable.Number(band.Median[time])} ({ExposureTable.Number(band.Low[time])} to {ExposureTable.Number(band.High[time])})");

    /// <summary>A console on a writer; wide enough for a table when it is no terminal.</summary>
    public static IAnsiConsole ConsoleOn(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (Console.IsOutputRedirected || !ReferenceEquals(output, Console.Out))
            console.Profile.Width = 140;
        return console;
    }
}
