using Euthymia.Clinic;
using Euthymia.Clinic.Demo;
using Euthymia.Clinic.Storage;
using Euthymia.Web.Tests.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Euthymia.Web.Tests.Cohort;

/// <summary>A clinic with two leads, a nurse and the demo's patients of earlier years.</summary>
public sealed class HistorySite : ClinicSite
{
    public Account Lead { get; private set; } = null!;

    public Account OtherLead { get; private set; } = null!;

    public Account Nurse { get; private set; } = null!;

    public Patient Patient { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await SetUp();
        Lead = await AddAccount("lead.one", ClinicRole.Lead);
        OtherLead = await AddAccount("lead.two", ClinicRole.Lead);
        Nurse = await AddAccount("nurse", ClinicRole.Nurse);
        Patient = await With(async services =>
        {
            var db = services.GetRequiredService<ClinicDb>();
            await new DemoClinic(db, services.GetRequiredService<TimeProvider>(), services.GetRequiredService<IPasswordHasher<Account>>()).FillHistory();
            return await db.Patients.AsNoTracking().SingleAsync(p => p.ClinicNumber == "DEMO-H100");
        });
    }

    public Task<IReadOnlyList<AuditEntry>> Audited(string kind) => With(async services => (IReadOnlyList<AuditEntry>)await services.GetRequiredService<ClinicDb>().Audit.AsNoTracking().Where(a => a.Kind == kind).ToListAsync());
}
