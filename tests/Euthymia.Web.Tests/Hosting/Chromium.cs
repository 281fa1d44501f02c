using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Euthymia.Web.Tests.Hosting.Chromium))]

namespace Euthymia.Web.Tests.Hosting;

/// <summary>The machine's Chromium, started once for all tests when the first one needs it. Tests are skipped, visibly, where there is none.</summary>
public sealed class Chromium : IAsyncDisposable
{
    private const string Executable = "/usr/bin/chromium";

    // A condition is waited for as long as a busy machine may need: Playwright's own five seconds are for idle ones.
    private const float Patience = 60_000;

    private readonly SemaphoreSlim _starting = new(1, 1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>A desktop of 1280 x 900.</summary>
    public static ViewportSize Desktop => new() { Width = 1280, Height = 900 };

    /// <summary>A phone of 390 x 844.</summary>
    public static ViewportSize Phone => new() { Width = 390, Height = 844 };

    /// <summary>Opens a browser window with no memory of others, signed in when a session is given.</summary>
    /// <param name="site">Where relative addresses lead.</param>
    /// <param name="session">From <see cref="ClinicSite.SessionOf"/>.</param>
    /// <param name="viewport">Desktop unless given.</param>
    /// <param name="scheme">The theme that the machine asks for.</param>
    /// <param name="script">False for a browser that runs no script.</param>
    /// <param name="touch">True for a screen that is tapped.</param>
    public async Task<IPage> Open(ClinicSite site, string? session = null, ViewportSize? viewport = null, ColorScheme scheme = ColorScheme.Light, bool script = true, bool touch = false)
    {
        Assert.SkipUnless(File.Exists(Executable), $"There is no {Executable} on this machine.");
        var browser = await Start();
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = site.Address.ToString(),
            ViewportSize = viewport ?? Desktop,
            ColorScheme = scheme,
            JavaScriptEnabled = script,
            HasTouch = touch,
            ReducedMotion = ReducedMotion.Reduce,
        });
        context.SetDefaultTimeout(Patience);
        if (session?.Split('=', 2) is [var name, var value])
            await context.AddCookiesAsync([new Microsoft.Playwright.Cookie { Name = name, Value = value, Url = site.Address.ToString() }]);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _starting.Dispose();
    }

    private async Task<IBrowser> Start()
    {
        await _starting.WaitAsync();
        try
        {
            Assertions.SetDefaultExpectTimeout(Patience);
            _playwright ??= await Playwright.CreateAsync();
            return _browser ??= await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
            {
                ExecutablePath = Executable,
                Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
            });
        }
        finally
        {
            _starting.Release();
        }
    }
}

/// <summary>What every page is held to.</summary>
public static class PageChecks
{
    private static readonly AxeRunOptions Rules = new()
    {
        RunOnly = new RunOnlyOptions { Type = "tag", Values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] },
    };

    /// <summary>No accessibility rule of axe is broken; the message names rule and element.</summary>
    public static async Task ShouldBeAccessible(this IPage page)
    {
        var result = await page.RunAxe(Rules);
        Assert.True(result.Violations.Length == 0, $"{page.Url}: " + string.Join("; ", result.Violations.Select(v => $"{v.Id}: {v.Help} at {string.Join(", ", v.Nodes.Select(n => n.Html))}")));
    }

    /// <summary>Nothing is wider than the window: a phone never scrolls sideways.</summary>
    public static async Task ShouldFitTheWindow(this IPage page)
    {
        var overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{page.Url} is {overflow} px wider than the window.");
    }

    /// <summary>Writes artifacts/screenshots/name.png of the repository, for people to look at.</summary>
    public static async Task Picture(this IPage page, string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Euthymia.slnx")))
            folder = folder.Parent;
        Assert.NotNull(folder);
        await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder.FullName, "artifacts", "screenshots", $"{name}.png"), FullPage = true });
    }
}
