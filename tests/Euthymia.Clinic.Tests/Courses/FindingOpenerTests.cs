using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Patients.LongTerm;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Tests.Forecasts;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Courses;

/// <summary>Every rule that somebody has to act on is opened by something a clinic does: each is named here with what opens it, and a new one fails until it is.</summary>
public sealed class FindingOpenerTests
{
    private static readonly Dictionary<string, Func<TestClinic, Task>> Openers = new(StringComparer.Ordinal)
    {
        ["SUI-01"] = c => Answer(c, Answers.One("PHQ-9", 9, 1)),
        ["SUI-02"] = c => Answer(c, Answers.One("PHQ-9", 9, 2)),
        ["SUI-03a"] = c => Answer(c, Answers.Of("C-SSRS", 1, 1, 0, 1, 0, 0, 0)),
        ["SUI-03b"] = c => Answer(c, Answers.Of("C-SSRS", 1, 1, 1, 0, 0, 0, 0)),
        ["SUI-03c"] = c => Answer(c, Answers.Of("C-SSRS", 1, 0, null, null, null, 0, 0)),
        ["SUI-05"] = AtNightWithNobodyOnCall,
        ["SUI-09"] = c => Answer(c, Answers.One("ASQ", 1, 1)),
        ["SUI-10"] = c => Answer(c, Answers.One("ASQ", 5, 1)),
        ["DQ-01"] = c => Answer(c, Answers.Of("ASQ", 0, null, 0, 0, null)),
        ["FUP-01"] = c => Silent(c, days: 4),
        ["FUP-04"] = c => Silent(c, days: 30),
        ["FUP-05"] = SideEffectsLeftOut,
        ["FUP-06"] = c => Answer(c, Answers.Of("GAD-7", Answers.Total(InstrumentLibrary.Shipped["GAD-7"], 3)), Answers.Of("GAD-7", Answers.Total(InstrumentLibrary.Shipped["GAD-7"], 12))),
        ["FUP-07"] = c => Answer(c, Answers.One("CHECK-IN", 5, 1)),
        ["FUP-08"] = c => Answer(c, Answers.One("CHECK-IN", 2, 2)),
        ["MAN-01"] = c => Answer(c, Answers.Of("ASRM", Answers.Total(InstrumentLibrary.Shipped["ASRM"], 6))),
        ["MAN-02a"] = c => Answer(c, Answers.Of("YMRS", Answers.Total(InstrumentLibrary.Shipped["YMRS"], 12))),
        ["MAN-02b"] = c => Answer(c, Answers.Of("YMRS", Answers.Total(InstrumentLibrary.Shipped["YMRS"], 21))),
        ["MAN-03"] = BipolarAndNotRated,
        ["MAN-04"] = c => Answer(c, new AssessmentForm(Guid.CreateVersion7(), "BPRS+ (0-6)", [], Total: 3), new AssessmentForm(Guid.CreateVersion7(), "BPRS+ (0-6)", [], Total: 5)),
        ["RSP-09"] = c => Acute(c, [19, 18, 17, 17]),
        ["MNT-04"] = c => Acute(c, [], madrs: [30, 10, 23, 24]),
        ["MNT-05"] = c => Acute(c, [13, 11, 8, 6, 5, 4], later: [(15, 14), (29, 16)]),
        ["MNT-06"] = MoreThanTheLimit,
        ["MNT-07"] = TolerantPatient,
        ["MNT-12"] = c => Acute(c, [12, 9, 6, 5, 4, 3], later: [(8, 6), (15, 8), (27, 14)], wait: 10),
        ["MNT-13"] = TolerantPatient,
        ["MNT-14"] = TolerantPatient,
        ["MNT-15"] = AskedTwice,
        ["LTS-01"] = c => Answer(c, Answers.One("BLADDER", 1, 1)),
        ["LTS-02"] = c => Answer(c, Answers.One("BLADDER", 5, 1)),
        ["LTS-03b"] = c => Watch(c, new WatchForm(WatchKind.LiverTests, AltOrAst: "3.1")),
        ["LTS-04"] = c => Answer(c, Answers.First("COGNITION", 1), Answers.First("COGNITION", 1, 1)),
        ["LTS-05"] = c => Answer(c, Answers.One("MISUSE", 1, 1)),
        ["LTS-07"] = UnreportedEvent,
    };

    public static TheoryData<string> Rules => [.. FindingRule.All.Select(r => r.Id)];

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Every_rule_that_asks_for_somebody_can_be_opened(string rule)
    {
        Assert.True(Openers.TryGetValue(rule, out var open), $"Nothing is named that opens {rule}: say what does.");
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        await open(clinic);
        await using var db = clinic.Db();
        var opened = await db.Findings.AsNoTracking().ToListAsync(TestClinic.Cancel);
        var finding = opened.FirstOrDefault(f => string.Equals(f.RuleId, rule, StringComparison.Ordinal));
        Assert.True(finding is not null, $"{rule} was not opened, but {string.Join(", ", opened.Select(f => f.RuleId))}.");
        Assert.Equal((FindingRule.Get(rule).Owner, true), (finding.Owner, finding.DueAt > finding.OpenedAt));
    }

