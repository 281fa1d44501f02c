using Euthymia.Clinic;
using Parquet;
using Parquet.Schema;

namespace Euthymia.Interop.Research;

/// <summary>A table as Parquet: typed columns, every one nullable, since any cell can be missing or hidden.</summary>
public static class ResearchParquet
{
    public static async Task Write(ResearchTable table, Stream to, CancellationToken cancel)
    {
        // The writer seeks in its stream, which an entry of a ZIP file cannot.
        using var buffer = new MemoryStream();
        var fields = table.Columns.Select(Field).ToArray();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), buffer, cancellationToken: cancel))
        {
            using var group = writer.CreateRowGroup();
            for (var i = 0; i < fields.Length; i++)
                await WriteColumn(group, fields[i], table.Columns[i].Kind, [.. table.Rows.Select(row => row[i])], cancel);
        }

        buffer.Position = 0;
        await buffer.CopyToAsync(to, cancel);
    }

    private static DataField Field(ResearchColumn column) => column.Kind switch
    {
        ResearchKind.Text => new DataField<string>(column.Name),
        ResearchKind.Whole => new DataField<int?>(column.Name),
        ResearchKind.Number => new DataField<double?>(column.Name),
        ResearchKind.Flag => new DataField<bool?>(column.Name),
        ResearchKind.Day => new DateTimeDataField(column.Name, DateTimeFormat.Date, isNullable: true),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column.Kind, "Not a kind of column."),
    };

    private static Task WriteColumn(ParquetRowGroupWriter group, DataField field, ResearchKind kind, object?[] cells, CancellationToken cancel) => kind switch
    {
        ResearchKind.Text => group.WriteAsync(field, (IReadOnlyCollection<string?>)[.. cells.Select(c => (string?)c)]),
        ResearchKind.Whole => group.WriteAsync<int>(field, cells.Select(c => (int?)c).ToArray(), cancellationToken: cancel),
        ResearchKind.Number => group.WriteAsync<double>(field, cells.Select(c => (double?)c).ToArray(), cancellationToken: cancel),
        ResearchKind.Flag => group.WriteAsync<bool>(field, cells.Select(c => (bool?)c).ToArray(), cancellationToken: cancel),
        _ => group.WriteAsync<DateTime>(field, cells.Select(c => c is DateOnly day ? day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) : (DateTime?)null).ToArray(), cancellationToken: cancel),
    };
}
