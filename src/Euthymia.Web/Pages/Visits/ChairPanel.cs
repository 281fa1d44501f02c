namespace Euthymia.Web.Pages.Visits;

/// <summary>What is open at the chair.</summary>
public enum ChairPanel
{
    None,
    Reading,
    Note,
    Rate,
    Pause,
    Stop,
}
