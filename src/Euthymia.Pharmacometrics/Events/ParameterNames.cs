namespace Euthymia.Pharmacometrics.Events;

/// <summary>
/// What the parameters of a generic model may be called. Three ways of naming are in use, and each is understood whole:
/// counted from the central compartment (CL, V1, Q2, V2, Q3, V3, and V, VC, Q for short; NONMEM's ADVAN1, 3 and 11),
/// by the compartment with the depot counted (CL, V2, Q3, V3, Q4, V4; ADVAN4 and 12, mrgsolve), or by part
/// (CL, VC, Q, VP, Q2, VP2; mrgsolve, rxode2). KA and Fn, ALAGn, Rn, Dn are common to all.
/// </summary>
internal sealed class ParameterNames
{
    private readonly string _model;
    private readonly string[] _needed;
    private readonly string[] _ofDoses;
    private readonly string[][] _spellings;

    public ParameterNames(string model)
    {
        _model = model;
        Oral = model.StartsWith("oral", StringComparison.Ordinal);
        Disposition = model[^1] - '0';
        _needed = ["CL", "V1", .. Enumerable.Range(2, Disposition - 1).SelectMany(i => new[] { $"Q{i}", $"V{i}" }), .. Oral ? ["KA"] : Array.Empty<string>()];
        _ofDoses = [.. Enumerable.Range(1, Disposition + (Oral ? 1 : 0)).SelectMany(i => new[] { $"F{i}", $"ALAG{i}", $"R{i}", $"D{i}" })];
        _spellings =
        [
            Spelling("V1|V|VC", Disposition == 2 ? ["Q2|Q", "V2"] : ["Q2", "V2", "Q3", "V3"]),
            .. Oral ? [Spelling("V2", Disposition == 2 ? ["Q3|Q", "V3"] : ["Q3", "V3", "Q4", "V4"])] : Array.Empty<string[]>(),
            Spelling("VC|V", ["Q", "VP", "Q2", "VP2"]),
        ];
    }

    /// <summary>Whether there is a depot.</summary>
    public bool Oral { get; }

    /// <summary>Compartments without the depot.</summary>
    public int Disposition { get; }

    /// <summary>The names in the first way of naming, one for each given name.</summary>
    /// <exception cref="InvalidInputException">No way of naming has them all, or one is missing or repeated; field <c>parameters</c>.</exception>
    public string[] Canonical(string[] given)
    {
        // The way that leaves least unknown, then least missing; the first of equals.
        var best = _spellings.Select(spelling => Array.ConvertAll(given, name => Of(spelling, name)))
            .MinBy(names => (names.Count(name => name is null), _needed.Except(names, StringComparer.Ordinal).Count()))!;
        for (var i = 0; i < given.Length; i++)
        {
            if (best[i] is null)
                throw Error("parameter-unknown", $"\"{given[i]}\" is no parameter of {_model} beside the others.");
            if (Array.IndexOf(best, best[i]) < i)
                throw Error("parameter-repeated", $"\"{given[i]}\" is given twice.");
        }

        var missing = Array.FindIndex(_needed, name => !best.Contains(name, StringComparer.Ordinal));
        if (missing >= 0)
            throw Error("parameter-missing", $"{_model} needs {_needed[missing]}.");
        return best!;
    }

    private string[] Spelling(string volume, string[] peripheral)
        => ["CL", volume, .. peripheral.Take(2 * (Disposition - 1)), .. Oral ? ["KA"] : Array.Empty<string>()];

    private string? Of(string[] spelling, string name)
    {
        var slot = Array.FindIndex(spelling, names => names.Split('|').Contains(name, StringComparer.Ordinal));
        return slot >= 0 ? _needed[slot] : _ofDoses.Contains(name, StringComparer.Ordinal) ? name : null;
    }

    private InvalidInputException Error(string code, string problem)
    {
        var ways = string.Join("; or ", _spellings.Select(spelling => string.Join(", ", spelling.Select(names => names.Split('|')[0]))));
        return new(code, "parameters", $"{problem} It takes {ways}; and {string.Join(", ", _ofDoses)}.");
    }
}