    [Fact]
    public void Nothing_is_named_that_no_rule_asks_for() => Assert.Empty(Openers.Keys.Except(FindingRule.All.Select(r => r.Id), StringComparer.Ordinal));

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Raised_liver_tests_are_found_with_the_result_at_the_limit_not_below_and_once(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var patient = await clinic.AddPatient();
        Task<int> Count() => clinic.As(clinic.Lead, (db, _) => db.Findings.CountAsync(f => f.RuleId == "LTS-03b", TestClinic.Cancel));
        Task<WatchRecord> Record(WatchForm form) => clinic.As(clinic.Nurse, (db, a) => new LongTermWatch(db, clinic.Time, a).Record(patient.Id, form, TestClinic.Cancel));
        await Record(new WatchForm(WatchKind.LiverTests, AltOrAst: "3", AlpOrGgt: "2")); // at the limits
        await Record(new WatchForm(WatchKind.LiverTests, AltOrAst: "2.9"));
        await Record(new WatchForm(WatchKind.MonitoringQuery));
        Assert.Equal(0, await Count());
        var raised = await Record(new WatchForm(WatchKind.LiverTests, AlpOrGgt: "2.01"));
        Assert.Equal(1, await Count());
        await Record(new WatchForm(WatchKind.LiverTests, AltOrAst: "3.01", AlpOrGgt: "2.01", Replaces: raised.Id)); // the same result, corrected
        Assert.Equal(1, await Count());
        await Record(new WatchForm(WatchKind.LiverTests, AltOrAst: "5"));
        Assert.Equal(2, await Count());
        Assert.Equal(0, await clinic.As(clinic.Lead, (db, _) => db.Findings.CountAsync(f => f.RuleId == "LTS-03b" && f.Owner != ClinicRole.Lead, TestClinic.Cancel)));
    }

    private static async Task Answer(TestClinic clinic, params AssessmentForm[] forms)
    {
        var patient = await clinic.AddPatient();
        foreach (var form in forms)
        {
            await clinic.FollowUps(f => f.Record(patient.Id, form));
            clinic.Time.Advance(TimeSpan.FromDays(30));
        }
    }

    private static async Task Watch(TestClinic clinic, WatchForm form)
    {
        var patient = await clinic.AddPatient();
        await clinic.As(clinic.Nurse, (db, a) => new LongTermWatch(db, clinic.Time, a).Record(patient.Id, form, TestClinic.Cancel));
    }

    private static async Task UnreportedEvent(TestClinic clinic)
    {
        var patient = await clinic.AddPatient();
        var form = new SeriousEventForm(SeriousEventKind.OtherSerious, DayUnknown: true, What: "Stroke.", Done: "Course stopped.", Report: AuthorityReport.NotYet);
        await clinic.As(clinic.Nurse, (db, a) => new SeriousEvents(db, clinic.Time, a).Record(patient.Id, form, TestClinic.Cancel));
    }

