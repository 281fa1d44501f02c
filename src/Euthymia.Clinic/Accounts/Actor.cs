namespace Euthymia.Clinic;

/// <summary>The signed-in person on whose behalf a service works; recorded with everything that is read or written. PatientId is the linked patient of a patient's account; null for staff.</summary>
public sealed record Actor(Guid AccountId, string Name, ClinicRole Role, Guid? PatientId = null)
{
    public bool IsStaff => Role is ClinicRole.Lead or ClinicRole.Nurse;

    internal void RequireStaff()
    {
        if (!IsStaff)
            throw ClinicRuleException.Forbidden("Only the clinic's staff can do this.");
    }

    internal void RequireLead()
    {
        if (Role != ClinicRole.Lead)
            throw ClinicRuleException.Forbidden("Only a lead can do this.");
    }

    /// <summary>Staff may see every patient; a patient sees only the own record. What may not be seen does not exist.</summary>
    internal void RequireAccessTo(Guid patientId)
    {
        if (!IsStaff && (PatientId is null || PatientId != patientId))
            throw ClinicRuleException.NotFound("patient");
    }
}
