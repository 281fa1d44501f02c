using Euthymia.Trials.Evidence;

namespace Euthymia.Trials.Tests;

public sealed class EvidenceReaderTests : IDisposable
{
    private const string Trials = "trial_id,citation,design,population,comparator\nT1,Someone 2030,randomised,TRD,saline\n";
    private const string Arms = "trial_id,arm_id,drug,dose_mg_per_kg,infusion_min,route,schedule_days,n\nT1,KET,ketamine racemic,0.5,40,IV,0,20\n";
    private const string Outcomes = "trial_id,arm_id,outcome,statistic,time_h,value,n\nT1,KET,MADRS,change,24,-12,20\n";

    private readonly string _folder = Directory.CreateTempSubdirectory("evidence").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_built_in_library_is_whole()
    {
        var library = EvidenceReader.ReadBuiltIn();

        Assert.Empty(library.Problems);
        Assert.Equal(63, library.Trials.Count);
        Assert.Equal(416, library.Outcomes.Count);
        Assert.All(library.Trials, trial => Assert.NotEmpty(trial.Status));
        Assert.Empty(library.Outcomes.Select(outcome => outcome.TrialId).Except(library.Trials.Select(trial => trial.Id), StringComparer.Ordinal));
        Assert.Equal(-16.5, library.OutcomesOf("Murrough2013_RCT").First().Value);
    }

    [Fact]
    public void The_individual_scores_give_the_published_means()
    {
        var after = IndividualScore.ReadNimh().Where(score => score is { Group: "MDD", After: "ketamine", TimeHours: 60, Madrs: not null }).ToList();

        Assert.Equal(27, after.Count);
        Assert.Equal(23.59, after.Average(score => score.Madrs!.Value), 0.01);
    }

    [Fact]
    public void A_folder_of_the_same_shape_is_read()
    {
        Write(Trials, Arms, Outcomes);

        var library = EvidenceReader.ReadFolder(_folder);

        Assert.Equal("T1", Assert.Single(library.Trials).Id);
        Assert.Equal(-12, Assert.Single(library.Outcomes).Value);
        Assert.Empty(library.Moderators);
    }

    [Fact]
    public void A_bad_number_is_named_by_file_line_and_column_and_the_row_is_kept()
    {
        Write(Trials, Arms, Outcomes + "T1,KET,MADRS,change,a day,-13,20\n");

        var library = EvidenceReader.ReadFolder(_folder);

        Assert.Equal(2, library.Outcomes.Count);
        var problem = Assert.Single(library.Problems);
        Assert.Contains("outcomes.csv, line 3, column time_h: 'a day'", problem, StringComparison.Ordinal);
        Assert.Equal(problem, library.Outcomes[1].Problem);
    }

    [Theory]
    [InlineData("trials.csv", "evidence-file-missing")]
    [InlineData("arms.csv", "evidence-file-missing")]
    [InlineData("outcomes.csv", "evidence-file-missing")]
    public void A_missing_file_is_an_error_with_a_code(string file, string code)
    {
        Write(Trials, Arms, Outcomes);
        File.Delete(Path.Combine(_folder, file));

        Assert.Equal(code, Assert.Throws<EvidenceException>(() => EvidenceReader.ReadFolder(_folder)).Code);
    }

    [Fact]
    public void A_missing_column_is_named()
    {
        Write(Trials, Arms, Outcomes.Replace("value", "val", StringComparison.Ordinal));

        var error = Assert.Throws<EvidenceException>(() => EvidenceReader.ReadFolder(_folder));

        Assert.Equal("evidence-column-missing", error.Code);
        Assert.Contains("outcomes.csv, line 1: column value", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_repeated_arm_is_refused()
    {
        Write(Trials, Arms + "T1,KET,saline,,40,IV,0,20\n", Outcomes);

        Assert.Equal("evidence-id-repeated", Assert.Throws<EvidenceException>(() => EvidenceReader.ReadFolder(_folder)).Code);
    }

    [Fact]
    public void Lines_of_commas_and_columns_of_others_are_passed_over()
    {
        Write(Trials + ",,,,\n", Arms + ",,,,,,,\n\n", Outcomes.Replace("n\n", "n,seen_by\n", StringComparison.Ordinal) + ",,,,,,,\n");

        var library = EvidenceReader.ReadFolder(_folder);

        Assert.Equal((1, 1, 1), (library.Trials.Count, library.Arms.Count, library.Outcomes.Count));
        Assert.Empty(library.Problems);
    }

    [Fact]
    public void A_missing_folder_and_an_unknown_trial_are_errors_with_codes()
    {
        Assert.Equal("evidence-folder-missing", Assert.Throws<EvidenceException>(() => EvidenceReader.ReadFolder(Path.Combine(_folder, "none"))).Code);
        Assert.Equal("trial-unknown", Assert.Throws<EvidenceException>(() => EvidenceReader.ReadBuiltIn().Trial("Nobody1900")).Code);
    }

    private void Write(string trials, string arms, string outcomes)
    {
        File.WriteAllText(Path.Combine(_folder, "trials.csv"), trials);
        File.WriteAllText(Path.Combine(_folder, "arms.csv"), arms);
        File.WriteAllText(Path.Combine(_folder, "outcomes.csv"), outcomes);
    }
}
