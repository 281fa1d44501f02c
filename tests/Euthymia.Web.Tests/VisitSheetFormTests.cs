using System.Net;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Tests.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Euthymia.Web.Tests;

/// <summary>Each form of the sheets with bad input, without script: refused in words at its field, nothing stored.</summary>
public sealed class VisitSheetFormTests(TimedSite site) : IClassFixture<TimedSite>
{
    private Task<T> Db<T>(Func<ClinicDb, Task<T>> work) => site.With(services => work(services.GetRequiredService<ClinicDb>()));

    private Task<int> Events(Guid visit) => Db(db => db.VisitEvents.CountAsync(e => e.VisitId == visit));

    public static TheoryData<string, string, string, string> BeforeForms() => new()
    {
        { "weigh", "Weight.Kilograms", "", "Enter a number." },
        { "weigh", "Weight.Kilograms", "5.", "Write a digit after the point" },
        { "weigh", "Weight.Kilograms", "1e2", "Use only the digits" },
        { "weigh", "Weight.Kilograms", "7", "not a plausible weight" },
        { "reading", "Reading.Systolic", "999", "not possible here" },
        { "reading", "Reading.Systolic", "120.5", "Use a whole number." },
        { "reading", "Reading.Nausea", "11", "not possible here" },
        { "reading", "Reading.Systolic", "", "Record at least one value." },
        { "answers", "Input.Name", "maybe", "Answer at least one question." },
        { "answers", "Input.Alcohol", "7", "Answer at least one question." },
        { "answers", "Input.LastSolids", "yesterday", "Enter a date and a time" },
        { "answers", "Input.EscortName", "a\u0007b", "invisible control character" },
        { "answers", "Input.AnyChange", "yes", "This is needed." },
    };

    [Theory, MemberData(nameof(BeforeForms))]
    public async Task The_go_no_go_sheet_refuses_what_it_cannot_read(string form, string field, string typed, string words)
    {
        var visit = await site.AddVisit($"B-{form}-{field}-{typed.Length}{typed.GetHashCode(StringComparison.Ordinal):x}");
        using var nurse = await site.VisitAs(site.Nurse);
        var page = await nurse.Send($"/visits/{visit.Id}/before", form, (field, typed));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains(words, page.Words, StringComparison.Ordinal);
        Assert.Equal(0, await Events(visit.Id));
    }

    [Fact]
    public async Task The_drug_sheet_refuses_what_it_cannot_read_and_the_start_what_does_not_fit()
    {
        var visit = await site.AddVisit("D-1");
        await Db(async db =>
        {
            await PreparedVisit.Fill(db, site.Clock, site.NurseActor, site.LeadActor, visit);
            return true;
        });
        var before = await Events(visit.Id);
        using var nurse = await site.VisitAs(site.Nurse);
        var address = $"/visits/{visit.Id}/drug";
        (string, string)[] vial = [("Vial.Vial", "V"), ("Vial.Lot", "L"), ("Vial.Expiry", "2099-01-01"), ("Vial.Strength", "50"), ("Vial.Volume", "10"), ("Vial.Drawn", "0.7"), ("Vial.Total", "35"), ("Vial.Base", "yes"), ("Vial.Barbiturate", "no")];
        (string Field, string Typed, string Words)[] wrong =
        [
            ("Vial.Expiry", "soon", "last day of use"), ("Vial.Expiry", "2020-01-01", "expired"), ("Vial.Lot", "", "This is needed."), ("Vial.Base", "perhaps", "Look at the label"), ("Vial.Barbiturate", "", "Look at the line"),
            ("Vial.Drawn", "0,7", "no comma"), ("Vial.Drawn", "0.07", "the dose is 35"), ("Vial.Total", "350", "Fill up to that"), ("Vial.Strength", "100", "The order is for a vial of"), ("Vial.Lot", new string('x', 41), "at most 40 characters"),
        ];
        foreach (var (field, typed, words) in wrong)
        {
            var page = await nurse.Send(address, "prepare", [.. vial.Where(v => !string.Equals(v.Item1, field, StringComparison.Ordinal)), (field, typed)]);
            Assert.Contains(words, page.Words.Replace('\u202f', ' ').Replace('\u00a0', ' '), StringComparison.Ordinal);
        }

        (string, string)[] pump = [("Pump.Weight", "70"), ("Pump.Concentration", "1"), ("Pump.Rate", "52.5"), ("Pump.Volume", "35")];
        foreach (var field in pump.Select(p => p.Item1))
            Assert.Contains("Use only the digits", (await nurse.Send(address, "pump", [.. pump.Where(p => !string.Equals(p.Item1, field, StringComparison.Ordinal)), (field, "٥")])).Words, StringComparison.Ordinal);
        foreach (var (typed, words) in new[] { ("", "Enter a number."), ("525", "The order works out to"), ("5.25", "The order works out to"), ("+52.5", "Use only the digits") })
            Assert.Contains(words, (await nurse.Send(address, "start-infusion", ("StartRate", typed))).Words, StringComparison.Ordinal);
        foreach (var (form, field) in new[] { ("waste", "Amount.Milligrams"), ("return", "Back.Milligrams") })
            Assert.Contains("This is needed.", (await nurse.Send(address, form, (field, "1"))).Words, StringComparison.Ordinal);
        Assert.Contains("are left to account for", (await nurse.Send(address, "waste", ("Amount.Milligrams", "501"), ("Amount.How", "bottle"))).Words, StringComparison.Ordinal);
        Assert.Equal(before, await Events(visit.Id));
    }

