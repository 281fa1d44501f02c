using Microsoft.AspNetCore.Identity;

namespace Euthymia.Clinic;

/// <summary>A person who signs in. A patient's account is linked to exactly one patient, and a patient has at most one account.</summary>
public sealed class Account : IdentityUser<Guid>
{
    public Account() => Id = Guid.CreateVersion7();

    public string DisplayName { get; set; } = "";

    /// <summary>The patient whose own account this is; null for staff.</summary>
    public Guid? PatientId { get; set; }
}

/// <summary>What an account may do. A lead does everything a nurse does, and also closes findings of the lead and manages the clinic.</summary>
public enum ClinicRole
{
    Lead,
    Nurse,
    Patient,
}

/// <summary>The names under which the roles are stored.</summary>
public static class ClinicRoles
{
    public const string Lead = "lead";
    public const string Nurse = "nurse";
    public const string Patient = "patient";

    /// <summary>The stored id of a role; the migrations put the three roles into every database.</summary>
    public static Guid IdOf(ClinicRole role) => role switch
    {
        ClinicRole.Lead => new Guid("0b6f7c5e-52a5-4b5e-9d3a-6d1c8f0e4a01"),
        ClinicRole.Nurse => new Guid("0b6f7c5e-52a5-4b5e-9d3a-6d1c8f0e4a02"),
        ClinicRole.Patient => new Guid("0b6f7c5e-52a5-4b5e-9d3a-6d1c8f0e4a03"),
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role."),
    };

    public static string Name(this ClinicRole role) => role switch
    {
        ClinicRole.Lead => Lead,
        ClinicRole.Nurse => Nurse,
        ClinicRole.Patient => Patient,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "Not a role."),
    };
}
