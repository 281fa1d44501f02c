using System.IO.Compression;
using Euthymia.Clinic;
using Euthymia.Interop.Research;
using Parquet;

namespace Euthymia.Interop.Tests.Research;

/// <summary>The files of the research export. Attack A47: text that a spreadsheet would calculate.</summary>
public sealed class ResearchFilesTests
{
    private static readonly ResearchTable Table = new("patients",
        [new("id", ResearchKind.Text, "Stands for the patient"), new("n", ResearchKind.Whole, "A number"), new("x", ResearchKind.Number, "Another"), new("day", ResearchKind.Day, "A day"), new("is", ResearchKind.Flag, "Yes or no")],
        [["a", 3, -0.5, new DateOnly(2026, 2, 28), true], [null, null, null, null, null], ["=1+1", -5, 1e-9, new DateOnly(1970, 1, 1), false]]);

    [Theory]
    [InlineData("=HYPERLINK(\"http://evil\")", "\"'=HYPERLINK(\"\"http://evil\"\")\"")]
    [InlineData("+1", "'+1")]
    [InlineData("-1+cmd|' /C calc'!A0", "'-1+cmd|' /C calc'!A0")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "\"'\t=1\"")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("\n=1", "\"'\n=1\"")]
    [InlineData("  =1", "'  =1")]
    [InlineData("\uFF1D1", "'\uFF1D1")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("a=b", "a=b")]
    [InlineData("", "")]
    public void A47_text_never_begins_a_formula(string text, string cell) =>
        Assert.Equal($"id\r\n{cell}\r\n", ResearchCsv.Of(new ResearchTable("t", [new("id", ResearchKind.Text, "")], [[text]])));

    [Fact]
    public void Numbers_stay_numbers_and_missing_is_empty() =>
        Assert.Equal("id,n,x,day,is\r\na,3,-0.5,2026-02-28,true\r\n,,,,\r\n'=1+1,-5,1E-09,1970-01-01,false\r\n", ResearchCsv.Of(Table));

    [Fact]
    public async Task The_archive_has_a_file_a_table_and_says_what_every_column_means()
    {
        var cancel = TestContext.Current.CancellationToken;
        var data = new ResearchData([Table], ["About these data."], 2);
        var packed = await ResearchFiles.Pack(data, ResearchFormat.Csv, cancel);
        await using var zip = new ZipArchive(new MemoryStream(packed));

        Assert.Equal(["README.txt", "patients.csv"], zip.Entries.Select(e => e.FullName), StringComparer.Ordinal);
        Assert.All(zip.Entries, e => Assert.Equal(1980, e.LastWriteTime.Year)); // it does not tell when it was made
        using var reader = new StreamReader(await zip.GetEntry("README.txt")!.OpenAsync(cancel));
        var readme = await reader.ReadToEndAsync(cancel);
        Assert.Contains("About these data.", readme, StringComparison.Ordinal);
        Assert.All(Table.Columns, c => Assert.Contains($"  {c.Name}: {c.Meaning}", readme, StringComparison.Ordinal));
        Assert.Equal(packed, await ResearchFiles.Pack(data, ResearchFormat.Csv, cancel));
    }

    [Fact]
    public async Task Parquet_holds_typed_columns_with_gaps()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var zip = new ZipArchive(new MemoryStream(await ResearchFiles.Pack(new ResearchData([Table], [], 2), ResearchFormat.Parquet, cancel)));
        using var file = new MemoryStream();
        await using (var entry = await zip.GetEntry("patients.parquet")!.OpenAsync(cancel))
            await entry.CopyToAsync(file, cancel);
        file.Position = 0;
        await using var reader = await ParquetReader.CreateAsync(file, cancellationToken: cancel);
        using var group = reader.OpenRowGroupReader(0);
        var fields = reader.Schema.DataFields;

        Assert.Equal(["id", "n", "x", "day", "is"], fields.Select(f => f.Name), StringComparer.Ordinal);
        var ids = new string?[3];
        await group.ReadAsync(fields[0], ids.AsMemory(), cancellationToken: cancel);
        Assert.Equal(["a", null, "=1+1"], ids); // nothing calculates here: the text is kept
        Assert.Equal([3, null, -5], await Read<int>(group, fields[1], cancel));
        Assert.Equal([-0.5, null, 1e-9], await Read<double>(group, fields[2], cancel));
        Assert.Equal([new DateTime(2026, 2, 28), null, new DateTime(1970, 1, 1)], await Read<DateTime>(group, fields[3], cancel));
        Assert.Equal([true, null, false], await Read<bool>(group, fields[4], cancel));
    }

    private static async Task<T?[]> Read<T>(ParquetRowGroupReader group, Parquet.Schema.DataField field, CancellationToken cancel)
        where T : struct
    {
        var values = new T?[3];
        await group.ReadAsync<T>(field, values.AsMemory(), cancellationToken: cancel);
        return values;
    }
}
