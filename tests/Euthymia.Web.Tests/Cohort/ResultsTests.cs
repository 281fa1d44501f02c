using System.IO.Compression;
using System.Net;
using Euthymia.Clinic;
using Euthymia.Web.Pages.Cohort;
using Euthymia.Web.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Euthymia.Web.Tests.Cohort;

/// <summary>The lead's results, the research export and its consent, without a browser's script.</summary>
public sealed class ResultsTests(HistorySite site, RolesSite empty) : IClassFixture<HistorySite>, IClassFixture<RolesSite>
{
    [Fact]
    public async Task A_clinic_without_courses_says_so()
    {
        using var lead = await empty.VisitAs(empty.Lead);
        Assert.Contains("No patient had a first infusion at any time", (await lead.Get("/clinic/results")).Words, StringComparison.Ordinal);
        Assert.Contains("There is nothing to export yet", (await lead.Get("/clinic/results/export")).Words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?period=2025&by=Sex")]
    [InlineData("?period=&diagnosis=&regimen=&by=")]
    [InlineData("?period=%00&diagnosis=999&regimen=%27;drop&by=Nonsense")]
    public async Task Every_figure_has_a_sentence_a_picture_and_a_table(string query)
    {
        using var lead = await site.VisitAs(site.Lead);
        var page = await lead.Get($"/clinic/results{query}");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        foreach (var section in (string[])["Response", "Remission", "Relapse-free time", "Side effects", "Missed check-ins", "Who responds"])
            Assert.Contains($">{section}</h2>", page.Text, StringComparison.Ordinal);
        Assert.Equal(6, page.Text.Split("<figure").Length - 1);
        Assert.Equal(6, page.Text.Split("The same as a table").Length - 1);
        Assert.Contains("Murrough JW", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("Zelkova", page.Words, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Few_patients_are_hidden_and_the_page_says_why()
    {
        using var lead = await site.VisitAs(site.Lead);
        var page = await lead.Get("/clinic/results?period=3m&diagnosis=BipolarI");
        Assert.Matches("Fewer than 11 patients had a first infusion|No patient had a first infusion", page.Words);
        Assert.DoesNotContain("<figure", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_a_lead_reaches_the_export_and_only_its_maker_fetches_it()
    {
        using var nurse = await site.VisitAs(site.Nurse);
        using var lead = await site.VisitAs(site.Lead);
        using var other = await site.VisitAs(site.OtherLead);
        var shelf = site.Services.GetRequiredService<ExportShelf>();
        var id = shelf.Put(site.Lead.Id, [1, 2, 3], "x.zip");

        var refused = await nurse.Get($"/clinic/results/export/{id}");
        Assert.True(refused.Status is HttpStatusCode.Forbidden || refused.LeadsTo?.StartsWith("/status/403", StringComparison.Ordinal) == true);
        Assert.Equal(HttpStatusCode.NotFound, (await other.Get($"/clinic/results/export/{id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await lead.Get($"/clinic/results/export/{Guid.NewGuid()}")).Status);
        var fetched = await lead.Get($"/clinic/results/export/{id}");
        Assert.Equal(HttpStatusCode.OK, fetched.Status);
        Assert.Equal("application/zip", fetched.Answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("no-store", fetched.Answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await lead.Post("/clinic/results/export/file", ("format", "Csv"))).Status); // no token of a page of ours
    }

    [Theory]
    [InlineData("Csv", ".csv")]
    [InlineData("Parquet", ".parquet")]
    public async Task Without_script_the_file_comes_at_once_and_every_patient_in_it_is_audited(string format, string ending)
    {
        using var lead = await site.VisitAs(site.Lead);
        var before = (await site.Audited(AuditKind.ResearchExported)).Count;
        var page = await lead.Send("/clinic/results/export", "/clinic/results/export/file", ("format", format));

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Equal(ExportEndpoints.NameOf(Enum.Parse<Interop.Research.ResearchFormat>(format)), page.Answer.Content.Headers.ContentDisposition!.FileName);
        await using var zip = new ZipArchive(await page.Answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        Assert.Equal(6, zip.Entries.Count(e => e.Name.EndsWith(ending, StringComparison.Ordinal)));
        Assert.InRange((await site.Audited(AuditKind.ResearchExported)).Count - before, 80, 130);
    }

    [Fact]
    public async Task A_consent_is_recorded_refused_at_its_field_and_withdrawn()
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient("RESEARCH-1"));
        var path = $"/patients/{patient.Id}/research";
        using var nurse = await site.VisitAs(site.Nurse);
        Assert.Contains("No consent is recorded", (await nurse.Get(path)).Words, StringComparison.Ordinal);
        foreach (var wrong in (string[])["2999-01-01", "yesterday", "1990-01-01"])
            Assert.Contains("id=\"givenOn-problem\"", (await nurse.Send(path, "consent", ("Input.GivenOn", wrong))).Text, StringComparison.Ordinal);
        Assert.Contains("No consent is recorded", (await nurse.Get(path)).Words, StringComparison.Ordinal);

        Assert.Equal(path, (await nurse.Send(path, "consent", ("Input.GivenOn", "2026-01-05"))).LeadsTo);
        Assert.Contains("on 5 Jan 2026, recorded by Test nurse", (await nurse.Get(path)).Words, StringComparison.Ordinal);
        Assert.Equal(path, (await nurse.Send(path, "withdraw")).LeadsTo);
        Assert.Contains("Withdrawn on", (await nurse.Get(path)).Words, StringComparison.Ordinal);
    }
}