    [Fact]
    public async Task The_discharge_sheet_refuses_what_is_incomplete()
    {
        var visit = await site.AddVisit("A-1");
        await Db(async db =>
        {
            await PreparedVisit.Fill(db, site.Clock, site.NurseActor, site.LeadActor, visit);
            await PreparedVisit.Start(db, site.Clock, site.NurseActor, visit);
            return true;
        });
        site.Clock.Advance(TimeSpan.FromMinutes(41));
        var before = await Events(visit.Id);
        using var nurse = await site.VisitAs(site.Nurse);
        var address = $"/visits/{visit.Id}/after";
        (string Form, (string, string)[] Fields, string Words)[] wrong =
        [
            ("aldrete", [("Score[activity]", "2")], "Choose 0, 1 or 2."), ("aldrete", [("Score[activity]", "3")], "Choose 0, 1 or 2."), ("pads", [("Score[pain]", "x")], "Choose 0, 1 or 2."),
            ("leaving", [("Answer[oriented]", "perhaps")], "Answer at least one question."), ("let-go", [("Reason", " ")], "Say why."), ("let-go", [("Reason", "ok"), ("Unmet", "DIS-03")], "have changed since you looked"),
            ("complete", [], "Recovery score: not assessed."), ("reading", [("Reading.Diastolic", "120"), ("Reading.Systolic", "80")], "must be below the systolic"),
        ];
        foreach (var (form, fields, words) in wrong)
            Assert.Contains(words, (await nurse.Send(address, form, fields)).Words, StringComparison.Ordinal);
        Assert.Equal(before, await Events(visit.Id));
    }

    [Fact]
    public async Task A_correction_needs_a_reason_keeps_the_grammar_and_shows_both()
    {
        var visit = await site.AddVisit("C-1");
        var noted = await Db(db => new VisitLog(db, site.Clock, site.NurseActor).Append(visit.Id, Guid.CreateVersion7(), new Observed(new Readings(210, 80))));
        using var nurse = await site.VisitAs(site.Nurse);
        var address = $"/visits/{visit.Id}/log/{noted.Event.Id}";
        (string, string)[] right = [("Value[readings.systolic]", "120"), ("Value[readings.diastolic]", "80"), ("Reason", "typed 210 for 120"), ("Act", "correct"), ("ObservedAt", site.Clock.GetUtcNow().ToString("yyyy-MM-ddTHH:mm", System.Globalization.CultureInfo.InvariantCulture))];
        foreach (var (field, typed, words) in new[] { ("Value[readings.systolic]", "1,2", "no comma"), ("Value[readings.systolic]", "500", "not possible here"), ("Reason", "", "This is needed."), ("ObservedAt", "later", "Enter a date and a time") })
            Assert.Contains(words, (await nurse.Send(address, "correct", [.. right.Where(r => !string.Equals(r.Item1, field, StringComparison.Ordinal)), (field, typed)])).Words, StringComparison.Ordinal);
        Assert.Equal(1, await Events(visit.Id));
        Assert.Equal($"/visits/{visit.Id}/log", (await nurse.Send(address, "correct", right)).LeadsTo);
        var log = (await nurse.Get($"/visits/{visit.Id}/log")).Words;
        Assert.Contains("BP 120/80", log, StringComparison.Ordinal);
        Assert.Contains("BP 210/80", log, StringComparison.Ordinal);
        Assert.Contains("typed 210 for 120", log, StringComparison.Ordinal);
        await nurse.Send(address, "correct", ("Act", "withdraw"), ("Reason", "<b>other patient</b>"));
        var withdrawn = await nurse.Get($"/visits/{visit.Id}/log");
        Assert.Contains("(withdrawn)", withdrawn.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>other", withdrawn.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await nurse.Get($"/visits/{visit.Id}/log/{Guid.CreateVersion7()}")).Status);
    }

    [Fact]
    public async Task A_reading_is_doubted_in_the_log_and_shown_with_the_flag_until_that_is_withdrawn()
    {
        var visit = await site.AddVisit("Q-1");
        var reading = await Db(db => new VisitLog(db, site.Clock, site.NurseActor).Append(visit.Id, Guid.CreateVersion7(), new Observed(new Readings(210, 80, HeartRate: 71))));
        var note = await Db(db => new VisitLog(db, site.Clock, site.NurseActor).Append(visit.Id, Guid.CreateVersion7(), new Noted("x")));
        using var nurse = await site.VisitAs(site.Nurse);
        var address = $"/visits/{visit.Id}/log/{reading.Event.Id}/doubt";
        (string, string)[] right = [("Part", "Pressure"), ("Cause", "Other"), ("Words", "wrong arm")];
        foreach (var (field, typed, words) in new[] { ("Part", "", "Choose the value"), ("Part", "Nausea", "not measured in that reading"), ("Cause", "", "Choose why"), ("Words", " ", "Say in words"), ("Words", new string('x', 10 * 1024 * 1024), "Use at most 200 characters") })
        {
            var refused = await nurse.Send(address, "doubt", [.. right.Where(r => !string.Equals(r.Item1, field, StringComparison.Ordinal)), (field, typed)]);
            Assert.Contains(words, refused.Words, StringComparison.Ordinal);
            Assert.InRange(refused.Text.Length, 0, 200_000);
        }

        Assert.Equal(2, await Events(visit.Id));
        Assert.Equal($"/visits/{visit.Id}/log", (await nurse.Send(address, "doubt", right)).LeadsTo);
        var log = (await nurse.Get($"/visits/{visit.Id}/log")).Words;
        Assert.Contains("BP 210/80", log, StringComparison.Ordinal); // as recorded
        Assert.Contains("BP: wrong arm. Kept as recorded, counted for nothing.", log, StringComparison.Ordinal);
        Assert.Contains("210/80 (? doubted)", (await nurse.Get($"/visits/{visit.Id}/papers")).Words, StringComparison.Ordinal);
        var flag = (await Db(db => new VisitLog(db, site.Clock, site.NurseActor).State(visit.Id))).Visit.Events.Single(e => e.Entry is ReadingDoubted);
        await nurse.Send($"/visits/{visit.Id}/log/{flag.Id}", "correct", ("Act", "withdraw"), ("Reason", "it was right"));
        Assert.DoesNotContain("Kept as recorded", (await nurse.Get($"/visits/{visit.Id}/log")).Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await nurse.Get($"/visits/{visit.Id}/log/{note.Event.Id}/doubt")).Status);
    }

