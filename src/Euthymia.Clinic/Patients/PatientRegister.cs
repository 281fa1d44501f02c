using System.Globalization;
using Euthymia.Clinic.Storage;
using Euthymia.Pharmacometrics;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>The clinic's patients: adding, editing and finding them. Every read and write is audited with it.</summary>
public sealed class PatientRegister(ClinicDb db, TimeProvider time, Actor actor)
{
    public const int MaximumFound = 50;

    /// <summary>Characters of a clinic number at most.</summary>
    public const int LongestClinicNumber = ClinicText.IdentifierLength;

    private const decimal MinimumHeight = 100;
    private const decimal MaximumHeight = 230;
    private const int MinimumAge = 18;
    private const int MaximumAge = 120;

    public async Task<Patient> Add(PatientForm form, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var patient = new Patient();
        Apply(form, patient, await Today(cancel));
        await RequireFreeNumber(patient, cancel);
        db.Patients.Add(patient);
        Audit(AuditKind.PatientAdded, patient.Id);
        await Save(patient, cancel);
        return patient;
    }

    /// <summary>Changes a patient's record; refused when somebody else has changed it since <paramref name="revision"/> was read.</summary>
    public async Task<Patient> Edit(Guid id, int revision, PatientForm form, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var patient = await db.Patients.Include(p => p.Weights).SingleOrDefaultAsync(p => p.Id == id, cancel)
            ?? throw ClinicRuleException.NotFound("patient");
        if (patient.Revision != revision)
            throw Conflict(patient);
        try
        {
            Apply(form, patient, await Today(cancel));
            patient.Revision = revision + 1;
            await RequireFreeNumber(patient, cancel);
            Audit(AuditKind.PatientEdited, patient.Id);
            await Save(patient, cancel);
            return patient;
        }
        catch (ClinicRuleException)
        {
            db.ChangeTracker.Clear(); // a refused edit must not be saved by the next call on this context
            throw;
        }
    }

    public async Task<Patient> Get(Guid id, CancellationToken cancel = default)
    {
        actor.RequireAccessTo(id);
        var patient = await db.Patients.AsNoTracking().Include(p => p.Weights.OrderBy(w => w.MeasuredOn).ThenBy(w => w.RecordedAt))
            .SingleOrDefaultAsync(p => p.Id == id, cancel) ?? throw ClinicRuleException.NotFound("patient");
        Audit(AuditKind.PatientRead, id);
        await db.SaveChangesAsync(cancel);
        return patient;
    }

    /// <summary>
    /// Patients whose names or identifiers contain every word of <paramref name="text"/>, whatever the case or the diacritics;
    /// "%" and "_" are plain signs. An empty text lists all. At most <see cref="MaximumFound"/>, by family name.
    /// </summary>
    public async Task<IReadOnlyList<Patient>> Find(string? text, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var errors = new FieldErrors();
        var wanted = ClinicText.Check(errors, "text", text, ClinicText.LineLength) ?? "";
        errors.ThrowIfAny();

        var query = db.Patients.AsNoTracking().Include(p => p.Weights).AsQueryable();
        foreach (var word in ClinicText.Fold(wanted).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var pattern = $"%{EscapeLike(word)}%";
            query = query.Where(p => EF.Functions.Like(p.SearchKey, pattern, "\\"));
        }

        var found = await query.OrderBy(p => p.SearchKey).ThenBy(p => p.Id).Take(MaximumFound).ToListAsync(cancel);
        foreach (var patient in found)
            Audit(AuditKind.PatientFound, patient.Id);
        await db.SaveChangesAsync(cancel);
        return found;
    }

