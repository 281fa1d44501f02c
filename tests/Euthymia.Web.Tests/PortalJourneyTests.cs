using System.Collections.Concurrent;
using System.Net;
using Euthymia.Clinic;
using Euthymia.Clinic.Storage;
using Euthymia.Clinic.Tests;
using Euthymia.Web.Mail;
using Euthymia.Web.Tests.Hosting;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace Euthymia.Web.Tests;

/// <summary>A clinic that is closed at the moment, whatever the moment, with somebody on call, and everything it logs kept for the tests.</summary>
public sealed class ClosedClinic : ClinicSite
{
    public Account Lead { get; private set; } = null!;

    public Account Nurse { get; private set; } = null!;

    public ConcurrentQueue<string> Logged { get; } = new();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        var inThreeDays = TimeProvider.System.GetUtcNow().AddDays(3).DayOfWeek.ToString()[..3];
        await With(services => new ClinicOffice(services.GetRequiredService<ClinicDb>()).Save(new ClinicSettings
        {
            Name = "Night clinic",
            TimeZone = "Etc/UTC",
            Chairs = ["Chair 1"],
            CrisisLine = "Test crisis line 000",
            OpeningHours = $"{inThreeDays} 09:00-10:00",
            OnCallMail = "oncall@example.org",
            PatientInstructions = "Come with an empty stomach.\nBring somebody who takes you home.",
        }, actor: null));
        Lead = await AddAccount("lead.night", ClinicRole.Lead);
        Nurse = await AddAccount("nurse.night", ClinicRole.Nurse);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.UseSetting("Logging:LogLevel:Default", "Trace");
        builder.ConfigureLogging(logging =>
        {
            logging.ClearProviders();
            logging.AddProvider(new Recorder(Logged));
        });
    }

    private sealed class Recorder(ConcurrentQueue<string> lines) : ILoggerProvider
    {
        public ILogger CreateLogger(string categoryName) => new Line(lines, categoryName);

        public void Dispose()
        {
        }
    }

    private sealed class Line(ConcurrentQueue<string> lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{category}: {formatter(state, exception)} {exception}");
    }
}

