using Euthymia.Numerics.Random;

namespace Euthymia.Clinic.Tests.Cohort;

/// <summary>Attacks A71 to A74: what is hidden cannot be worked out from what is shown.</summary>
public sealed class SmallCellTests
{
    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(10, true)]
    [InlineData(11, false)]
    public void Cells_of_one_to_ten_are_small(int count, bool isSmall) => Assert.Equal(isSmall, SmallCells.IsSmall(count));

    [Theory]
    [InlineData(40, 60, true)]
    [InlineData(10, 60, false)]
    [InlineData(50, 60, false)]
    [InlineData(0, 60, true)]
    [InlineData(60, 60, true)]
    [InlineData(0, 10, false)]
    public void A_share_is_shown_when_neither_side_of_it_is_small(int count, int n, bool isShown)
    {
        Assert.Equal(isShown, new Share(count, n).IsShown);
        Assert.Equal(isShown, new Share(count, n).Interval is not null);
    }

    [Fact]
    public void One_hidden_part_takes_the_next_smallest_with_it()
    {
        Assert.Equal([false, true, true], SmallCells.Hide([40, 5, 20]));
        Assert.Equal([false, false, false], SmallCells.Hide([40, 0, 20]));
        Assert.Equal([false, true, true], SmallCells.Hide([40, 6, 7]));
        Assert.Equal([true, true, true, false], SmallCells.Hide([12, 1, 2, 40]));
    }

    [Fact]
    public void A73_no_hidden_cell_of_ten_thousand_random_tables_can_be_worked_out()
    {
        for (uint table = 0; table < 10_000; table++)
        {
            var deviates = new Deviates(73, table);
            var parts = Enumerable.Range(0, 2 + (int)(deviates.Uniform(0) * 5)).Select(i => (int)(Math.Pow(deviates.Uniform((uint)i + 1), 3) * 60)).ToArray();
            var hidden = SmallCells.Hide(parts);
            var hiddenParts = parts.Where((_, i) => hidden[i]).ToList();
            Assert.All(parts.Where((_, i) => !hidden[i]), p => Assert.False(SmallCells.IsSmall(p)));
            if (hiddenParts.Count == 0 || parts.Count(p => p > 0) < 2 || parts.Sum() < SmallCells.Least)
                continue;
            // From the total one equation is known: two unknowns or more, and the least of them must not be the whole of a small sum.
            Assert.True(hiddenParts.Count >= 2, string.Join(',', parts));
            Assert.True(hiddenParts.Sum() >= SmallCells.Least, string.Join(',', parts));
        }
    }

    [Fact]
    public void A74_every_combination_of_age_sex_and_diagnosis_belongs_to_eleven_patients_or_is_hidden()
    {
        for (uint cohort = 0; cohort < 400; cohort++)
        {
            var deviates = new Deviates(74, cohort);
            var patients = Enumerable.Range(0, 11 + (int)(deviates.Uniform(0) * 150)).Select(i => Person(deviates, (uint)i)).ToList();
            var shown = QuasiIdentifiers.Generalise(patients);

            Assert.Equal(patients.Count, shown.Length);
            Assert.All(shown.GroupBy(p => p), group => Assert.True(group.Count() >= SmallCells.Least, $"cohort {cohort}: {group.Key} has {group.Count()}"));
            // What is shown is true.
            Assert.All(patients.Zip(shown), pair => Assert.True(string.Equals(pair.Second.AgeGroup ?? pair.First.AgeGroup, pair.First.AgeGroup, StringComparison.Ordinal) && (pair.Second.Sex ?? pair.First.Sex) == pair.First.Sex && (pair.Second.Diagnosis ?? pair.First.Diagnosis) == pair.First.Diagnosis));
        }
    }

    [Theory]
    [InlineData(18, "18-29")]
    [InlineData(29, "18-29")]
    [InlineData(30, "30-39")]
    [InlineData(89, "80-89")]
    [InlineData(90, "90 and over")]
    [InlineData(119, "90 and over")]
    public void A71_ages_over_89_are_one_group(int age, string group) => Assert.Equal(group, QuasiIdentifiers.AgeGroupOf(age));

    private static QuasiIdentifiers Person(Deviates deviates, uint i) => new(
        QuasiIdentifiers.AgeGroupOf(18 + (int)(deviates.Uniform((3 * i) + 1) * deviates.Uniform((3 * i) + 2) * 75)),
        deviates.Uniform((3 * i) + 2) < 0.6 ? RecordedSex.Female : RecordedSex.Male,
        (Diagnosis)(int)(4 * Math.Pow(deviates.Uniform((3 * i) + 3), 2)));
}
