namespace Euthymia.Web.Pages.Visits.Sheets;

/// <summary>An amount of drug that leaves the visit, as typed.</summary>
public sealed class AmountInput
{
    public string? Milligrams { get; set; }

    public string? How { get; set; }
}