    [Fact]
    public async Task A_form_sent_twice_is_stored_once()
    {
        var visit = await site.AddVisit("T-1");
        using var nurse = await site.VisitAs(site.Nurse);
        var id = Guid.CreateVersion7().ToString();
        for (var i = 0; i < 2; i++)
            Assert.NotNull((await nurse.Send($"/visits/{visit.Id}/before", "weigh", ("Weight.Kilograms", "70"), ("EventId", id))).LeadsTo);
        Assert.Equal(1, await Events(visit.Id));
        Assert.Contains("has no id of its own", (await nurse.Send($"/visits/{visit.Id}/before", "weigh", ("Weight.Kilograms", "70"), ("EventId", "x"))).Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_are_signed_by_a_lead_and_a_cap_is_a_number()
    {
        using var lead = await site.VisitAs(site.Lead);
        Assert.Contains("Choose at least one rule.", (await lead.Send("/clinic/rules", "sign-rules", ("Input.Act", "sign"))).Words, StringComparison.Ordinal);
        Assert.Contains("waits for a signature", (await lead.Send("/clinic/rules", "sign-rules", ("Input.Act", "withdraw"), ("Input.Rules", "NOPE"))).Words, StringComparison.Ordinal);
        Assert.Equal("/clinic/rules", (await lead.Send("/clinic/rules", "sign-rules", ("Input.Act", "withdraw"), ("Input.Rules", "PRE-15"))).LeadsTo);
        Assert.Contains("Not signed: informs only", (await lead.Get("/clinic/rules")).Words, StringComparison.Ordinal);
        Assert.Equal("/clinic/rules", (await lead.Send("/clinic/rules", "sign-rules", ("Input.Act", "sign-all"))).LeadsTo);
        Assert.DoesNotContain("Not signed: informs only", (await lead.Get("/clinic/rules")).Words, StringComparison.Ordinal);
        Assert.Contains("Write a zero before the point", (await lead.Send("/clinic", "settings", ("Settings.Name", "Test clinic"), ("Settings.TimeZone", "Etc/UTC"), ("Settings.Chairs", "Chair 1"), ("Settings.DoseCap", ".5"))).Words, StringComparison.Ordinal);
        Assert.Contains("above 0 and up to 1000 mg", (await lead.Send("/clinic", "settings", ("Settings.Name", "Test clinic"), ("Settings.TimeZone", "Etc/UTC"), ("Settings.Chairs", "Chair 1"), ("Settings.DoseCap", "1001"))).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("7")]
    public async Task A_paper_that_does_not_exist_is_not_found(string kind)
    {
        var visit = await site.AddVisit($"P-{kind}");
        using var nurse = await site.VisitAs(site.Nurse);
        Assert.Equal(HttpStatusCode.NotFound, (await nurse.Get($"/visits/{visit.Id}/papers/{kind}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await nurse.Get($"/visits/{visit.Id}/papers/{kind}/pdf")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await nurse.Get($"/visits/{Guid.CreateVersion7()}/papers/note/pdf")).Status);
        Assert.Equal(HttpStatusCode.OK, (await nurse.Get($"/visits/{visit.Id}/papers/note/pdf")).Status);
    }
}
