using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Tests.Rules;

/// <summary>A limit takes two people, stays inside the book's range, and shows when it was altered behind the program's back (hazard H15).</summary>
public sealed class RuleChangeTests
{
    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_limit_holds_only_after_another_lead_has_approved_it(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var proposal = await clinic.Rules(r => r.Propose("MON-05", "systolic", 160, "older patients"));
        Assert.Equal((165m, 160m), (proposal.Previous, proposal.Value));
        Assert.Equal(165, await Systolic(clinic));

        await Refused.With("second_person_missing", () => Answer(clinic, proposal.Id, ProposalVerdict.Approved, clinic.Lead));
        await Refused.With("second_person_missing", () => Answer(clinic, proposal.Id, ProposalVerdict.Refused, clinic.Lead));
        await Refused.With("forbidden", () => Answer(clinic, proposal.Id, ProposalVerdict.Approved, clinic.Nurse), RefusalKind.Forbidden);
        await Refused.With("forbidden", () => Answer(clinic, proposal.Id, ProposalVerdict.Withdrawn, clinic.Director), RefusalKind.Forbidden);
        await Refused.With("not_found", () => Answer(clinic, Guid.CreateVersion7(), ProposalVerdict.Approved, clinic.Director));
        Assert.Equal(165, await Systolic(clinic));

        await Answer(clinic, proposal.Id, ProposalVerdict.Approved, clinic.Director);
        Assert.Equal(160, await Systolic(clinic));
        await Refused.With("already_answered", () => Answer(clinic, proposal.Id, ProposalVerdict.Refused, clinic.Director), RefusalKind.Conflict);
        await using var db = clinic.Db();
        var stored = Assert.Single(await db.ChangedThresholds.AsNoTracking().ToListAsync(TestClinic.Cancel));
        Assert.Equal(("Dr. Rowan", "Dr. Alder", ""), (stored.ChangedByName, stored.ApprovedByName, stored.Follows));
        Assert.Equal([AuditKind.RuleChangeProposed, AuditKind.RuleChanged], await db.Audit.Where(a => a.SubjectId == proposal.Id).OrderBy(a => a.Number).Select(a => a.Kind).ToListAsync(TestClinic.Cancel));
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task What_is_refused_or_withdrawn_never_holds(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        foreach (var (verdict, actor) in new[] { (ProposalVerdict.Refused, clinic.Director), (ProposalVerdict.Withdrawn, clinic.Lead) })
        {
            var proposal = await clinic.Rules(r => r.Propose("MON-05", "systolic", 160, "older patients"));
            await Refused.With("proposal_waits", () => clinic.Rules(r => r.Propose("MON-05", "systolic", 170, "another wish"), clinic.Director));
            await Answer(clinic, proposal.Id, verdict, actor);
            await Refused.With("already_answered", () => Answer(clinic, proposal.Id, ProposalVerdict.Approved, clinic.Director), RefusalKind.Conflict);
        }

        Assert.Equal(165, await Systolic(clinic));
        Assert.Equal([ProposalVerdict.Withdrawn, ProposalVerdict.Refused], (await clinic.Rules(r => r.Proposals())).Select(l => l.Answer!.Verdict).Order().Reverse());
        await using var db = clinic.Db();
        Assert.Empty(await db.ChangedThresholds.ToListAsync(TestClinic.Cancel));
    }

    [Fact]
    public async Task Nothing_outside_the_books_range_can_be_proposed_and_a_reason_is_asked()
    {
        await using var clinic = await TestClinic.Open(Store.Sqlite);
        var range = RuleBook.Get("MON-05").Parameters["systolic"];
        await Refused.With("rule_parameter_range", () => clinic.Rules(r => r.Propose("MON-05", "systolic", range.Max + 1, "too much")));
        await Refused.With("rule_parameter_range", () => clinic.Rules(r => r.Propose("MON-05", "systolic", range.Min - 1, "too little")));
        await Refused.With("rule_unknown", () => clinic.Rules(r => r.Propose("MON-99", "systolic", 160, "which?")));
        await Refused.With("required", () => clinic.Rules(r => r.Propose("MON-05", "systolic", range.Max, " ")));
        await Refused.With("threshold_same", () => clinic.Rules(r => r.Propose("MON-05", "systolic", range.Value, "nothing new")));
        Assert.Equal(range.Max, (await clinic.Rules(r => r.Propose("MON-05", "systolic", range.Max, "at the edge"))).Value);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Of_two_who_answer_at_once_one_is_told(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var third = new Actor(Guid.CreateVersion7(), "Dr. Yew", ClinicRole.Lead);
        var proposal = await clinic.Rules(r => r.Propose("MON-05", "systolic", 160, "older patients"));
        var answers = await Task.WhenAll(new[] { clinic.Director, third, clinic.Director, third }.Select(async who =>
        {
            try
            {
                await Answer(clinic, proposal.Id, ProposalVerdict.Approved, who);
                return true;
            }
            catch (ClinicRuleException refusal) when (refusal.Kind == RefusalKind.Conflict)
            {
                return false;
            }
        }));
        Assert.Single(answers, a => a);
        await using var db = clinic.Db();
        Assert.Single(await db.ChangedThresholds.ToListAsync(TestClinic.Cancel));
        Assert.Null((await RuleHistory.Read(db, TestClinic.Cancel)).FirstBroken);
    }

    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task A_row_changed_or_taken_out_in_the_database_is_found_and_the_last_good_version_holds(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        await clinic.ChangeRule("MON-05", "systolic", 160);
        await clinic.ChangeRule("MON-05", "systolic", 170);
        await clinic.ChangeRule("MON-01", "interval_infusing", 5);
        await using var db = clinic.Db();
        Assert.Null((await RuleHistory.Read(db, TestClinic.Cancel)).FirstBroken);
        await Unguard(db, store);

        await db.ChangedThresholds.Where(c => c.Value == 170).ExecuteUpdateAsync(c => c.SetProperty(x => x.Value, 175m), TestClinic.Cancel);
        var history = await RuleHistory.Read(db, TestClinic.Cancel);
        Assert.Equal(2, history.FirstBroken?.Number);
        Assert.Equal(160, history.Now.Value(RuleBook.Get("MON-05"), "systolic"));
        Assert.Equal(10, history.Now.Value(RuleBook.Get("MON-01"), "interval_infusing")); // came after the altered one

        var proposal = await clinic.Rules(r => r.Propose("MON-04a", "grace", 3, "goes on"));
        await Refused.With("rules_altered", () => Answer(clinic, proposal.Id, ProposalVerdict.Approved, clinic.Director));

        await db.ChangedThresholds.Where(c => c.Number == 1).ExecuteDeleteAsync(TestClinic.Cancel);
        Assert.Equal(0, (await RuleHistory.Read(db, TestClinic.Cancel)).Now.Version);
    }

    private static Task<bool> Answer(TestClinic clinic, Guid proposal, ProposalVerdict verdict, Actor actor) => clinic.Rules(async r =>
    {
        await r.Answer(proposal, verdict, TestClinic.Cancel);
        return true;
    }, actor);

    private static Task<decimal> Systolic(TestClinic clinic) => clinic.As(clinic.Lead, async (db, _) => (await ClinicRules.Settings(db)).Value(RuleBook.Get("MON-05"), "systolic"));

    // What somebody with the database's own password can do.
    private static Task<int> Unguard(ClinicDb db, Store store) => db.Database.ExecuteSqlRawAsync(store == Store.Sqlite
        ? "DROP TRIGGER \"ChangedThresholds_refuse_UPDATE\"; DROP TRIGGER \"ChangedThresholds_refuse_DELETE\";"
        : "DROP TRIGGER \"ChangedThresholds_append_only\" ON \"ChangedThresholds\"", TestClinic.Cancel);
}
