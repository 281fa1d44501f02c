using Euthymia.Clinic;
using Euthymia.Pharmacometrics;
using Euthymia.Web.Accounts;
using Euthymia.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Euthymia.Web.Pages.Visits.Sheets;

/// <summary>
/// A sheet of a visit: a plain form page that works without script. Each form carries an id made for it, so that sending it
/// twice stores it once; after a stored entry the page is loaded anew.
/// </summary>
public abstract class SheetPage : ComponentBase
{
    // As the visit's log takes reasons and places.
    private const int LongestLine = 200;

    [Parameter]
    public Guid Id { get; set; }

    /// <summary>The id of the entry that was sent.</summary>
    [SupplyParameterFromForm]
    public Guid? EventId { get; set; }

    [Inject]
    protected ClinicDesk Desk { get; set; } = null!;

    [Inject]
    protected CurrentActor Current { get; set; } = null!;

    [Inject]
    protected NavigationManager Navigation { get; set; } = null!;

    protected Problems Problems { get; } = new();

    protected ClinicSettings Clinic { get; private set; } = new();

    protected Actor Me { get; private set; } = null!;

    protected abstract string Path { get; }

    /// <summary>Reads what the page shows; a refusal "not found" becomes the page of that name.</summary>
    protected abstract Task Load(VisitLog visits);

    protected override async Task OnInitializedAsync()
    {
        Clinic = await Desk.Settings();
        Me = await Current.Get();
        try
        {
            await Load(await Desk.Visits());
        }
        catch (ClinicRuleException refusal) when (refusal.Kind == RefusalKind.NotFound)
        {
            Navigation.NotFound();
        }
    }

    /// <summary>Stores an entry and loads the page anew, or shows why not.</summary>
    protected async Task Store(VisitEntry entry, string? then = null)
    {
        if (Problems.Any)
            return;
        await Write(visits => visits.Append(Id, EventId ?? Guid.Empty, entry), then);
    }

    protected async Task Write(Func<VisitLog, Task> write, string? then = null)
    {
        try
        {
            await write(await Desk.Visits());
            Navigation.NavigateTo(then ?? Path);
        }
        catch (ClinicRuleException refusal)
        {
            Problems.Take(refusal);
        }
    }

    /// <summary>A line of text that is needed; the problem stands at the field.</summary>
    protected string Line(string field, string? typed, string needed = "This is needed.")
    {
        var text = typed?.Trim() ?? "";
        if (text.Length == 0)
            Problems.Add(field, "required", needed);
        else if (text.Length > LongestLine)
            Problems.Add(field, "too_long", $"Use at most {LongestLine} characters; there are {text.Length}.");
        return text;
    }

    /// <summary>A number as clinical fields take it; the problem stands at the field.</summary>
    protected decimal Number(string field, string? typed)
    {
        if (ClinicalNumber.TryParse(typed, out var value, out var problem))
            return value;
        Problems.Add(field, "number_format", problem);
        return 0;
    }

    /// <summary>A whole number, or null when nothing was typed.</summary>
    protected int? Whole(string field, string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        if (ClinicalNumber.TryParse(typed, out var value, out var problem) && value == decimal.Truncate(value))
            return (int)value;
        Problems.Add(field, "number_format", problem ?? "Use a whole number.");
        return null;
    }

    /// <summary>A local time of the clinic as a date-and-time field sends it; null when nothing was entered.</summary>
    protected DateTimeOffset? Moment(string field, string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        if (DateTime.TryParseExact(typed.Trim(), ["yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss"], System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var local))
            return Clinic.MomentOf(DateOnly.FromDateTime(local), TimeOnly.FromDateTime(local));
        Problems.Add(field, "time_format", "Enter a date and a time, such as 2026-03-02T08:30.");
        return null;
    }
}

/// <summary>Yes, no, or not answered, as radio buttons post it.</summary>
public static class Answers
{
    public const string Yes = "yes";
    public const string No = "no";

    public static bool? Of(string? posted) => posted switch { Yes => true, No => false, _ => null };

    public static string? Text(bool? answer) => answer switch { null => null, true => Yes, false => No };

    public static T? Choice<T>(string? posted)
        where T : struct, Enum => Enum.TryParse<T>(posted, out var value) && Enum.IsDefined(value) ? value : null;
}
