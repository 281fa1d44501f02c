namespace Euthymia.Web.Accounts;

/// <summary>Names of the policies that pages and endpoints stand behind. Without one, a signed-in person is required.</summary>
public static class Policies
{
    /// <summary>Leads only.</summary>
    public const string Lead = "lead";

    /// <summary>Leads and nurses.</summary>
    public const string Staff = "staff";

    /// <summary>A patient's own account.</summary>
    public const string Patient = "patient";
}
