using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Euthymia.Web.Tests.Hosting;

/// <summary>The forms of a page, as a browser would send them.</summary>
public static class Forms
{
    /// <summary>The page as a document.</summary>
    public static IHtmlDocument Parse(Page page) => new HtmlParser().ParseDocument(page.Text);

    /// <summary>The forms of a page that change something.</summary>
    public static IEnumerable<IHtmlFormElement> Posts(Page page) => Parse(page).Forms.Where(f => string.Equals(f.Method, "post", StringComparison.OrdinalIgnoreCase));

    /// <summary>The form's name among those of its page.</summary>
    public static string? Handler(IHtmlFormElement form) => form.QuerySelector("[name=_handler]")?.GetAttribute("value");

    /// <summary>All that the form sends when its first button is pressed.</summary>
    public static IEnumerable<(string Name, string Value)> Sent(IHtmlFormElement form) => form.Elements.SelectMany(Sent);

    /// <summary>True for a field into which text is typed.</summary>
    public static bool IsText(IElement element) => element.HasAttribute("name") && (element is IHtmlTextAreaElement
        || (element is IHtmlInputElement { Type: var type } && type is "text" or "password" or "email" or "tel" or "search" or "date" or "datetime-local" or "number"));

    private static IEnumerable<(string Name, string Value)> Sent(IElement element) => element switch
    {
        IHtmlInputElement { Type: "radio" or "checkbox", IsChecked: false } or IHtmlInputElement { Name: null } => [],
        IHtmlInputElement input => [(input.Name!, input.Value)],
        IHtmlTextAreaElement { Name: { } name } area => [(name, area.Value)],
        IHtmlSelectElement { Name: { } name } select => [(name, select.Value ?? "")],
        IHtmlButtonElement { Name: { Length: > 0 } name } button when button.Form?.QuerySelector("button[name]") == button => [(name, button.Value)],
        _ => [],
    };
}
