using System.Diagnostics;
using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Demo;
using Euthymia.Clinic.Storage;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests;

public sealed class DemoClinicTests(ITestOutputHelper output)
{
    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_real_clinic_takes_no_demo_patients(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        await clinic.AddPatient();
        await using var db = clinic.Db();
        db.Users.Add(new Account { UserName = "rowan", DisplayName = clinic.Lead.Name });
        await db.SaveChangesAsync(TestClinic.Cancel);
        await new DemoClinic(db, clinic.Time, new PasswordHasher<Account>()).Fill(TestClinic.Cancel);
        Assert.Equal(1, await db.Patients.CountAsync(TestClinic.Cancel));
        Assert.Equal(1, await db.Users.CountAsync(TestClinic.Cancel));
        Assert.False((await new ClinicOffice(db).Settings(TestClinic.Cancel)).IsDemo);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task The_demo_shows_every_stage_and_is_filled_once(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 2; i++)
        {
            await using var db = clinic.Db();
            await new DemoClinic(db, clinic.Time, new PasswordHasher<Account>()).Fill(TestClinic.Cancel);
        }

        output.WriteLine($"Filled in {watch.ElapsedMilliseconds} ms.");
        await using var filled = clinic.Db();
        Assert.Equal(24, await filled.Patients.CountAsync(TestClinic.Cancel));
        Assert.Equal(4, await filled.Users.CountAsync(TestClinic.Cancel));
        Assert.Equal(["PRE-11"], await filled.ChangedThresholds.Select(c => c.RuleId).ToListAsync(TestClinic.Cancel)); // changed by two people
        Assert.Equal(["MON-01"], await filled.ProposedThresholds.Where(p => !filled.ProposalAnswers.Any(a => a.ProposalId == p.Id)).Select(p => p.RuleId).ToListAsync(TestClinic.Cancel)); // waits for the second
        Assert.Single(await filled.Findings.Where(f => f.ClosedAt == null && EF.Functions.Like(f.RuleId, "SUI-%")).ToListAsync(TestClinic.Cancel));
        Assert.Single(await filled.Findings.Where(f => f.ClosedAt != null && f.Priority == null).ToListAsync(TestClinic.Cancel)); // the chair's alarms are all taken on

        var today = (await clinic.Visits(v => v.Today())).SelectMany(c => c.Visits).ToList();
        Assert.Single(today, v => v.State.Phase == VisitPhase.Running);
        Assert.Single(today, v => v.State.Phase == VisitPhase.Recovery);
        Assert.Equal(3, today.Count(v => v.State.Phase == VisitPhase.Scheduled));
        foreach (var visit in await filled.Visits.Include(v => v.Events).ToListAsync(TestClinic.Cancel))
            Assert.Null(VisitSeal.FirstBroken(visit.Events));

        Assert.Contains(await filled.Decisions.ToListAsync(TestClinic.Cancel), d => d.Kind == DecisionKind.Maintain && d.BasisShown.Contains("every 14 days", StringComparison.Ordinal));
        Assert.NotEmpty(await filled.CareReports.ToListAsync(TestClinic.Cancel));
        var waiting = await clinic.Eligibility(e => e.Waiting());
        Assert.Equal(5, waiting.Count);
        Assert.All(Enum.GetValues<Euthymia.Clinic.Rules.EligibilityVerdict>(), verdict => Assert.Contains(waiting, w => w.Sheet.Verdict == verdict));

        var elm = await filled.Patients.SingleAsync(p => p.FamilyName == "Elm", TestClinic.Cancel);
        var course = await filled.Courses.SingleAsync(c => c.PatientId == elm.Id, TestClinic.Cancel);
        var self = new Actor(Guid.CreateVersion7(), "H. Elm", ClinicRole.Patient, elm.Id);
        var picture = await clinic.FollowUps(f => f.Picture(course.Id), self);
        Assert.Equal(6, picture.Infusions.Count);
        Assert.Contains(picture.Scores, s => s.IsResponse == true);
        Assert.All(await filled.Patients.ToListAsync(TestClinic.Cancel), p => Assert.StartsWith("DEMO-", p.ClinicNumber, StringComparison.Ordinal));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task The_demos_history_gives_the_results_something_to_show_and_is_added_once(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        await using (var db = clinic.Db())
            await new DemoClinic(db, clinic.Time, new PasswordHasher<Account>()).Fill(TestClinic.Cancel);
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 2; i++)
        {
            await using var db = clinic.Db();
            await new DemoClinic(db, clinic.Time, new PasswordHasher<Account>()).FillHistory(TestClinic.Cancel);
        }

        output.WriteLine($"History added in {watch.ElapsedMilliseconds} ms.");
        watch.Restart();
        var results = await clinic.As(clinic.Lead, (db, lead) => new ClinicResults(db, clinic.Time, lead).Of(new CohortFilter(), CohortFactor.Sex));
        output.WriteLine($"Counted in {watch.ElapsedMilliseconds} ms: {results.Patients} patients, response {results.Response.Of}, remission {results.Remission.Of}, median relapse {string.Join('/', results.Relapse.Groups.Select(g => g.Curve?.Median))}.");

        await using var filled = clinic.Db();
        var read = await filled.Audit.SingleAsync(a => a.Kind == AuditKind.ResultsRead, TestClinic.Cancel);
        Assert.Equal((clinic.Lead.AccountId, null), (read.AccountId, read.PatientId)); // who looked; nothing of one patient was shown
        Assert.Equal(24 + DemoHistory.Patients, await filled.Patients.CountAsync(TestClinic.Cancel));
        Assert.Equal(0, await filled.Findings.CountAsync(f => f.ClosedAt == null && f.Priority != null, TestClinic.Cancel));
        foreach (var visit in await filled.Visits.Include(v => v.Events).ToListAsync(TestClinic.Cancel))
            Assert.Null(VisitSeal.FirstBroken(visit.Events));
        Assert.InRange(results.Patients, DemoHistory.Patients, DemoHistory.Patients + 20);
        Assert.True(results.Response.Of.IsShown && results.Remission.Of.IsShown);
        Assert.True(results.Relapse.Groups.Count(g => g.Curve is not null) == 2 && results.Relapse.Test is not null);
        Assert.NotNull(results.CheckIns[0].Missed);
        Assert.True(results.Benefit.Count >= 4);
        Assert.True((await clinic.Exports(e => e.Outlook())).IsPossible);
    }
}
