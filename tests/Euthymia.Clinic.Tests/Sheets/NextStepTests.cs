namespace Euthymia.Clinic.Tests.Sheets;

/// <summary>Where the list of the day sends a visit on.</summary>
public sealed class NextStepTests
{
    [Theory, ClassData(typeof(OnEveryDatabase))]
    public async Task Each_visit_of_the_day_is_sent_to_the_sheet_that_it_waits_for(Store store)
    {
        await using var clinic = await TestClinic.Open(store);
        var (patient, _, visits) = await clinic.AddCourse();
        var visit = visits[0].Id;
        async Task<NextStep> Next() => (await clinic.Visits(async v => await v.NextSteps(await v.Today())))[visit];

        var first = await Next();
        Assert.Equal(VisitSheet.Before, first.Sheet);
        Assert.EndsWith(" not assessed", first.Words, StringComparison.Ordinal);
        await clinic.Append(visit, new CheckedBefore(GoNoGoAnswers.AllWell(clinic.Time.GetUtcNow()) with { AgreesToday = false }));
        Assert.Matches(@"^\d+ stops?, \d+ not assessed$", (await Next()).Words);

        await clinic.Append(visit, new CheckedBefore(GoNoGoAnswers.AllWell(clinic.Time.GetUtcNow())));
        await clinic.FollowUps(f => f.RecordPhq9(patient.Id, new Phq9Form(Guid.CreateVersion7(), [2, 2, 2, 2, 2, 2, 2, 2, 0])));
        await clinic.Append(visit, new Observed(PreparedVisit.Rest));
        await clinic.Append(visit, new Weighed(61));
        Assert.Equal(new NextStep(VisitSheet.Drug, "prepare"), await Next());
        await clinic.Append(visit, PreparedVisit.Vial(DateOnly.FromDateTime(clinic.Time.GetUtcNow().UtcDateTime)));
        Assert.Equal(new NextStep(VisitSheet.Drug, "first check"), await Next());
        await clinic.Append(visit, PreparedVisit.Pump);
        Assert.Equal(new NextStep(VisitSheet.Drug, "second check"), await Next());
        await clinic.ByLead(visit, PreparedVisit.Pump);
        Assert.Equal(new NextStep(VisitSheet.Drug, "start"), await Next());

        await clinic.Start(visit);
        Assert.Equal(new NextStep(VisitSheet.Chair, ""), await Next());
        clinic.Time.Advance(TimeSpan.FromMinutes(41));
        Assert.Equal(VisitSheet.After, (await Next()).Sheet);
        Assert.EndsWith(" unmet", (await Next()).Words, StringComparison.Ordinal);
        await clinic.Recover(visit);
        Assert.Equal(new NextStep(VisitSheet.After, "ledger open"), await Next());
        await clinic.CloseLedger(visit);
        Assert.Equal(new NextStep(VisitSheet.After, "complete the visit"), await Next());
        await clinic.Append(visit, new VisitCompleted());
        Assert.Equal(new NextStep(VisitSheet.After, "sign"), await Next());
        await clinic.Append(visit, new SignedOff(SignatureMeaning.Recorded));
        Assert.Equal(new NextStep(VisitSheet.Papers, ""), await Next());
    }
}