    /// <summary>Gives a patient an own account; each side is linked at most once.</summary>
    public async Task LinkAccount(Guid patientId, Guid accountId, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        if (!await db.Patients.AnyAsync(p => p.Id == patientId, cancel))
            throw ClinicRuleException.NotFound("patient");
        var account = await db.Users.SingleOrDefaultAsync(a => a.Id == accountId, cancel) ?? throw ClinicRuleException.NotFound("account");
        var taken = account.PatientId is { } linked && linked != patientId;
        if (taken || await db.Users.AnyAsync(a => a.PatientId == patientId && a.Id != accountId, cancel))
            throw new ClinicRuleException(RefusalKind.Conflict, "account", "account_linked", "This patient or this account is already linked.");
        account.PatientId = patientId;
        Audit(AuditKind.AccountLinked, patientId);
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Changes where a patient's reminders go; null or empty for none. Only a lead does: whoever reads that mail learns that there is something to fill in.</summary>
    public async Task ChangeMail(Guid patientId, string? mail, CancellationToken cancel = default)
    {
        actor.RequireLead();
        var errors = new FieldErrors();
        var address = ClinicText.Check(errors, "mail", mail, MailAddressText.Longest);
        if (address is not null && !MailAddressText.IsPlausible(address))
            errors.Add("mail", "mail_address", "Enter one mail address, such as name@example.org, or leave it empty.");
        errors.ThrowIfAny();
        var account = await db.Users.SingleOrDefaultAsync(a => a.PatientId == patientId, cancel) ?? throw ClinicRuleException.NotFound("account");
        account.Email = address;
        account.NormalizedEmail = address?.ToUpperInvariant();
        account.EmailConfirmed = false;
        Audit(AuditKind.MailAddressChanged, patientId);
        await db.SaveChangesAsync(cancel);
        db.ChangeTracker.Clear();
    }

    private void Apply(PatientForm form, Patient patient, DateOnly today)
    {
        var errors = new FieldErrors();
        var number = ClinicText.Check(errors, "clinicNumber", form.ClinicNumber, ClinicText.IdentifierLength, required: true);
        var national = ClinicText.Check(errors, "nationalId", form.NationalId, ClinicText.IdentifierLength);
        var given = ClinicText.Check(errors, "givenName", form.GivenName, ClinicText.NameLength, required: true);
        var family = ClinicText.Check(errors, "familyName", form.FamilyName, ClinicText.NameLength, required: true);
        CheckBirth(errors, form.DateOfBirth, today);
        CheckChoice(errors, "sex", form.Sex);
        CheckChoice(errors, "diagnosis", form.Diagnosis);
        var height = Height(errors, form.HeightCentimetres);
        var prior = List(errors, "priorTreatments", form.PriorTreatments);
        var medication = List(errors, "medication", form.Medication);
        var allergies = List(errors, "allergies", form.Allergies);
        var weight = Weight(errors, form, patient, height, today);
        errors.ThrowIfAny();

        patient.ClinicNumber = number!;
        patient.NationalId = national;
        patient.GivenName = given!;
        patient.FamilyName = family!;
        patient.DateOfBirth = form.DateOfBirth!.Value;
        patient.Sex = form.Sex!.Value;
        patient.Diagnosis = form.Diagnosis == Diagnosis.TreatmentResistantDepression ? Diagnosis.MajorDepressiveDisorder : form.Diagnosis!.Value;
        patient.HeightCentimetres = height;
        patient.PriorTreatments = prior;
        patient.Medication = medication;
        patient.Allergies = allergies;
        patient.SearchKey = ClinicText.Fold($"{family} {given} {number} {national}").TrimEnd();
        patient.ChangedAt = Clock.Now(time);
        patient.ChangedByName = actor.Name;
        if (weight is not null)
        {
            patient.Weights.Add(weight);
            db.Entry(weight).State = EntityState.Added;
            Audit(AuditKind.WeightRecorded, patient.Id);
        }
    }

    private static void CheckBirth(FieldErrors errors, DateOnly? birth, DateOnly today)
    {
        if (birth is not { } day)
            errors.Add("dateOfBirth", "required", "Enter the date of birth.");
        else if (day > today)
            errors.Add("dateOfBirth", "date_in_future", "The date of birth is in the future.");
        else if (day > today.AddYears(-MinimumAge))
            errors.Add("dateOfBirth", "age_range", $"The models and rules here are for adults: the patient must be at least {MinimumAge} years old.");
        else if (day < today.AddYears(-MaximumAge))
            errors.Add("dateOfBirth", "age_range", $"The date of birth is more than {MaximumAge} years ago. Check the year.");
    }

    private static void CheckChoice<T>(FieldErrors errors, string field, T? choice)
        where T : struct, Enum
    {
        if (choice is not { } value || !Enum.IsDefined(value))
            errors.Add(field, "required", "Choose one.");
    }

    private static decimal? Height(FieldErrors errors, string? typed)
    {
        if (string.IsNullOrWhiteSpace(typed))
            return null;
        if (!ClinicalNumber.TryParse(typed, out var height, out var problem))
            errors.Add("height", "number_format", problem);
        else if (height is < MinimumHeight or > MaximumHeight)
            errors.Add("height", "height_range", $"Enter the height in centimetres, between {MinimumHeight} and {MaximumHeight}.");
        else
            return height;
        return null;
    }

    private WeightMeasurement? Weight(FieldErrors errors, PatientForm form, Patient patient, decimal? height, DateOnly today)
    {
        if (string.IsNullOrWhiteSpace(form.WeightKilograms))
            return null;
        var day = form.WeighedOn ?? today;
        if (day > today)
            errors.Add("weighedOn", "date_in_future", "The day of the weight is in the future.");
        else if (form.DateOfBirth is { } birth && day < birth)
            errors.Add("weighedOn", "date_before_birth", "The day of the weight is before the date of birth.");
        if (!ClinicalNumber.TryParse(form.WeightKilograms, out var kilograms, out var problem))
        {
            errors.Add("weight", "number_format", problem);
            return null;
        }

        WeightPlausibility.Check(errors, kilograms, patient.CurrentWeight, height, form.Confirmed);
        return new WeightMeasurement
        {
            PatientId = patient.Id,
            Weight = new Kilograms(kilograms),
            MeasuredOn = day,
            RecordedAt = Clock.Now(time),
            RecordedByName = actor.Name,
        };
    }

    private static RecordedList List(FieldErrors errors, string field, RecordedList list)
    {
        if (!list.IsRecorded)
            return RecordedList.NotRecorded;
        if (list.Items.Count > RecordedList.MaximumItems)
            errors.Add(field, "too_many", $"Enter at most {RecordedList.MaximumItems} lines.");
        return RecordedList.Of(list.Items.Take(RecordedList.MaximumItems)
            .Select(item => ClinicText.Check(errors, field, item, ClinicText.LineLength)).OfType<string>());
    }

    private async Task RequireFreeNumber(Patient patient, CancellationToken cancel)
    {
        if (await db.Patients.AnyAsync(p => p.ClinicNumber == patient.ClinicNumber && p.Id != patient.Id, cancel))
            throw NumberTaken(patient.ClinicNumber);
    }

    // The database decides: two people can pass the checks above at the same moment.
    private async Task Save(Patient patient, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            throw Conflict(await db.Patients.AsNoTracking().SingleAsync(p => p.Id == patient.Id, cancel));
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure))
        {
            db.ChangeTracker.Clear();
            throw NumberTaken(patient.ClinicNumber);
        }
    }

    private static ClinicRuleException NumberTaken(string number) =>
        new(RefusalKind.Conflict, "clinicNumber", "clinic_number_taken", $"The clinic number {number} belongs to another patient.");

    private static ClinicRuleException Conflict(Patient current) =>
        new(RefusalKind.Conflict, "", "changed_by_another", string.Create(CultureInfo.InvariantCulture,
            $"{current.ChangedByName} changed this record at {current.ChangedAt:yyyy-MM-dd HH:mm} UTC, after you opened it. Open it again and repeat your change."));

    private async Task<DateOnly> Today(CancellationToken cancel) => (await new ClinicOffice(db).Settings(cancel)).DayOf(time.GetUtcNow());

    private void Audit(string kind, Guid patientId, Guid? subject = null) => db.Record(actor, time, kind, patientId, subject);

    private static string EscapeLike(string word) =>
        word.Replace("\\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal);
}
