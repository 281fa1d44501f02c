using Euthymia.Pharmacometrics.Individualisation;
using Euthymia.Pharmacometrics.Planning;
using Euthymia.Pharmacometrics.Responses;

namespace Euthymia.Pharmacometrics.Tests.Individualisation;

public sealed class RelapseWatchTests
{
    private const double LastHours = 11 * 24;
    private static readonly Covariates Patient = new(new Kilograms(70), 45);
    private static readonly Infusion[] Course = [.. new[] { 0, 2, 4, 7, 9, 11 }.Select(day => Infusion.Constant(TimeSpan.FromDays(day), new Milligrams(35), TimeSpan.FromMinutes(40)))];

    [Fact]
    public void A_rising_score_raises_the_probability_and_a_steady_one_does_not()
    {
        var rising = Outlook(6, 10, 15, 22);
        var steady = Outlook(6, 6, 5, 6);
        Assert.True(rising.ByDay[7] > steady.ByDay[7] + 0.3, $"{rising.ByDay[7]} {steady.ByDay[7]}");
        Assert.True(RelapseWatch.Sees(rising, 0.5, 7));
        Assert.False(RelapseWatch.Sees(steady, 0.5, 7));
        Assert.All(rising.ByDay.Zip(rising.ByDay.Skip(1)), pair => Assert.True(pair.Second >= pair.First)); // nothing is given, so nothing comes back
    }

    [Fact]
    public void Low_moods_alone_raise_it_too()
    {
        static IEnumerable<PatientObservation> Moods(double low) => Enumerable.Range(10, 8).Select(day => new PatientObservation(LastHours + 24 * day, ObservedKind.Score, low, DepressionScale.CheckInMood.Name));
        var good = Of([.. Scores(6, 7), .. Moods(1)], 18);
        var bad = Of([.. Scores(6, 7), .. Moods(8)], 18);
        Assert.True(bad.ByDay[7] > good.ByDay[7] + 0.2, $"{bad.ByDay[7]} {good.ByDay[7]}");
    }

    [Fact]
    public void Without_a_response_there_is_nothing_to_see()
    {
        var outlook = Outlook(33, 34, 33, 35);
        Assert.True(outlook.Responded < 0.2, $"{outlook.Responded}");
        Assert.False(RelapseWatch.Sees(outlook, 0, 14));
    }

    [Theory]
    [InlineData(0.59, 0.5, false)]
    [InlineData(0.6, 0.5, true)]
    [InlineData(0.61, 0.49, false)]
    [InlineData(1, 0.5, true)]
    public void The_rule_fires_at_its_threshold_for_a_probable_responder(double probability, double responded, bool seen)
        => Assert.Equal(seen, RelapseWatch.Sees(new RelapseOutlook(responded, [0, 0, probability], ""), 0.6, 1, day: 1));

    [Fact]
    public void Beyond_the_outlook_its_last_day_stands() => Assert.Equal(0.7, RelapseWatch.ProbabilityBy(new RelapseOutlook(1, [0.1, 0.7], ""), 7, 30));

    [Fact]
    public void The_study_is_the_same_for_a_seed_and_judges_alarms_by_the_truth()
    {
        var one = RelapseStudy.Run(100, 3, cancellation: TestContext.Current.CancellationToken);
        Assert.InRange(one.Count, 30, 90);
        WatchedPatient[] patients =
        [
            new(20, null, null, []), // relapses
            new(50, null, null, []),
            new(null, null, null, []), // holds
        ];
        var judged = RelapseStudy.Judge(patients, _ => 12);
        Assert.Equal((2, 1, 1, 2, 3), (judged.Relapses, judged.Found, judged.Before, judged.False, judged.Patients));
        Assert.Equal(8, judged.LeadDays!.Median);
        Assert.Equal(0, RelapseStudy.Judge(patients, _ => null).Found);
        Assert.Equal((0, 1), (RelapseStudy.Judge(patients, _ => 20).Before, RelapseStudy.Judge(patients, _ => 20).Found));
    }

    [Fact]
    public void Denser_maintenance_holds_better_and_a_taper_lies_between()
    {
        var estimate = Individualiser.Estimate(new PatientRecord(Patient, Course, [.. Scores(8, 9)]), options: new IndividualOptions(200, Starts: 2), cancellation: TestContext.Current.CancellationToken);
        var profile = new ConstantDose(new MilligramsPerKilogram(0.5m), null, TimeSpan.FromMinutes(40));
        var intervals = Maintenance.Of(estimate, LastHours + 15 * 24, profile, [7, 28], cancellation: TestContext.Current.CancellationToken);
        var taper = Maintenance.OfSchedule(estimate, LastHours + 15 * 24, profile, [7, 17, 31, 52], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(4, taper.Visits);
        Assert.InRange(taper.MeanScore, intervals.Intervals[0].MeanScore, intervals.Without.MeanScore);
        var weekly = Maintenance.OfSchedule(estimate, LastHours + 15 * 24, profile, [.. Enumerable.Range(1, 11).Select(week => 7.0 * week)], cancellation: TestContext.Current.CancellationToken);
        Assert.Equal((intervals.Intervals[0].Relapse, intervals.Intervals[0].MeanScore), (weekly.Relapse, weekly.MeanScore));
        Assert.Throws<InvalidInputException>(() => Maintenance.OfSchedule(estimate, LastHours + 15 * 24, profile, [7, 7], cancellation: TestContext.Current.CancellationToken));
    }

    private static IEnumerable<PatientObservation> Scores(params double[] weekly) =>
        weekly.Select((score, week) => new PatientObservation(LastHours + 24 + 168 * week, ObservedKind.Score, score, "MADRS")).Prepend(new PatientObservation(-2, ObservedKind.Score, 34, "MADRS"));

    private static RelapseOutlook Outlook(params double[] weekly) => Of([.. Scores(weekly)], 1 + 7 * (weekly.Length - 1));

    private static RelapseOutlook Of(PatientObservation[] observations, int day) =>
        RelapseWatch.Of(Individualiser.Estimate(new PatientRecord(Patient, Course, observations), options: RelapseWatch.Options), LastHours + 24 * day, 28);
}
