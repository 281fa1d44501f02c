using Euthymia.Clinic.Courses.Care;
using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Forecasts;
using Euthymia.Clinic.Patients.LongTerm;
using Euthymia.Clinic.Rules;
using Euthymia.Pharmacometrics;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Euthymia.Clinic.Storage;

/// <summary>The clinic's database: one model, two providers with their own migrations.</summary>
public abstract class ClinicDb(DbContextOptions options) : IdentityDbContext<Account, IdentityRole<Guid>, Guid>(options)
{
    public DbSet<Patient> Patients => Set<Patient>();

    public DbSet<Course> Courses => Set<Course>();

    public DbSet<InfusionOrder> Orders => Set<InfusionOrder>();

    public DbSet<Visit> Visits => Set<Visit>();

    public DbSet<VisitEvent> VisitEvents => Set<VisitEvent>();

    public DbSet<VisitLook> Looks => Set<VisitLook>();

    public DbSet<Assessment> Assessments => Set<Assessment>();

    public DbSet<Finding> Findings => Set<Finding>();

    public DbSet<AssessmentDraft> Drafts => Set<AssessmentDraft>();

    public DbSet<Invitation> Invitations => Set<Invitation>();

    public DbSet<ReadDocument> ReadDocuments => Set<ReadDocument>();

    public DbSet<OutgoingMail> Mails => Set<OutgoingMail>();

    public DbSet<ResearchConsent> ResearchConsents => Set<ResearchConsent>();

    public DbSet<AuditEntry> Audit => Set<AuditEntry>();

    public DbSet<ClinicSettings> Settings => Set<ClinicSettings>();

    public DbSet<KeptForecast> KeptForecasts => Set<KeptForecast>();

    public DbSet<CheckedVisit> CheckedVisits => Set<CheckedVisit>();

    public DbSet<SignedRule> SignedRules => Set<SignedRule>();

    public DbSet<Override> Overrides => Set<Override>();

    public DbSet<IntakeSection> IntakeSections => Set<IntakeSection>();

    public DbSet<TeamDecision> TeamDecisions => Set<TeamDecision>();

    public DbSet<ConsentRecord> Consents => Set<ConsentRecord>();

    public DbSet<ChangedThreshold> ChangedThresholds => Set<ChangedThreshold>();

    public DbSet<ProposedThreshold> ProposedThresholds => Set<ProposedThreshold>();

    public DbSet<ProposalAnswer> ProposalAnswers => Set<ProposalAnswer>();

    public DbSet<DecisionTaken> Decisions => Set<DecisionTaken>();

    public DbSet<CareItem> CareItems => Set<CareItem>();

    public DbSet<CareReport> CareReports => Set<CareReport>();

    public DbSet<WatchRecord> WatchRecords => Set<WatchRecord>();

    public DbSet<SeriousEvent> SeriousEvents => Set<SeriousEvent>();

    public DbSet<ConsentSignature> ConsentSignatures => Set<ConsentSignature>();

    public DbSet<OverrideWithdrawal> OverrideWithdrawals => Set<OverrideWithdrawal>();

