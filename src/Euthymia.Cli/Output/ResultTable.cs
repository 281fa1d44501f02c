using System.Globalization;
using System.Text;
using System.Text.Json;
using Euthymia.Pharmacometrics;
using Euthymia.Pharmacometrics.Events;
using Parquet;
using Parquet.Schema;

namespace Euthymia.Cli.Output;

/// <summary>One row per event record, ID,TIME,EVID and quantities, as CSV or Parquet; with replicates REP comes first.</summary>
internal static class ResultTable
{
    /// <summary>Writes to a file by its ending, or as CSV to <paramref name="output"/> when there is none.</summary>
    /// <exception cref="InvalidInputException">Another ending, or a folder that is not there; field <c>out</c>.</exception>
    public static void Write(FileInfo? file, TextWriter output, EventTable table, string[] quantities, double[] values, int? replicates)
    {
        if (file is null)
        {
            WriteCsv(output, table, quantities, values, replicates);
            return;
        }

        OutputFile.Check(file);
        OutputFile.Write(file, stream =>
        {
            if (OutputFile.IsParquet(file))
            {
                WriteParquet(stream, table, quantities, values, replicates).GetAwaiter().GetResult();
                return;
            }

            using var writer = new StreamWriter(stream);
            WriteCsv(writer, table, quantities, values, replicates);
        });
    }

    /// <summary>Writes the same rows as a JSON array of objects.</summary>
    public static void WriteJson(TextWriter output, EventTable table, string[] quantities, double[] values, int? replicates)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            for (var i = 0; i < table.Records.Count * (replicates ?? 1); i++)
            {
                var record = table.Records[i % table.Records.Count];
                json.WriteStartObject();
                if (replicates is not null)
                    json.WriteNumber("REP", (i / table.Records.Count) + 1);
                json.WriteString("ID", record.Id);
                json.WriteNumber("TIME", record.Time);
                json.WriteNumber("EVID", (int)record.Kind);
                for (var quantity = 0; quantity < quantities.Length; quantity++)
                    json.WriteNumber(quantities[quantity], values[(i * quantities.Length) + quantity]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        output.WriteLine(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    private static void WriteCsv(TextWriter writer, EventTable table, string[] quantities, double[] values, int? replicates)
    {
        writer.Write(replicates is null ? "ID,TIME,EVID" : "REP,ID,TIME,EVID");
        foreach (var quantity in quantities)
        {
            writer.Write(',');
            writer.Write(quantity);
        }

        writer.Write('\n');
        for (var i = 0; i < table.Records.Count * (replicates ?? 1); i++)
        {
            var record = table.Records[i % table.Records.Count];
            if (replicates is not null)
                writer.Write(string.Create(CultureInfo.InvariantCulture, $"{i / table.Records.Count + 1},"));
            writer.Write(string.Create(CultureInfo.InvariantCulture, $"{record.Id},{record.Time:R},{(int)record.Kind}"));
            for (var quantity = 0; quantity < quantities.Length; quantity++)
            {
                writer.Write(',');
                writer.Write(values[i * quantities.Length + quantity].ToString("R", CultureInfo.InvariantCulture));
            }

            writer.Write('\n');
        }
    }

    private static async Task WriteParquet(Stream stream, EventTable table, string[] quantities, double[] values, int? replicates)
    {
        var records = table.Records;
        DataField[] fields = [.. replicates is null ? Array.Empty<DataField>() : [new DataField<int>("REP")], new DataField<string>("ID"), new DataField<double>("TIME"), new DataField<int>("EVID"),
            .. quantities.Select(quantity => new DataField<double>(quantity))];
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream);
        for (var replicate = 0; replicate < (replicates ?? 1); replicate++)
        {
            using var group = writer.CreateRowGroup();
            var (number, offset, column) = (replicate + 1, replicate * records.Count, 0);
            if (replicates is not null)
                await group.WriteAsync<int>(fields[column++], records.Select(_ => number).ToArray());
            await group.WriteAsync(fields[column++], records.Select(record => record.Id).ToArray());
            await group.WriteAsync<double>(fields[column++], records.Select(record => record.Time).ToArray());
            await group.WriteAsync<int>(fields[column++], records.Select(record => (int)record.Kind).ToArray());
            for (var quantity = 0; quantity < quantities.Length; quantity++)
            {
                var own = quantity;
                await group.WriteAsync<double>(
                    fields[column++],
                    Enumerable.Range(offset, records.Count).Select(i => values[i * quantities.Length + own]).ToArray());
            }
        }
    }
}
