using Euthymia.Pharmacometrics.Responses;
using Euthymia.Trials.Agreement;
using Euthymia.Trials.Evidence;

namespace Euthymia.Trials.Tests;

/// <summary>Evidence that the library does not have, with everything that a spreadsheet of strangers may hold.</summary>
public sealed class OtherEvidenceTests : IDisposable
{
    private const string Trials =
        """
        trial_id,citation,doi,pmcid,design,population,comparator,n_total,inclusion,baseline_scale,status,note,extra
        Plain2031,Someone 2031,,,randomised double-blind single infusion,TRD,midazolam,60,,MADRS,VERIFIED,,x
        Ect2031,Someone 2031,,,open randomised,MDD,ECT,400,,QIDS-SR16,VERIFIED,,
        Odd2031,"Someone, with a comma",,,,,,,,PCL-5,,,
        Pool2031,Someone 2031,,,meta-analysis of 12 RCTs,TRD,,600,,,VERIFIED,,
        Empty2031,Someone 2031,,,randomised,TRD,saline,,,,VERIFIED,,
        """;

    private const string Arms =
        """
        trial_id,arm_id,drug,dose_mg_per_kg,infusion_min,route,schedule_days,n,baseline_mean,baseline_sd,age_mean,age_sd,weight_or_bmi,female_pct,bipolar_pct,status
        Plain2031,KET,ketamine racemic,0.5,40,IV,0,30,33,5,40,10,78 kg (15),50,0,VERIFIED
        Plain2031,MDZ,midazolam,0.045,40,IV,0,30,33,5,,,,,,VERIFIED
        Ect2031,KET,ketamine,0.5,40,IV,2x/week x3 wk,200,18,4,,,,,,
        Ect2031,ECT,ECT,,,,3x/week x3 wk,200,18,4,,,,,,
        Odd2031,A,ketamine,lots,40,IV,0,20,,,,,,,,
        Odd2031,B,psilocybin,25 mg,,PO,0,20,,,,,,,,
        Odd2031,C,ketamine,0.5,forty,IV,when needed,20,,,,,,,,
        Odd2031,D,ketamine racemic,0.5,40,IV,0,1,500,-3,,,,,900,
        Odd2031,E,ketamine racemic,0.5,40,IV,0,100000000,33,5,,,,,,
        Odd2031,F,ketamine racemic,0.5,40,rectal,0,20,33,5,,,,,,
        Nobody2031,KET,ketamine,0.5,40,IV,0,20,,,,,,,,
        """;