    /// <summary>Adds an audit entry to what the next save writes, so that both are stored or neither.</summary>
    internal void Record(Actor actor, TimeProvider time, string kind, Guid? patientId, Guid? subjectId = null) =>
        Audit.Add(new AuditEntry
        {
            At = Clock.Now(time),
            AccountId = actor.AccountId,
            AccountName = actor.Name,
            Role = actor.Role,
            Kind = kind,
            PatientId = patientId,
            SubjectId = subjectId,
        });

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
        configurationBuilder.Properties<Kilograms>().HaveConversion<QuantityConverters.OfKilograms>();
        configurationBuilder.Properties<MilligramsPerKilogram>().HaveConversion<QuantityConverters.OfMilligramsPerKilogram>();
        configurationBuilder.Properties<MilligramsPerMillilitre>().HaveConversion<QuantityConverters.OfMilligramsPerMillilitre>();
        configurationBuilder.Properties<RecordedList>().HaveConversion<RecordedListConverter>();
        configurationBuilder.Properties<VisitEntry>().HaveConversion<VisitEntryConverter>();
        configurationBuilder.Properties<IntakeAnswers>().HaveConversion<IntakeAnswersConverter>();
        configurationBuilder.Properties<TimeSpan>().HaveConversion<long>();
    }

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<IdentityRole<Guid>>().HasData(Enum.GetValues<ClinicRole>().Select(role => new IdentityRole<Guid>
        {
            Id = ClinicRoles.IdOf(role),
            Name = role.Name(),
            NormalizedName = role.Name().ToUpperInvariant(),
            ConcurrencyStamp = ClinicRoles.IdOf(role).ToString(),
        }));
        builder.Entity<Account>(account =>
        {
            account.Property(a => a.DisplayName).HasMaxLength(ClinicText.NameLength);
            account.HasIndex(a => a.PatientId).IsUnique();
            account.HasOne<Patient>().WithOne().HasForeignKey<Account>(a => a.PatientId).OnDelete(DeleteBehavior.Restrict);
        });
        // Asked for here and not by an option of the application, so that tools and tests have the same model.
        builder.Entity<IdentityUserPasskey<Guid>>(passkey =>
        {
            passkey.ToTable("AspNetUserPasskeys");
            passkey.HasKey(p => p.CredentialId);
            passkey.Property(p => p.CredentialId).HasMaxLength(1024); // WebAuthn's limit
            passkey.OwnsOne(p => p.Data).ToJson();
            passkey.HasOne<Account>().WithMany().HasForeignKey(p => p.UserId);
        });
        builder.Entity<Patient>(Configure);
        builder.Entity<WeightMeasurement>(weight =>
        {
            weight.ToTable("Weights");
            weight.Property(w => w.RecordedByName).HasMaxLength(ClinicText.NameLength);
        });
        builder.Entity<Course>(course =>
        {
            course.Ignore(c => c.Order);
            course.HasOne<Patient>().WithMany().HasForeignKey(c => c.PatientId).OnDelete(DeleteBehavior.Restrict);
            course.HasMany(c => c.Orders).WithOne().HasForeignKey(o => o.CourseId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<InfusionOrder>(order =>
        {
            order.Ignore(o => o.Arithmetic);
            order.HasIndex(o => new { o.CourseId, o.Version }).IsUnique();
            order.Property(o => o.OrderedByName).HasMaxLength(ClinicText.NameLength);
            order.Property(o => o.Reason).HasMaxLength(ClinicText.LineLength);
        });
        builder.Entity<Visit>(Configure);
        builder.Entity<VisitEvent>(e =>
        {
            e.Property(x => x.Id).ValueGeneratedNever();
            e.HasIndex(x => new { x.VisitId, x.Number }).IsUnique();
            e.Property(x => x.AuthorName).HasMaxLength(ClinicText.NameLength);
            e.Property(x => x.Hash).HasMaxLength(64);
        });
        builder.Entity<VisitLook>(look =>
        {
            look.ToTable("VisitLooks");
            look.HasKey(l => l.VisitId);
            look.Property(l => l.VisitId).ValueGeneratedNever();
            look.HasOne<Visit>().WithOne().HasForeignKey<VisitLook>(l => l.VisitId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<Assessment>(assessment =>
        {
            assessment.Property(a => a.Id).ValueGeneratedNever();
            assessment.HasOne<Patient>().WithMany().HasForeignKey(a => a.PatientId).OnDelete(DeleteBehavior.Restrict);
            assessment.HasIndex(a => new { a.PatientId, a.CompletedAt });
        });
        builder.Entity<Finding>(finding =>
        {
            finding.HasOne<Patient>().WithMany().HasForeignKey(f => f.PatientId).OnDelete(DeleteBehavior.Restrict);
            finding.HasIndex(f => f.SubjectId);
            finding.HasIndex(f => f.Occurrence).IsUnique(); // one occurrence, one finding, whichever server saw it
            finding.Property(f => f.Occurrence).HasMaxLength(200);
            finding.Property(f => f.RuleVersion).HasMaxLength(ClinicText.IdentifierLength);
            finding.Property(f => f.Severity).HasConversion<int>(); // sorted by
            finding.Property(f => f.ClosedAt).IsConcurrencyToken(); // closed once
        });
        builder.Entity<AssessmentDraft>(draft =>
        {
            draft.HasOne<Patient>().WithMany().HasForeignKey(d => d.PatientId).OnDelete(DeleteBehavior.Restrict);
            draft.HasIndex(d => new { d.PatientId, d.InstrumentId }).IsUnique();
            draft.Property(d => d.InstrumentId).HasMaxLength(ClinicText.IdentifierLength);
        });
        builder.Entity<Invitation>(invitation =>
        {
            invitation.HasOne<Patient>().WithMany().HasForeignKey(i => i.PatientId).OnDelete(DeleteBehavior.Restrict);
            invitation.HasIndex(i => i.CodeHash).IsUnique();
            invitation.Property(i => i.CodeHash).HasMaxLength(64);
            invitation.Property(i => i.CreatedByName).HasMaxLength(ClinicText.NameLength);
            invitation.Property(i => i.Revision).IsConcurrencyToken(); // used once
        });
        builder.Entity<ReadDocument>(read =>
        {
            read.HasOne<Patient>().WithMany().HasForeignKey(r => r.PatientId).OnDelete(DeleteBehavior.Restrict);
            read.HasIndex(r => new { r.PatientId, r.DocumentId, r.DocumentVersion }).IsUnique();
            read.Property(r => r.DocumentId).HasMaxLength(ClinicText.IdentifierLength);
            read.Property(r => r.ReadByName).HasMaxLength(ClinicText.NameLength);
        });
        builder.Entity<OutgoingMail>(mail =>
        {
            mail.HasIndex(m => m.Occurrence).IsUnique(); // one occasion, one mail
            mail.Property(m => m.Occurrence).HasMaxLength(200);
            mail.HasIndex(m => m.SentAt);
            mail.Property(m => m.Revision).IsConcurrencyToken(); // sent by one server
        });
        builder.Entity<ResearchConsent>(consent =>
        {
            consent.HasKey(c => c.PatientId);
            consent.HasOne<Patient>().WithOne().HasForeignKey<ResearchConsent>(c => c.PatientId).OnDelete(DeleteBehavior.Restrict);
            consent.Property(c => c.RecordedByName).HasMaxLength(ClinicText.NameLength);
            consent.Property(c => c.ResearchId).HasMaxLength(ClinicText.IdentifierLength);
            consent.HasIndex(c => c.ResearchId).IsUnique();
            consent.Property(c => c.RecordedAt).IsConcurrencyToken();
        });
        builder.Entity<AuditEntry>(audit =>
        {
            audit.HasKey(a => a.Number);
            audit.Property(a => a.Number).ValueGeneratedOnAdd();
            audit.HasIndex(a => new { a.PatientId, a.At });
        });
        builder.Entity<SignedRule>(signed =>
        {
            signed.HasKey(s => s.Number);
            signed.Property(s => s.Number).ValueGeneratedOnAdd();
            signed.Property(s => s.RuleId).HasMaxLength(ClinicText.IdentifierLength);
            signed.Property(s => s.SignedByName).HasMaxLength(ClinicText.NameLength);
        });
        builder.Entity<Override>(o =>
        {
            o.Property(x => x.Id).ValueGeneratedNever();
            o.HasOne<Visit>().WithMany().HasForeignKey(x => x.VisitId).OnDelete(DeleteBehavior.Restrict);
            o.Property(x => x.RuleIds).HasMaxLength(ClinicText.LineLength);
            o.Property(x => x.RuleVersion).HasMaxLength(ClinicText.IdentifierLength);
            o.Property(x => x.Reason).HasMaxLength(ClinicText.LineLength);
            o.Property(x => x.ByName).HasMaxLength(ClinicText.NameLength);
            o.HasIndex(x => x.At);
        });
        builder.Entity<ChangedThreshold>(changed =>
        {
            changed.HasKey(c => c.Number);
            changed.Property(c => c.Number).ValueGeneratedOnAdd();
            changed.Property(c => c.RuleId).HasMaxLength(ClinicText.IdentifierLength);
            changed.Property(c => c.Parameter).HasMaxLength(ClinicText.IdentifierLength);
            changed.Property(c => c.ChangedByName).HasMaxLength(ClinicText.NameLength);
        });
        builder.Entity<KeptForecast>(kept =>
        {
            kept.HasOne<Patient>().WithMany().HasForeignKey(k => k.PatientId).OnDelete(DeleteBehavior.Restrict);
            kept.HasIndex(k => new { k.SourceId, k.Quantity }).IsUnique(); // one observation, one forecast, whichever server made it
            kept.HasIndex(k => k.VisitId);
            kept.Property(k => k.Measure).HasMaxLength(ClinicText.IdentifierLength);
            kept.Property(k => k.ModelVersion).HasMaxLength(ClinicText.LineLength);
            kept.Property(k => k.Withheld).HasMaxLength(ClinicText.NoteLength);
            kept.Property(k => k.Basis).HasMaxLength(ClinicText.NoteLength);
        });
        builder.Entity<CheckedVisit>(looked =>
        {
            looked.HasKey(c => c.VisitId);
            looked.HasOne<Visit>().WithMany().HasForeignKey(c => c.VisitId).OnDelete(DeleteBehavior.Restrict);
        });
        RuleTables.Configure(builder);
        DecisionTables.Configure(builder);
        ScreeningTables.Configure(builder);
        builder.Entity<ClinicSettings>(settings =>
        {
            settings.Property(s => s.Id).ValueGeneratedNever();
            settings.Ignore(s => s.Zone);
        });
    }

    private static void Configure(EntityTypeBuilder<Patient> patient)
    {
        patient.HasIndex(p => p.ClinicNumber).IsUnique();
        patient.Property(p => p.ClinicNumber).HasMaxLength(ClinicText.IdentifierLength);
        patient.Property(p => p.NationalId).HasMaxLength(ClinicText.IdentifierLength);
        patient.Property(p => p.GivenName).HasMaxLength(ClinicText.NameLength);
        patient.Property(p => p.FamilyName).HasMaxLength(ClinicText.NameLength);
        patient.Property(p => p.Revision).IsConcurrencyToken();
        patient.HasMany(p => p.Weights).WithOne().HasForeignKey(w => w.PatientId).OnDelete(DeleteBehavior.Restrict);
        patient.Ignore(p => p.CurrentWeight);
    }

    private static void Configure(EntityTypeBuilder<Visit> visit)
    {
        visit.HasOne<Patient>().WithMany().HasForeignKey(v => v.PatientId).OnDelete(DeleteBehavior.Restrict);
        visit.HasOne<Course>().WithMany().HasForeignKey(v => v.CourseId).OnDelete(DeleteBehavior.Restrict);
        visit.HasMany(v => v.Events).WithOne().HasForeignKey(e => e.VisitId).OnDelete(DeleteBehavior.Restrict);
        visit.HasIndex(v => v.RunningPatientId).IsUnique();
        visit.HasIndex(v => v.ScheduledAt);
        visit.Property(v => v.Chair).HasMaxLength(ClinicText.IdentifierLength);
        visit.Property(v => v.CancelledBecause).HasMaxLength(ClinicText.LineLength);

        // An infusion of a course has one visit, a chair one visit at a time; cancelled visits do not count.
        visit.HasIndex(v => new { v.CourseId, v.NumberInCourse }).IsUnique().HasFilter("\"CancelledBecause\" IS NULL");
        visit.HasIndex(v => new { v.Chair, v.ScheduledAt }).IsUnique().HasFilter("\"CancelledBecause\" IS NULL");
    }
}
