using System.Net;
using System.Text.RegularExpressions;

namespace Euthymia.Web.Tests.Hosting;

/// <summary>What came back: status, text and where a redirect leads.</summary>
public sealed record Page(HttpResponseMessage Answer, string Text)
{
    public HttpStatusCode Status => Answer.StatusCode;

    /// <summary>Path and query of a redirect; null otherwise.</summary>
    public string? LeadsTo => Answer.Headers.Location is { } location
        ? location.IsAbsoluteUri ? location.PathAndQuery : location.OriginalString
        : null;

    /// <summary>The text as a person reads it: without tags, entities resolved.</summary>
    public string Words => WebUtility.HtmlDecode(Regex.Replace(Text, "<[^>]*>", " ", RegexOptions.None, TimeSpan.FromSeconds(5)));
}

/// <summary>A form as it would be sent: where to, and all its fields.</summary>
public sealed record FilledForm(string Path, IReadOnlyList<(string Name, string Value)> Fields);

/// <summary>Somebody at a browser without script.</summary>
public sealed partial class Visitor : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly Uri _address;
    private readonly HttpClient _http;

    public Visitor(Uri address)
    {
        _address = address;
        _http = new HttpClient(new SocketsHttpHandler { CookieContainer = _cookies, AllowAutoRedirect = false }) { BaseAddress = address };
    }

    /// <summary>Keeps a cookie "name=value" for this site.</summary>
    public void Keep(string cookie) => _cookies.SetCookies(_address, cookie);

    public async Task<Page> Get(string path) => await Read(await _http.GetAsync(new Uri(path, UriKind.Relative)));

    /// <summary>Opens a page, fills one of its forms and sends it, as a browser does: the form's own hidden fields go with it.</summary>
    /// <param name="path">The page.</param>
    /// <param name="form">The form's name (its handler), or its address.</param>
    /// <param name="fields">What is typed; a hidden field of the same name gives way.</param>
    public async Task<Page> Send(string path, string form, params (string Name, string Value)[] fields) =>
        await Post(await Fill(path, form, fields));

    /// <summary>Opens a page and fills one of its forms, to be sent with <see cref="Post(FilledForm)"/>, once or often.</summary>
    public async Task<FilledForm> Fill(string path, string form, params (string Name, string Value)[] fields)
    {
        var page = await Get(path);
        Assert.True(page.Status == HttpStatusCode.OK, $"{path} answered {page.Status}, so its form {form} cannot be filled.");
        var (action, hidden) = FormOf(page.Text, form);
        return new FilledForm(action ?? path, [.. hidden.ExceptBy(fields.Select(f => f.Name), h => h.Item1, StringComparer.Ordinal), .. fields]);
    }

    public Task<Page> Post(FilledForm form) => Post(form.Path, [.. form.Fields]);

    public async Task<Page> Post(string path, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        return await Read(await _http.PostAsync(new Uri(path, UriKind.Relative), content));
    }

    public void Dispose() => _http.Dispose();

    private static async Task<Page> Read(HttpResponseMessage answer) => new(answer, await answer.Content.ReadAsStringAsync());

    private static (string? Action, List<(string, string)> Hidden) FormOf(string html, string form)
    {
        foreach (var match in Form().Matches(html).Cast<Match>())
        {
            var attributes = match.Groups["attributes"].Value;
            var action = Action().Match(attributes) is { Success: true } found ? WebUtility.HtmlDecode(found.Groups["address"].Value) : null;
            var hidden = Hidden().Matches(match.Groups["body"].Value).Select(m => m.Value)
                .Select(tag => (Attribute(tag, "name"), Attribute(tag, "value"))).ToList();
            if (string.Equals(action, form, StringComparison.Ordinal) || hidden.Contains(("_handler", form)))
                return (action, hidden);
        }

        throw new Xunit.Sdk.XunitException($"The page has no form {form}.");
    }

    private static string Attribute(string tag, string name) =>
        WebUtility.HtmlDecode(Regex.Match(tag, $"\\b{name}=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5)).Groups["value"].Value);

    [GeneratedRegex("<form(?<attributes>[^>]*)>(?<body>.*?)</form>", RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Form();

    [GeneratedRegex("\\baction=\"(?<address>[^\"]*)\"", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Action();

    [GeneratedRegex("<input[^>]*type=\"hidden\"[^>]*>", RegexOptions.None, 5000)]
    private static partial Regex Hidden();
}
