using Euthymia.Clinic.Demo;
using Microsoft.Playwright;

namespace Euthymia.Web.Tests;

/// <summary>One server process and one browser for the chair, the room and the follow-up.</summary>
public sealed class ChairFixture : IAsyncLifetime
{
    private static readonly string[] BrowserArguments = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private IPlaywright _playwright = null!;

    public ServerProcess Server { get; } = new();

    public IBrowser Browser { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(60_000); // a busy machine is slow, not wrong
        await Server.Fill(TestContext.Current.CancellationToken);
        await Server.Start(TestContext.Current.CancellationToken);
        _playwright = await Playwright.CreateAsync();
        Browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = "/usr/bin/chromium", Args = BrowserArguments });
    }

    public async ValueTask DisposeAsync()
    {
        await Browser.DisposeAsync();
        _playwright.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>A page on which this person is signed in.</summary>
    public async Task<IPage> SignedIn(string userName, bool script = true, int width = 1024, int height = 768, bool touch = false, ServerProcess? server = null, string? locale = null)
    {
        var context = await Browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = (server ?? Server).Address.ToString(),
            JavaScriptEnabled = script,
            HasTouch = touch,
            Locale = locale,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        context.SetDefaultTimeout(60_000);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#userName", userName);
        await page.FillAsync("#password", DemoClinic.Password);
        await page.ClickAsync("form.sheet button[type=submit]");
        await page.WaitForURLAsync(url => !url.Contains("sign-in", StringComparison.Ordinal));
        return page;
    }
}
