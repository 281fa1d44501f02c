namespace Euthymia.Clinic;

/// <summary>
/// Counts too small to be shown. A cell of 1 to 10 people is hidden, and so is the next smallest one beside it where the total would give
/// it away. Eleven is the threshold that United States payers and research networks use (CMS cell size suppression policy).
/// </summary>
public static class SmallCells
{
    /// <summary>The smallest number of people that is shown.</summary>
    public const int Least = 11;

    public static bool IsSmall(int count) => count is > 0 and < Least;

    /// <summary>Which of the parts of a known total are hidden: the small ones, and as many others as it takes that the hidden ones add up to at least <see cref="Least"/> and are at least two.</summary>
    public static bool[] Hide(IReadOnlyList<int> parts)
    {
        var hidden = parts.Select(IsSmall).ToArray();
        while (hidden.Any(h => h) && (hidden.Count(h => h) < 2 || parts.Where((_, i) => hidden[i]).Sum() < Least))
        {
            var next = Enumerable.Range(0, parts.Count).Where(i => !hidden[i] && parts[i] > 0).OrderBy(i => parts[i]).Cast<int?>().FirstOrDefault();
            if (next is null)
                break; // the total itself is small, or there is one part only: the caller hides the total as well
            hidden[next.Value] = true;
        }

        return hidden;
    }
}

/// <summary>How many of a group something is true of, with what may be shown of it.</summary>
/// <param name="Count">Of how many it is true.</param>
/// <param name="N">How many were assessed.</param>
public readonly record struct Share(int Count, int N)
{
    /// <summary>The group is large enough to be spoken of.</summary>
    public bool HasGroup => N >= SmallCells.Least;

    /// <summary>Neither those of whom it is true nor the others are few.</summary>
    public bool IsShown => HasGroup && !SmallCells.IsSmall(Count) && !SmallCells.IsSmall(N - Count);

    /// <summary>Fraction with Wilson's 95 % interval; null where it may not be shown.</summary>
    public Trials.Statistics.Interval? Interval => IsShown ? Trials.Statistics.Intervals.Wilson(Count, N) : null;
}
