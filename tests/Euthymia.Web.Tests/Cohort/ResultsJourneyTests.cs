using System.IO.Compression;
using Euthymia.Clinic;
using Euthymia.Web.Tests.Hosting;
using Microsoft.Playwright;
using UglyToad.PdfPig;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests.Cohort;

/// <summary>The lead's monthly results and a patient's story, in a browser.</summary>
public sealed class ResultsJourneyTests(HistorySite site, Chromium chromium) : IClassFixture<HistorySite>
{
    [Fact]
    public async Task The_leads_monthly_results()
    {
        var page = await chromium.Open(site, await site.SessionOf(site.Lead));
        await page.GotoAsync("/clinic");
        await page.GetByRole(AriaRole.Link, new() { Name = "Results", Exact = true }).ClickAsync();
        await Expect(page.GetByText("patients with a first infusion at any time")).ToBeVisibleAsync();
        await page.ShouldBeAccessible();
        await page.ShouldFitTheWindow();
        await page.Picture("results-desktop");

        await page.GetByLabel("First infusion").SelectOptionAsync("12m");
        await page.GetByLabel("Compare relapse by").SelectOptionAsync(nameof(CohortFactor.Sex));
        await page.GetByRole(AriaRole.Button, new() { Name = "Show", Exact = true }).ClickAsync();
        await Expect(page.GetByText("patients with a first infusion in the last 12 months")).ToBeVisibleAsync();
        Assert.Equal("?period=12m&diagnosis=&regimen=&by=Sex", new Uri(page.Url).Query);
        await Expect(page.GetByRole(AriaRole.Img, new() { Name = "Free of relapse after the last infusion" }).First).ToContainTextAsync("Female");
        await page.Locator("section[aria-labelledby=relapse] summary").ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "Female 0 " }).First).ToContainTextAsync("100 %");
        await page.ShouldBeAccessible();

        // A screen reader meets the parts in this order, each heading before its picture and the picture before its table.
        await Expect(page.GetByRole(AriaRole.Main)).ToMatchAriaSnapshotAsync("""
            - main:
              - heading "Results" [level=1]
              - form "What is counted"
              - region "Response":
                - heading "Response" [level=2]
                - figure:
                  - img "Response at the end of the course"
                  - group
              - region "Remission":
                - heading "Remission" [level=2]
                - figure:
                  - img "Remission at the end of the course"
                  - group
              - region "Relapse-free time":
                - heading "Relapse-free time" [level=2]
                - figure:
                  - img "Free of relapse after the last infusion"
                  - group
              - region "Side effects":
                - heading "Side effects" [level=2]
                - figure:
                  - img "Patients with a side effect at the chair"
                  - group
              - region "Missed check-ins":
                - heading "Missed check-ins" [level=2]
                - figure:
                  - img "Check-ins missed"
                  - group
              - region "Who responds":
                - heading "Who responds" [level=2]
                - figure:
                  - img "Response by group, drawn toward the whole"
                  - group
              - region "How this is counted":
                - heading "How this is counted" [level=2]
            """);
        await page.SetViewportSizeAsync(Chromium.Phone.Width, Chromium.Phone.Height);
        await page.ShouldFitTheWindow();
        await page.ShouldBeAccessible();
        await page.Picture("results-phone");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_research_export_shows_how_far_it_is_and_is_downloaded()
    {
        var page = await chromium.Open(site, await site.SessionOf(site.Lead));
        await page.GotoAsync("/clinic/results/export");
        await page.ShouldBeAccessible();
        await page.GetByLabel("CSV, for a spreadsheet").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the export" }).ClickAsync();
        await Expect(page.GetByText("Ready:")).ToBeVisibleAsync();
        await page.ShouldBeAccessible();
        var download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Link, new() { Name = "Download" }).ClickAsync());
        Assert.Equal("research-export-csv.zip", download.SuggestedFilename);
        await using var file = await download.CreateReadStreamAsync();
        using var copy = new MemoryStream();
        await file.CopyToAsync(copy, TestContext.Current.CancellationToken);
        await using var zip = new ZipArchive(copy);
        foreach (var entry in zip.Entries)
        {
            using var reader = new StreamReader(await entry.OpenAsync(TestContext.Current.CancellationToken));
            Assert.DoesNotContain("Zelkova", await reader.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.OrdinalIgnoreCase);
        }

        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_patients_story_is_read_and_saved_for_the_referring_doctor()
    {
        var page = await chromium.Open(site, await site.SessionOf(site.Nurse));
        await page.GotoAsync($"/patients/{site.Patient.Id}");
        await page.GetByRole(AriaRole.Link, new() { Name = "Story" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync($"Story of {site.Patient.FullName}");
        await page.ShouldBeAccessible();
        await page.ShouldFitTheWindow();
        await Expect(page.GetByRole(AriaRole.Main)).ToMatchAriaSnapshotAsync("""
            - main:
              - heading /Story of/ [level=1]
              - paragraph:
                - link "Summary as PDF"
              - article "Summary of treatment":
                - heading "Summary of treatment" [level=2]
                - heading "Why" [level=3]
                - heading "What was given" [level=3]
                - heading "What it did" [level=3]
                - heading "What is open" [level=3]
              - region "On one axis of time":
                - heading "On one axis of time" [level=2]
                - figure:
                  - img "Scores, infusions and events by week"
            """);
        await page.Picture("story-desktop");

        // The paper says word for word what the page says, totals included, and is one sheet.
        var sentences = await page.Locator(".story-words p:not(.small)").AllInnerTextsAsync();
        var answer = await page.APIRequest.GetAsync($"/patients/{site.Patient.Id}/story/pdf");
        Assert.Equal("application/pdf", answer.Headers["content-type"]);
        Assert.DoesNotContain(site.Patient.FamilyName, answer.Headers["content-disposition"], StringComparison.OrdinalIgnoreCase);
        using var pdf = PdfDocument.Open(await answer.BodyAsync());
        Assert.Equal(1, pdf.NumberOfPages);
        var words = Dense(string.Concat(pdf.GetPages().SelectMany(p => p.GetWords()).Select(w => w.Text)));
        Assert.True(sentences.Count >= 8);
        Assert.All(sentences, sentence => Assert.Contains(Dense(sentence), words, StringComparison.Ordinal));
        Assert.Contains(Dense("remission: below 5"), words, StringComparison.Ordinal); // the picture is on it, too

        await page.SetViewportSizeAsync(Chromium.Phone.Width, Chromium.Phone.Height);
        await page.ShouldFitTheWindow();
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "Summary as PDF" })).ToBeHiddenAsync();
        Assert.NotEmpty(await site.Audited(AuditKind.StoryRead));
        await page.GotoAsync($"/patients/{site.Patient.Id}/research");
        await page.ShouldBeAccessible();
        await page.Context.CloseAsync();
    }

    // A PDF keeps positions, not spaces.
    private static string Dense(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c != '\u202F'));
}
