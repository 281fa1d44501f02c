using System.Globalization;
using System.Text;
using Euthymia.Numerics.Cascades;

namespace Euthymia.Benchmarks;

/// <summary>The course problem's files. Numbers are read from the bytes, so that reading leaves little garbage in the peak memory.</summary>
internal static class CourseFiles
{
    private static readonly string[] Columns =
        ["ID", "WT", "CL", "V1", "Q2", "V2", "Q3", "V3", "CLN", "VN1", "QN", "VN2", "KE0", "EC50", "KTOL", "KPIN", "KPOUT", "KOUT", "BASE", "IMAX"];

    /// <summary>Names and parameters (19 a patient, row after row) of the patients of a file.</summary>
    public static (string[] Ids, double[] Parameters) ReadIndividuals(FileInfo file)
    {
        ReadOnlySpan<byte> text = File.ReadAllBytes(file.FullName);
        var rows = text.Count((byte)'\n') + 1;
        var header = Encoding.UTF8.GetString(NextLine(ref text)).Split(',');
        var position = Columns.Select(name => Array.FindIndex(header, h => string.Equals(h.Trim().Trim('"', '\uFEFF'), name, StringComparison.Ordinal))).ToArray();
        var missing = Columns.Where((_, i) => position[i] < 0).ToArray();
        if (missing.Length > 0)
            throw new InvalidDataException($"{file.Name}, line 1: no column {string.Join(", ", missing)}. Name each column in the first line.");
        var ids = new List<string>(rows);
        var parameters = new double[rows * (Columns.Length - 1)];
        Span<Range> cells = stackalloc Range[header.Length + 1];
        for (var line = 2; !text.IsEmpty; line++)
        {
            var row = NextLine(ref text);
            if (row.IsEmpty)
                continue;
            var count = Split(row, cells);
            if (count != header.Length)
                throw new InvalidDataException($"{file.Name}, line {line}: {(count > header.Length ? "more" : count)} cells, but the header names {header.Length}. Give one for each column.");
            for (var i = 1; i < Columns.Length; i++)
                parameters[(ids.Count * (Columns.Length - 1)) + i - 1] = Number(file, line, Columns[i], row[cells[position[i]]]);
            ids.Add(Encoding.UTF8.GetString(row[cells[position[0]]]).Trim());
        }
        if (ids.Count == 0)
            throw new InvalidDataException($"{file.Name}: no patients. Give one a line below the header.");
        return ([.. ids], ids.Count == rows ? parameters : parameters[..(ids.Count * (Columns.Length - 1))]);
    }

    /// <summary>Output times in hours, one a line below a header.</summary>
    public static double[] ReadTimes(FileInfo file)
    {
        ReadOnlySpan<byte> text = File.ReadAllBytes(file.FullName);
        NextLine(ref text);
        var times = new List<double>();
        for (var line = 2; !text.IsEmpty; line++)
        {
            var row = NextLine(ref text);
            if (!row.IsEmpty)
                times.Add(Number(file, line, "time", row));
        }
        return times.Count > 0 ? [.. times] : throw new InvalidDataException($"{file.Name}: no times. Give one a line below the header.");
    }

    /// <summary>Every state of every patient at every time.</summary>
    public static void Write(FileInfo file, string[] ids, double[] times, Trajectories trajectories)
    {
        using var writer = file.CreateText();
        writer.WriteLine("ID,time,A1,A2,A3,N1,N2,CE,M,P,R");
        for (var patient = 0; patient < ids.Length; patient++)
        {
            for (var t = 0; t < times.Length; t++)
            {
                writer.Write($"{ids[patient]},{times[t].ToString("R", CultureInfo.InvariantCulture)}");
                for (var state = 0; state < trajectories.States; state++)
                    writer.Write($",{trajectories[patient, t, state].ToString("G17", CultureInfo.InvariantCulture)}");
                writer.WriteLine();
            }
        }
    }

    private static ReadOnlySpan<byte> NextLine(ref ReadOnlySpan<byte> text)
    {
        var end = text.IndexOf((byte)'\n');
        var line = end < 0 ? text : text[..end];
        text = end < 0 ? [] : text[(end + 1)..];
        return line.Trim(" \t\r"u8);
    }

    private static int Split(ReadOnlySpan<byte> row, Span<Range> cells)
    {
        var (count, start) = (0, 0);
        for (var i = 0; i <= row.Length; i++)
        {
            if (i < row.Length && row[i] != ',')
                continue;
            if (count < cells.Length)
                cells[count] = start..i;
            (count, start) = (count + 1, i + 1);
        }
        return count;
    }

    private static double Number(FileInfo file, int line, string column, ReadOnlySpan<byte> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value
            : throw new InvalidDataException($"{file.Name}, line {line}, column {column}: '{Encoding.UTF8.GetString(text)}' is not a finite number. Use digits and a decimal point.");
}