/// <summary>The patient's own page: from the invitation to the first check-in, and from a worrying answer to its end.</summary>
public sealed class PortalJourneyTests(ClosedClinic site, Chromium chromium) : IClassFixture<ClosedClinic>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task From_the_invitation_to_the_first_check_in_on_a_phone_without_script()
    {
        var patient = await PatientWithAVisitTomorrow("INVITE-1", earlier: 10);
        var staff = await chromium.Open(site, await site.SessionOf(site.Nurse));
        await staff.GotoAsync($"/patients/{patient.Id}/follow-up");
        await Look(staff, "follow-up-desktop");
        await staff.GetByRole(AriaRole.Link, new() { Name = "Invite the patient" }).ClickAsync();
        await staff.GetByRole(AriaRole.Button, new() { Name = "Make an invitation" }).ClickAsync();
        var code = await staff.Locator(".invitation-code").InnerTextAsync();
        await Expect(staff.Locator(".qr svg")).ToBeVisibleAsync();
        await Look(staff, "invitation-desktop");
        Assert.DoesNotContain(code, staff.Url, StringComparison.Ordinal);
        await staff.Context.CloseAsync();

        var phone = await chromium.Open(site, viewport: Chromium.Phone, script: false);
        await phone.GotoAsync($"/invitation/{code}");
        Assert.Equal("/join", new Uri(phone.Url).PathAndQuery);
        Assert.DoesNotContain(code, await phone.ContentAsync(), StringComparison.Ordinal);
        await phone.Picture("join-phone");
        await Fill(phone, "1985-06-02", "ash.invited");
        await Expect(phone.Locator(".summary")).ToContainTextAsync("do not belong together"); // another date of birth
        await phone.GotoAsync($"/invitation/{code}");
        await Fill(phone, "1985-06-01", "ash.invited");
        await Expect(phone.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Hello, Ash");
        await Expect(phone.Locator(".watch")).ToContainTextAsync("Nobody is reading this right now");
        await Expect(phone.GetByText("Come with an empty stomach.")).ToBeVisibleAsync();
        await phone.Picture("portal-home-phone");

        await phone.GetByRole(AriaRole.Link, new() { Name = "Start the check-in" }).ClickAsync();
        foreach (var id in new[] { "item1-6", "item2-0", "item3-1", "item4-0", "item5-0", "item6-0" })
            await phone.CheckAsync($"#{id}");
        await phone.Picture("check-in-phone");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Send my answers" }).ClickAsync();
        await Expect(phone.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("Thank you");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Go on" }).ClickAsync();

        // The next list one question at a time, kept in between and gone on with.
        await phone.GetByRole(AriaRole.Link, new() { Name = "One question at a time" }).ClickAsync();
        await phone.CheckAsync("#item1-0");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();
        await phone.CheckAsync("#item2-0");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Keep" }).ClickAsync();
        await Expect(phone.Locator(".notice")).ToContainTextAsync("Kept");
        await phone.Picture("one-question-phone");
        await phone.GotoAsync("/my/answer/asq");
        Assert.True(await phone.IsCheckedAsync("#item1-0") && await phone.IsCheckedAsync("#item2-0"));
        await phone.CheckAsync("#item3-0");
        await phone.CheckAsync("#item4-0");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Send my answers" }).ClickAsync();
        await Expect(phone.Locator(".crisis")).ToHaveCountAsync(0);

        await phone.GotoAsync("/my/learn");
        await phone.GetByRole(AriaRole.Button, new() { Name = "I have read it" }).ClickAsync();
        await Expect(phone.GetByText("You said so on")).ToBeVisibleAsync();
        await phone.Picture("learn-phone");
        await phone.Context.CloseAsync();

        await site.With(async services =>
        {
            var db = services.GetRequiredService<ClinicDb>();
            var stored = await db.Assessments.Where(a => a.PatientId == patient.Id).OrderBy(a => a.CompletedAt).ToListAsync(Cancel);
            Assert.Equal(["CHECK-IN", "ASQ"], stored.Select(a => a.InstrumentId), StringComparer.Ordinal);
            Assert.All(stored, a => Assert.True(a.IsSelfReport));
            Assert.Equal(AsqOutcome.Negative, stored[1].Band);
            Assert.True(await db.ReadDocuments.AnyAsync(r => r.PatientId == patient.Id, Cancel));
            Assert.Empty(await db.Findings.Where(f => f.PatientId == patient.Id).ToListAsync(Cancel));
            return true;
        });
        Assert.NotEmpty(site.Logged);
        Assert.DoesNotContain(site.Logged, line => line.Contains(code, StringComparison.OrdinalIgnoreCase));

        // A second person with the same letter gets nowhere.
        var second = await chromium.Open(site, viewport: Chromium.Phone, script: false);
        await second.GotoAsync($"/invitation/{code}");
        await Fill(second, "1985-06-01", "somebody.else");
        await Expect(second.Locator(".summary")).ToContainTextAsync("do not belong together");
        await second.Picture("join-refused-phone");
        await second.Context.CloseAsync();
    }

    [Fact]
    public async Task A_positive_screen_at_night_to_its_closing()
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient("NIGHT-1", "Nightwood"));
        var account = await site.AddAccount("night.patient", ClinicRole.Patient, patient.Id);
        var phone = await chromium.Open(site, await site.SessionOf(account), Chromium.Phone, ColorScheme.Dark, script: false);
        await phone.GotoAsync("/my/answer/asq");
        await Expect(phone.Locator(".watch")).ToContainTextAsync("Nobody is reading this right now"); // before anything is sent
        await Expect(phone.Locator(".watch")).ToContainTextAsync("Test crisis line 000");
        await phone.Picture("asq-phone-dark");
        foreach (var id in new[] { "item1-1", "item2-0", "item3-1", "item4-0", "item5-1" })
            await phone.CheckAsync($"#{id}");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Send my answers" }).ClickAsync();
        await Expect(phone.Locator(".crisis")).ToContainTextAsync("Test crisis line 000");
        await phone.Picture("crisis-phone-dark");
        await phone.Context.CloseAsync();

        Assert.True(await site.Services.GetRequiredService<MailCarrier>().Send(Cancel) >= 1);
        var folder = site.Services.GetRequiredService<MailOptions>().Folder;
        var mails = Directory.GetFiles(folder, "*.eml").Select(File.ReadAllText).ToList();
        Assert.Contains(mails, m => m.Contains("To: oncall@example.org", StringComparison.Ordinal));
        foreach (var secret in new[] { "Nightwood", "Ash", "ASQ", "suicid", "etamine", patient.Id.ToString() })
            Assert.All(mails, m => Assert.DoesNotContain(secret, m, StringComparison.OrdinalIgnoreCase));

        var nurse = await chromium.Open(site, await site.SessionOf(site.Nurse));
        await nurse.GotoAsync("/on-call");
        var line = nurse.Locator(".on-call li").Filter(new() { HasText = "Nightwood" });
        await Expect(line).ToContainTextAsync("Nobody has taken it on");
        await Expect(line).ToContainTextAsync("Called once");
        await Look(nurse, "on-call-desktop");
        await line.GetByRole(AriaRole.Link, new() { Name = "Open" }).ClickAsync();
        await Expect(nurse.GetByText("A lead closes this finding")).ToBeVisibleAsync();
        await nurse.GotoAsync("/on-call"); // having read it changed nothing
        await Expect(line).ToContainTextAsync("Nobody has taken it on");
        await line.GetByRole(AriaRole.Button, new() { Name = "I take it on" }).ClickAsync();
        await Expect(line).ToContainTextAsync("Taken on by Test nurse.night");
        await nurse.Context.CloseAsync();

        var lead = await chromium.Open(site, await site.SessionOf(site.Lead), Chromium.Phone, ColorScheme.Dark);
        await lead.GotoAsync("/on-call");
        await Look(lead, "on-call-phone-dark");
        await lead.Locator(".on-call li").Filter(new() { HasText = "Nightwood" }).GetByRole(AriaRole.Link, new() { Name = "Open" }).ClickAsync();
        await lead.FillAsync("#actionTaken", "Phoned at once; sister is there; safety plan renewed.");
        await Look(lead, "finding-phone-dark");
        await lead.GetByRole(AriaRole.Button, new() { Name = "Close finding" }).ClickAsync();
        await Expect(lead.Locator("#closed")).ToContainTextAsync("Closed by Test lead.night");
        await lead.GotoAsync("/on-call");
        await Expect(lead.Locator(".on-call li").Filter(new() { HasText = "Nightwood" })).ToHaveCountAsync(0);
        await lead.Context.CloseAsync();
    }

    [Fact]
    public async Task The_pages_of_the_patient_and_of_follow_up_are_accessible_in_both_themes()
    {
        var patient = await PatientWithAVisitTomorrow("LOOK-1", earlier: 30);
        var account = await site.AddAccount("look.patient", ClinicRole.Patient, patient.Id);
        foreach (var (scheme, viewport, name) in new[] { (ColorScheme.Light, Chromium.Phone, "phone"), (ColorScheme.Dark, Chromium.Desktop, "desktop-dark") })
        {
            var own = await chromium.Open(site, await site.SessionOf(account), viewport, scheme);
            foreach (var (path, page) in new[] { ("/my", "my"), ("/my/learn", "learn"), ("/my/answer/check-in", "check-in"), ("/my/answer/asq", "asq"), ("/my/answer/phq-9?question=9", "phq9-one"), ("/my/answer/bladder", "bladder"), ("/my/answer/gad-7", "gad7") })
            {
                await own.GotoAsync(path);
                await Look(own, $"{page}-{name}");
            }

            await own.Context.CloseAsync();
            var staff = await chromium.Open(site, await site.SessionOf(site.Lead), viewport, scheme);
            foreach (var (path, page) in new[] { ($"/patients/{patient.Id}/follow-up", "follow-up"), ($"/patients/{patient.Id}/scales/madrs", "madrs"), ($"/patients/{patient.Id}/scales/asq", "scale-asq"), ($"/patients/{patient.Id}/scales/moaa-s", "moaa-s"), ($"/patients/{patient.Id}/invite", "invite"), ("/clinic", "clinic-settings") })
            {
                await staff.GotoAsync(path);
                await Look(staff, $"{page}-{name}");
            }

            await staff.Context.CloseAsync();
            var stranger = await chromium.Open(site, viewport: viewport, scheme: scheme);
            await stranger.GotoAsync("/join");
            await Look(stranger, $"join-{name}");
            await stranger.Context.CloseAsync();
        }
    }

    [Fact]
    public async Task A_patient_sees_and_sends_only_what_is_their_own()
    {
        var own = await site.AddPatient(site.Lead, ClinicSite.AnyPatient("OWN-1", "Ownwood"));
        var other = await site.AddPatient(site.Lead, ClinicSite.AnyPatient("OTHER-1", "Otherwood"));
        var account = await site.AddAccount("own.patient", ClinicRole.Patient, own.Id);
        var foreign = await site.With(services => new FollowUp(services.GetRequiredService<ClinicDb>(), services.GetRequiredService<TimeProvider>(), new Actor(site.Lead.Id, "x", ClinicRole.Lead))
            .Record(other.Id, new AssessmentForm(Guid.CreateVersion7(), "ASQ", [1, 1, 1, 1, 1]), Cancel));
        using var visitor = await site.VisitAs(account);
        var page = await visitor.Get($"/my/answer/asq?sent={foreign.Assessment.Id}");
        Assert.DoesNotContain("class=\"crisis\"", page.Text, StringComparison.Ordinal);
        foreach (var path in new[] { $"/patients/{other.Id}/follow-up", $"/patients/{own.Id}/follow-up", $"/patients/{own.Id}/invite", $"/patients/{own.Id}/scales/asq", "/on-call", $"/findings/{foreign.Findings[0].Id}" })
        {
            var answer = await visitor.Get(path);
            Assert.True(answer.LeadsTo?.StartsWith("/status/403", StringComparison.Ordinal) == true || answer.Status is HttpStatusCode.Forbidden, path);
        }

        foreach (var scale in new[] { "madrs", "c-ssrs", "ymrs", "qids-sr", "no-such-scale" }) // clinicians' scales, and those without wording
            Assert.Equal(HttpStatusCode.NotFound, (await visitor.Get($"/my/answer/{scale}")).Status);

        // The id of somebody else's form is of no use.
        var reused = await visitor.Send("/my/answer/asq", "answers", ("Input.Id", foreign.Assessment.Id.ToString()), ("Input.Items[1]", "0"), ("Input.Do", "send"));
        Assert.Contains("already sent with other answers", reused.Words, StringComparison.Ordinal);
        var posted = await visitor.Send("/my/answer/asq", "answers", ("Input.Items[1]", "7"), ("Input.Do", "send"));
        Assert.Contains("Choose one of the answers", posted.Words, StringComparison.Ordinal);
        Assert.False(await site.With(services => services.GetRequiredService<ClinicDb>().Assessments.AnyAsync(a => a.PatientId == own.Id, Cancel)));
    }

    private async Task<Patient> PatientWithAVisitTomorrow(string number, int earlier)
    {
        var patient = await site.AddPatient(site.Lead, ClinicSite.AnyPatient(number, "Invited"));
        await site.With(async services =>
        {
            var actor = new Actor(site.Lead.Id, site.Lead.DisplayName, ClinicRole.Lead);
            var db = services.GetRequiredService<ClinicDb>();
            var time = services.GetRequiredService<TimeProvider>();
            var visit = time.GetUtcNow().AddHours(23).AddMinutes(-earlier); // each at its own time of the one chair
            await Admission.Of(db, time.GetUtcNow(), patient.Id);
            var course = await new CoursePlanner(db, time, actor).Save(patient.Id, new OrderForm { FirstDay = DateOnly.FromDateTime(visit.UtcDateTime) }, Cancel);
            return await new VisitLog(db, time, actor).Schedule(course.Id, new TimeOnly(visit.Hour, visit.Minute), "Chair 1", Cancel);
        });
        return patient;
    }

    private static async Task Fill(IPage page, string born, string name)
    {
        await page.FillAsync("#dateOfBirth", born);
        await page.FillAsync("#userName", name);
        await page.FillAsync("#password", ClinicSite.Password);
        await page.FillAsync("#passwordAgain", ClinicSite.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Open my page" }).ClickAsync();
    }

    private static async Task Look(IPage page, string picture)
    {
        await page.Picture($"followup-{picture}");
        await page.ShouldFitTheWindow();
        await page.ShouldBeAccessible();
    }
}
