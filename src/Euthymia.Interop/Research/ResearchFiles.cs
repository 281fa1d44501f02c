using System.IO.Compression;
using System.Text;
using Euthymia.Clinic;

namespace Euthymia.Interop.Research;

/// <summary>The form of an export's tables.</summary>
public enum ResearchFormat
{
    /// <summary>RFC 4180, UTF-8, safe to open in a spreadsheet.</summary>
    Csv,

    /// <summary>Apache Parquet, with typed columns.</summary>
    Parquet,
}

/// <summary>Packs an export into one ZIP file: a file a table, and README.txt that says what every column means.</summary>
public static class ResearchFiles
{
    /// <summary>The bytes of the ZIP file. The same data give the same bytes: entries carry no time of the day on which they were made.</summary>
    public static async Task<byte[]> Pack(ResearchData data, ResearchFormat format, CancellationToken cancel = default)
    {
        using var file = new MemoryStream();
        await using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            await Add(zip, "README.txt", stream => Write(stream, Readme(data), cancel));
            foreach (var table in data.Tables)
            {
                if (format == ResearchFormat.Csv)
                    await Add(zip, $"{table.Name}.csv", stream => Write(stream, ResearchCsv.Of(table), cancel));
                else
                    await Add(zip, $"{table.Name}.parquet", stream => ResearchParquet.Write(table, stream, cancel));
            }
        }

        return file.ToArray();
    }

    // Without this the archive would tell when it was made, and with it which patients it can hold.
    private static readonly DateTimeOffset NoTime = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static async Task Add(ZipArchive zip, string name, Func<Stream, Task> write)
    {
        var entry = zip.CreateEntry(name, CompressionLevel.Optimal);
        entry.LastWriteTime = NoTime;
        await using var stream = await entry.OpenAsync();
        await write(stream);
    }

    private static async Task Write(Stream stream, string text, CancellationToken cancel) => await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancel);

    private static string Readme(ResearchData data)
    {
        var text = new StringBuilder();
        foreach (var line in data.About)
            text.Append(line).Append('\n');
        foreach (var table in data.Tables)
        {
            text.Append('\n').Append(table.Name).Append('\n');
            foreach (var column in table.Columns)
                text.Append("  ").Append(column.Name).Append(": ").Append(column.Meaning).Append('\n');
        }

        return text.ToString();
    }
}