    private const string Outcomes =
        """
        trial_id,arm_id,outcome,statistic,time_h,value,sd,se,ci_low,ci_high,n,unit,status
        Plain2031,KET,MADRS,change,24,-15,10,,,,30,points,VERIFIED
        Plain2031,MDZ,MADRS,change,24,-8,9,,,,30,points,VERIFIED
        Plain2031,KET-MDZ,MADRS,diff,24,-7,,,,,60,points,VERIFIED
        Plain2031,KET,response,pct,24,50,,,,,30,%,VERIFIED
        Plain2031,KET/MDZ,response,OR,24,3,,,,,60,OR,VERIFIED
        Plain2031,KET,relapse,pct,672,60,,,,,30,%,VERIFIED
        Plain2031,KET,MADRS,change,,-5,,,,,30,points,VERIFIED
        Plain2031,KET,MADRS,change,-24,-5,,,,,30,points,VERIFIED
        Plain2031,KET,MADRS,change,1e12,-5,,,,,30,points,VERIFIED
        Plain2031,KET,response,pct_any_within,1e9,28,,,,,30,%,VERIFIED
        Plain2031,KET,MADRS,change,24,,,,,,30,points,VERIFIED
        Plain2031,KET,MADRS,change,24,Infinity,,,,,30,points,VERIFIED
        Plain2031,KET,MADRS,change,soon,-5,,,,,30,points,VERIFIED
        Plain2031,KET,WHODAS,change,24,-5,,,,,30,points,VERIFIED
        Plain2031,KET,MADRS,median absolute deviation,24,5,,,,,30,points,VERIFIED
        Plain2031,ESK,MADRS,change,24,-5,,,,,30,points,VERIFIED
        Plain2031,KET,AE:nausea,pct,,20,,,,,0,%,VERIFIED
        Plain2031,KET,AE:nausea,pct,,20,,,,,1e18,%,VERIFIED
        Plain2031,KET,AE:hiccups,pct,,20,,,,,30,%,VERIFIED
        Plain2031,KET,PHQ-9,change,24,-6,,,,,30,points,VERIFIED
        Plain2031,,MADRS,change,24,-5
        Ect2031,KET,response,pct,504,55.4,,,,,195,%,VERIFIED
        Ect2031,ECT,response,pct,504,41.2,,,,,170,%,VERIFIED
        Ect2031,KET-ECT,response,diff,504,14.2,,,,,,%,VERIFIED
        Odd2031,A,MADRS,change,24,-5,,,,,,,
        Odd2031,B,MADRS,change,24,-5,,,,,,,
        Odd2031,C,MADRS,change,24,-5,,,,,,,
        Odd2031,D,MADRS,corr_baseline_followup,24,0.3,,,,,1,,
        Odd2031,D,response,pct,24,100,,,,,1,,
        Odd2031,E,MADRS,change,24,-15,,,,,,,
        Odd2031,F,MADRS,change,24,-15,,,,,,,
        Pool2031,KET-PBO,depression,SMD,24,-0.8,,,,,300,SMD,
        Pool2031,Esket-High,depression,SMD,24,-0.5,,,,,300,SMD,
        Pool2031,any/PBO,response,RR,,2,,,,,,RR,
        Unknown2031,KET,MADRS,change,24,-15,,,,,20,points,VERIFIED
        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("other-evidence").FullName;

    public OtherEvidenceTests()
    {
        File.WriteAllText(Path.Combine(_folder, "trials.csv"), "\uFEFF" + Trials);
        File.WriteAllText(Path.Combine(_folder, "arms.csv"), Arms.Replace("\n", "\r\n", StringComparison.Ordinal));
        File.WriteAllText(Path.Combine(_folder, "outcomes.csv"), Outcomes);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Every_row_is_predicted_with_finite_numbers_or_listed_with_a_reason()
    {
        var library = EvidenceReader.ReadFolder(_folder);

        var report = TrialValidation.Run(library, ResponseParameters.Default, 40, 1, cancel: TestContext.Current.CancellationToken);

        Assert.Equal(library.Outcomes.Count, report.Outcomes.Count + report.NotPredicted.Count);
        Assert.All(report.NotPredicted, item => Assert.NotEmpty(item.Reason));
        Assert.All(report.Outcomes, outcome =>
        {
            Assert.True(double.IsFinite(outcome.Z) && double.IsFinite(outcome.Predicted));
            Assert.True(outcome.Low90 <= outcome.Predicted && outcome.Predicted <= outcome.High90);
        });
        Assert.Equal(
            ["MADRS change 24", "MADRS change 24", "MADRS diff 24", "response pct 24", "response OR 24", "relapse pct 672", "AE:nausea pct ", "AE:nausea pct ", "PHQ-9 change 24"],
            report.Outcomes.Where(outcome => outcome.Trial is "Plain2031").Select(outcome => FormattableString.Invariant($"{outcome.Outcome} {outcome.Statistic} {outcome.TimeHours}")),
            StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("Unknown2031", "KET", "trials.csv does not describe the trial 'Unknown2031'")]
    [InlineData("Ect2031", "ECT", "'ECT' is not modelled: only ketamine and its blinded controls are")]
    [InlineData("Odd2031", "A", "the dose 'lots' is not understood")]
    [InlineData("Odd2031", "C", "the schedule 'when needed' has no fixed days")]
    [InlineData("Plain2031", "ESK", "arms.csv does not describe the arm 'ESK'")]
    public void The_reason_says_what_is_missing(string trial, string arm, string reason)
    {
        var report = TrialValidation.Run(EvidenceReader.ReadFolder(_folder), ResponseParameters.Default, 20, 1, cancel: TestContext.Current.CancellationToken);

        Assert.Contains(report.NotPredicted, item => (item.Outcome.TrialId, item.Outcome.ArmId, item.Reason) == (trial, arm, reason));
    }

    [Fact]
    public void Bad_cells_are_named_by_file_line_and_column()
    {
        var problems = EvidenceReader.ReadFolder(_folder).Problems;

        Assert.Contains(problems, problem => problem.StartsWith("outcomes.csv, line 13, column value: 'Infinity' is not a number", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("outcomes.csv, line 14, column time_h: 'soon' is not a number", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("'Nobody2031', which is not in trials.csv", StringComparison.Ordinal));
    }
}
