using Euthymia.Clinic;
using Euthymia.Web.Accounts;
using Euthymia.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Euthymia.Web.Pages.Referrals;

/// <summary>A page of one referral: a plain form page that works without script.</summary>
public abstract class ReferralPage : ComponentBase
{
    [Parameter]
    public Guid Id { get; set; }

    [Inject]
    protected ClinicDesk Desk { get; set; } = null!;

    [Inject]
    protected CurrentActor Current { get; set; } = null!;

    [Inject]
    protected NavigationManager Navigation { get; set; } = null!;

    protected Problems Problems { get; } = new();

    protected ClinicSettings Clinic { get; private set; } = new();

    protected Actor Me { get; private set; } = null!;

    /// <summary>Reads what the page shows; a refusal "not found" becomes the page of that name.</summary>
    protected abstract Task Load();

    protected override async Task OnInitializedAsync()
    {
        Clinic = await Desk.Settings();
        Me = await Current.Get();
        try
        {
            await Load();
        }
        catch (ClinicRuleException refusal) when (refusal.Kind == RefusalKind.NotFound)
        {
            Navigation.NotFound();
        }
    }

    /// <summary>Does it and opens the next page, or shows why not.</summary>
    protected async Task Do(Func<Task> act, string then)
    {
        if (Problems.Any)
            return;
        try
        {
            await act();
            Navigation.NavigateTo(then);
        }
        catch (ClinicRuleException refusal)
        {
            Problems.Take(refusal);
        }
    }
}
