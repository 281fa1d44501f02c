using System.Security.Claims;
using Euthymia.Clinic;
using Euthymia.Clinic.Courses.Care;
using Euthymia.Clinic.Courses.Decisions;
using Euthymia.Clinic.Forecasts;
using Euthymia.Clinic.Patients.LongTerm;
using Euthymia.Clinic.Rules;
using Euthymia.Clinic.Storage;

namespace Euthymia.Web.Accounts;

/// <summary>The clinic's services, working for the person who is signed in. One per request.</summary>
public sealed class ClinicDesk(ClinicDb db, TimeProvider time, CurrentActor current, IndividualModels models)
{
    public async Task<PatientRegister> Patients() => new(db, time, await current.Get());

    public async Task<CoursePlanner> Courses() => new(db, time, await current.Get());

    public async Task<VisitLog> Visits() => new(db, time, await current.Get());

    /// <summary>For endpoints, which know the person from the request.</summary>
    public VisitLog VisitsFor(ClaimsPrincipal person) => new(db, time, CurrentActor.Of(person));

    public async Task<RuleSignatures> RuleSignatures() => new(db, time, await current.Get());

    public async Task<ClinicRules> Rules() => new(db, time, await current.Get());

    public async Task<IntakeBook> Intakes() => new(db, time, await current.Get());

    public async Task<EligibilityDesk> Eligibility() => new(db, time, await current.Get());

    public async Task<ConsentBook> Consents() => new(db, time, await current.Get());

    /// <summary>For endpoints, which know the person from the request.</summary>
    public ConsentBook ConsentsFor(ClaimsPrincipal person) => new(db, time, CurrentActor.Of(person));

    public async Task<FollowUp> FollowUp() => new(db, time, await current.Get());

    public async Task<ForecastDesk> Forecasts() => new(db, time, await current.Get(), models);

    /// <summary>For endpoints, which know the person from the request.</summary>
    public ForecastDesk ForecastsFor(ClaimsPrincipal person) => new(db, time, CurrentActor.Of(person), models);

    public async Task<ForecastBook> ForecastRecords() => new(db, time, await current.Get());

    public async Task<FindingBook> Findings() => new(db, time, await current.Get());

    public async Task<CheckIns> CheckIns() => new(db, time, await current.Get());

    public async Task<Drafts> Drafts() => new(db, time, await current.Get());

    public async Task<ReadDocuments> ReadDocuments() => new(db, time, await current.Get());

    public async Task<OnCallList> OnCall() => new(db, time, await current.Get());

    public async Task<PatientStories> Stories() => new(db, time, await current.Get());

    /// <summary>For endpoints, which know the person from the request.</summary>
    public PatientStories StoriesFor(ClaimsPrincipal person) => new(db, time, CurrentActor.Of(person));

    public async Task<ClinicResults> Results() => new(db, time, await current.Get());

    public async Task<ResearchConsents> ResearchConsents() => new(db, time, await current.Get());

    public async Task<ResearchExport> ResearchExport() => new(db, time, await current.Get());

    /// <summary>For endpoints, which know the person from the request.</summary>
    public ResearchExport ResearchExportFor(ClaimsPrincipal person) => new(db, time, CurrentActor.Of(person));

    public async Task<FreshInvitation> Invite(Guid patientId) => await new Invitations(db, time).Make(await current.Get(), patientId);

    public async Task<CourseDecisions> Decisions() => new(db, time, await current.Get());

    public async Task<LongTermWatch> LongTerm() => new(db, time, await current.Get());

    public async Task<PatientWishes> Wishes() => new(db, time, await current.Get());

    public async Task<SeriousEvents> SeriousEvents() => new(db, time, await current.Get());

    public async Task<CombinedCarePlan> Care() => new(db, time, await current.Get());

    public Task<ClinicSettings> Settings() => new ClinicOffice(db).Settings();
}
