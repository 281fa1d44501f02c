using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>How intake, decisions, consent and withdrawn overrides are stored. All are only ever added to.</summary>
internal static class ScreeningTables
{
    public static void Configure(ModelBuilder builder)
    {
        builder.Entity<IntakeSection>(section =>
        {
            section.HasOne<Patient>().WithMany().HasForeignKey(s => s.PatientId).OnDelete(DeleteBehavior.Restrict);
            section.HasIndex(s => new { s.PatientId, s.Section, s.Version }).IsUnique(); // of two who change one version the second is told
            section.Property(s => s.Section).HasMaxLength(ClinicText.IdentifierLength);
            section.Property(s => s.RecordedByName).HasMaxLength(ClinicText.NameLength);
        });
        builder.Entity<TeamDecision>(decision =>
        {
            decision.HasKey(d => d.Number);
            decision.Property(d => d.Number).ValueGeneratedOnAdd();
            decision.HasOne<Patient>().WithMany().HasForeignKey(d => d.PatientId).OnDelete(DeleteBehavior.Restrict);
            decision.Property(d => d.Reason).HasMaxLength(ClinicText.LineLength);
            decision.Property(d => d.VerdictSeen).HasMaxLength(ClinicText.IdentifierLength);
            decision.Property(d => d.ReviewerName).HasMaxLength(ClinicText.NameLength);
        });
        builder.Entity<ConsentRecord>(consent =>
        {
            consent.Ignore(c => c.Explained);
            consent.HasOne<Patient>().WithMany().HasForeignKey(c => c.PatientId).OnDelete(DeleteBehavior.Restrict);
            consent.HasOne<Course>().WithMany().HasForeignKey(c => c.CourseId).OnDelete(DeleteBehavior.Restrict);
            consent.Property(c => c.FormId).HasMaxLength(ClinicText.IdentifierLength);
            consent.Property(c => c.PatientName).HasMaxLength(ClinicText.NameLength);
            consent.Property(c => c.ClinicianName).HasMaxLength(ClinicText.NameLength);
            consent.Property(c => c.Note).HasMaxLength(ClinicText.NoteLength);
            // No foreign key: SQLite would build the table anew for it and lose the triggers that guard it.
            consent.HasIndex(c => c.PatientSignatureId).IsUnique(); // countersigned once
        });
        builder.Entity<ConsentSignature>(signature =>
        {
            signature.Property(s => s.Id).ValueGeneratedNever();
            signature.HasOne<Patient>().WithMany().HasForeignKey(s => s.PatientId).OnDelete(DeleteBehavior.Restrict);
            signature.HasOne<ReadDocument>().WithMany().HasForeignKey(s => s.ReadDocumentId).OnDelete(DeleteBehavior.Restrict);
            signature.Property(s => s.FormId).HasMaxLength(ClinicText.IdentifierLength);
            signature.Property(s => s.PatientName).HasMaxLength(ClinicText.NameLength);
        });
        builder.Entity<OverrideWithdrawal>(withdrawal =>
        {
            withdrawal.HasKey(w => w.OverrideId);
            withdrawal.HasOne<Override>().WithOne().HasForeignKey<OverrideWithdrawal>(w => w.OverrideId).OnDelete(DeleteBehavior.Restrict);
            withdrawal.HasOne<Patient>().WithMany().HasForeignKey(w => w.PatientId).OnDelete(DeleteBehavior.Restrict);
            withdrawal.Property(w => w.Reason).HasMaxLength(ClinicText.LineLength);
            withdrawal.Property(w => w.ByName).HasMaxLength(ClinicText.NameLength);
        });
    }
}