    private static async Task AtNightWithNobodyOnCall(TestClinic clinic)
    {
        await clinic.As(clinic.Lead, async (db, lead) =>
        {
            var settings = await new ClinicOffice(db).Settings(TestClinic.Cancel);
            (settings.OpeningHours, settings.OnCallMail) = ("Mon-Fri 08:00-17:00", "");
            return await new ClinicOffice(db).Save(settings, lead, TestClinic.Cancel);
        });
        clinic.Time.SetUtcNow(new DateTimeOffset(2026, 3, 7, 2, 0, 0, TimeSpan.Zero));
        var patient = await clinic.AddPatient();
        await clinic.FollowUps(f => f.Record(patient.Id, Answers.One("ASQ", 1, 1)), new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, patient.Id));
    }

    /// <summary>One infusion of a patient with an account.</summary>
    private static async Task<Patient> InfusedWithAccount(TestClinic clinic)
    {
        var (patient, _, visits) = await clinic.AddCourse();
        var account = new Account { UserName = "birch", DisplayName = "M. Birch" };
        await clinic.As(clinic.Lead, async (db, a) =>
        {
            db.Users.Add(account);
            await db.SaveChangesAsync(TestClinic.Cancel);
            await new PatientRegister(db, clinic.Time, a).LinkAccount(patient.Id, account.Id, TestClinic.Cancel);
            return 0;
        });
        await clinic.Give(visits[0]);
        return patient;
    }

    private static Task<RoundResult> FollowUpRound(TestClinic clinic) => clinic.As(clinic.Lead, (db, _) => new FollowUpRound(db, clinic.Time).Run(TestClinic.Cancel));

    private static Task<int> CourseRound(TestClinic clinic) => clinic.As(clinic.Lead, (db, _) => new CourseRound(db, clinic.Time).Run(TestClinic.Cancel));

    private static async Task Silent(TestClinic clinic, int days)
    {
        await InfusedWithAccount(clinic);
        clinic.Time.Advance(TimeSpan.FromDays(days));
        await FollowUpRound(clinic);
    }

    private static async Task SideEffectsLeftOut(TestClinic clinic)
    {
        var patient = await InfusedWithAccount(clinic);
        clinic.Time.Advance(TimeSpan.FromHours(24));
        await clinic.FollowUps(f => f.Record(patient.Id, Answers.Of("CHECK-IN", 4, 0, null, 0, 0, 0)));
        await FollowUpRound(clinic);
    }

    private static async Task BipolarAndNotRated(TestClinic clinic)
    {
        var patient = await InfusedWithAccount(clinic);
        await clinic.As(clinic.Lead, (db, _) => db.Patients.Where(p => p.Id == patient.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Diagnosis, Diagnosis.BipolarI), TestClinic.Cancel));
        await FollowUpRound(clinic);
    }

    private static async Task AskedTwice(TestClinic clinic)
    {
        var patient = await InfusedWithAccount(clinic);
        var self = new Actor(Guid.CreateVersion7(), "M. Birch", ClinicRole.Patient, patient.Id);
        for (var i = 0; i < 2; i++)
            await clinic.As(self, (db, a) => new LongTermWatch(db, clinic.Time, a).Record(patient.Id, new WatchForm(WatchKind.RequestForMore, Note: "Sooner, please."), TestClinic.Cancel));
        await CourseRound(clinic);
    }

    /// <summary>A course with a PHQ-9 total a day after each infusion, others by day after the last; or MADRS totals before the first and on the days after it.</summary>
    private static async Task Acute(TestClinic clinic, int[] after, (int Day, int Total)[]? later = null, int[]? madrs = null, int wait = 0)
    {
        var (patient, _, visits) = await clinic.AddCourse();
        var last = visits[Math.Max(after.Length, 1) - 1].ScheduledAt;
        Task Rated(int total) => clinic.FollowUps(f => f.Record(patient.Id, new AssessmentForm(Guid.CreateVersion7(), "MADRS", [], Total: total)));
        if (madrs is not null)
        {
            await Rated(madrs[0]);
            await clinic.Give(visits[0]);
            foreach (var total in madrs[1..])
            {
                clinic.Time.Advance(TimeSpan.FromDays(3));
                await Rated(total);
            }
        }
        else
        {
            await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Infused.Total(20)));
        }

        for (var i = 0; i < after.Length; i++)
        {
            await clinic.Give(visits[i]);
            clinic.Time.Advance(TimeSpan.FromHours(23));
            await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Infused.Total(after[i])));
        }

        foreach (var (day, total) in later ?? [])
        {
            clinic.Time.SetUtcNow(last.AddDays(day));
            await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Infused.Total(total)));
        }

        clinic.Time.Advance(TimeSpan.FromDays(wait));
        await CourseRound(clinic);
    }

    private static async Task<(Patient Patient, IReadOnlyList<Visit> Visits)> LongCourse(TestClinic clinic, string days)
    {
        var patient = await clinic.AddPatient();
        await clinic.Admit(patient.Id);
        var course = await clinic.Courses(c => c.Save(patient.Id, new OrderForm { Days = days, Reason = "Maintenance from the start, for the test." }));
        return (patient, await clinic.Visits(v => v.Schedule(course.Id, new TimeOnly(10, 0), "Chair 1")));
    }

    /// <summary>A clinic with tighter limits: more than one infusion a week for more than thirty days.</summary>
    private static async Task MoreThanTheLimit(TestClinic clinic)
    {
        await clinic.ChangeRule("MNT-06", "per_week", 1);
        await clinic.ChangeRule("MNT-06", "days", 30);
        var (_, visits) = await LongCourse(clinic, "0,2,7,9,14,16,21,23,28,30");
        foreach (var visit in visits)
            await clinic.Give(visit);
        clinic.Time.Advance(TimeSpan.FromDays(4));
        await CourseRound(clinic);
    }

    /// <summary>Infusions closer and closer at one dose, each with less and shorter relief: score before and after, and the day by which it was lost.</summary>
    private static async Task TolerantPatient(TestClinic clinic)
    {
        var (patient, visits) = await LongCourse(clinic, "0,21,35,45,52");
        int[] before = [20, 18, 18, 16, 14], after = [6, 6, 6, 8, 10], lostAfterDays = [20, 13, 8, 4, 2];
        for (var i = 0; i < visits.Count; i++)
        {
            if (clinic.Time.GetUtcNow() < visits[i].ScheduledAt.AddHours(-2))
                clinic.Time.SetUtcNow(visits[i].ScheduledAt.AddHours(-2));
            await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Infused.Total(before[i])));
            await clinic.Give(visits[i]);
            foreach (var (days, total) in new[] { (1, after[i]), (lostAfterDays[i], 14) })
            {
                clinic.Time.SetUtcNow(visits[i].ScheduledAt.AddDays(days));
                await clinic.FollowUps(f => f.RecordPhq9(patient.Id, Infused.Total(total)));
            }
        }

        await CourseRound(clinic);
    }
}
