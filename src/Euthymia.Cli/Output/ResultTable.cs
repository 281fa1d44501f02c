using System.Globalization;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Events;
using Parquet;
using Parquet.Schema;

namespace Euthymia.Cli.Output;

/// <summary>One row per event record, ID,TIME,EVID and quantities, as CSV or Parquet.</summary>
internal static class ResultTable
{
    /// <summary>Writes to a file by its ending, or as CSV to <paramref name="output"/> when there is none.</summary>
    /// <exception cref="InvalidInputException">Another ending, or a folder that is not there; field <c>out</c>.</exception>
    public static void Write(FileInfo? file, TextWriter output, EventTable table, string[] quantities, double[] values)
    {
        if (file is null)
        {
            WriteCsv(output, table, quantities, values);
            return;
        }

        Check(file);
        if (file.Extension.Equals(".parquet", StringComparison.OrdinalIgnoreCase))
        {
            WriteParquet(file, table, quantities, values).GetAwaiter().GetResult();
            return;
        }

        using var writer = file.CreateText();
        WriteCsv(writer, table, quantities, values);
    }

    /// <summary>Refuses a file that could not be written, before any work.</summary>
    public static void Check(FileInfo file)
    {
        if (file.Extension.ToUpperInvariant() is not (".CSV" or ".PARQUET"))
            throw new InvalidInputException("out-kind", "out", $"\"{file.Name}\" must end in .csv or .parquet.");
        if (file.Directory is not { Exists: true })
            throw new InvalidInputException("out-folder", "out", $"The folder of \"{file.FullName}\" is not there: make it first.");
    }

    private static void WriteCsv(TextWriter writer, EventTable table, string[] quantities, double[] values)
    {
        writer.Write("ID,TIME,EVID");
        foreach (var quantity in quantities)
        {
            writer.Write(',');
            writer.Write(quantity);
        }

        writer.Write('\n');
        for (var i = 0; i < table.Records.Count; i++)
        {
            var record = table.Records[i];
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{record.Id},{record.Time:R},{(int)record.Kind}"));
            for (var quantity = 0; quantity < quantities.Length; quantity++)
            {
                writer.Write(',');
                writer.Write(values[i * quantities.Length + quantity].ToString("R", CultureInfo.InvariantCulture));
            }

            writer.Write('\n');
        }
    }

    private static async Task WriteParquet(FileInfo file, EventTable table, string[] quantities, double[] values)
    {
        DataField[] fields = [new DataField<string>("ID"), new DataField<double>("TIME"), new DataField<int>("EVID"),
            .. quantities.Select(quantity => new DataField<double>(quantity))];
        await using var stream = file.Create();
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream);
        using var group = writer.CreateRowGroup();
        await group.WriteAsync(fields[0], table.Records.Select(record => record.Id).ToArray());
        await group.WriteAsync<double>(fields[1], table.Records.Select(record => record.Time).ToArray());
        await group.WriteAsync<int>(fields[2], table.Records.Select(record => (int)record.Kind).ToArray());
        for (var quantity = 0; quantity < quantities.Length; quantity++)
        {
            var column = quantity;
            await group.WriteAsync<double>(
                fields[3 + quantity],
                Enumerable.Range(0, table.Records.Count).Select(i => values[i * quantities.Length + column]).ToArray());
        }
    }
}
