using Euthymia.Clinic.Courses.Care;
using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Patients.LongTerm;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic.Storage;

/// <summary>Tables of decisions, combined care and the long-term watch. All are append-only.</summary>
internal static class DecisionTables
{
    /// <summary>Names of the first of them, for the triggers of the migration that made them.</summary>
    public static readonly string[] AppendOnlyTables = ["Decisions", "CareItems", "CareReports", "WatchRecords"];

    public static void Configure(ModelBuilder builder)
    {
        builder.Entity<DecisionTaken>(decision =>
        {
            decision.ToTable("Decisions");
            decision.HasOne<Course>().WithMany().HasForeignKey(d => d.CourseId).OnDelete(DeleteBehavior.Restrict);
            decision.HasOne<Patient>().WithMany().HasForeignKey(d => d.PatientId).OnDelete(DeleteBehavior.Restrict);
            decision.HasIndex(d => d.Amends).IsUnique(); // an entry is amended once; the amendment may be amended
            decision.Property(d => d.Reason).HasMaxLength(ClinicText.NoteLength);
            decision.Property(d => d.BasisShown).HasMaxLength(ClinicText.NoteLength);
            decision.Property(d => d.ByName).HasMaxLength(ClinicText.NameLength);
        });
        builder.Entity<CareItem>(item =>
        {
            item.ToTable("CareItems");
            item.HasOne<Course>().WithMany().HasForeignKey(c => c.CourseId).OnDelete(DeleteBehavior.Restrict);
            item.HasOne<Patient>().WithMany().HasForeignKey(c => c.PatientId).OnDelete(DeleteBehavior.Restrict);
            item.HasIndex(c => c.Replaces).IsUnique();
            item.Property(c => c.What).HasMaxLength(ClinicText.LineLength);
            item.Property(c => c.Note).HasMaxLength(ClinicText.NoteLength);
            item.Property(c => c.ByName).HasMaxLength(ClinicText.NameLength);
        });
        builder.Entity<CareReport>(report =>
        {
            report.ToTable("CareReports");
            report.HasOne<CareItem>().WithMany().HasForeignKey(r => r.CareItemId).OnDelete(DeleteBehavior.Restrict);
            report.HasOne<Patient>().WithMany().HasForeignKey(r => r.PatientId).OnDelete(DeleteBehavior.Restrict);
            report.Property(r => r.Note).HasMaxLength(ClinicText.NoteLength);
            report.Property(r => r.ByName).HasMaxLength(ClinicText.NameLength);
        });
        builder.Entity<WatchRecord>(record =>
        {
            record.ToTable("WatchRecords");
            record.HasOne<Patient>().WithMany().HasForeignKey(r => r.PatientId).OnDelete(DeleteBehavior.Restrict);
            record.HasIndex(r => r.Replaces).IsUnique();
            record.Property(r => r.Note).HasMaxLength(ClinicText.NoteLength);
            record.Property(r => r.ByName).HasMaxLength(ClinicText.NameLength);
        });
        builder.Entity<SeriousEvent>(happened =>
        {
            happened.ToTable("SeriousEvents");
            happened.HasOne<Patient>().WithMany().HasForeignKey(e => e.PatientId).OnDelete(DeleteBehavior.Restrict);
            happened.HasIndex(e => e.Replaces).IsUnique();
            happened.Property(e => e.What).HasMaxLength(ClinicText.NoteLength);
            happened.Property(e => e.Done).HasMaxLength(ClinicText.NoteLength);
            happened.Property(e => e.ReportedBy).HasMaxLength(ClinicText.NameLength);
            happened.Property(e => e.ReportNote).HasMaxLength(ClinicText.NoteLength);
            happened.Property(e => e.ByName).HasMaxLength(ClinicText.NameLength);
        });
    }
}
