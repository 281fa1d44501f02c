using System.Globalization;
using Euthymia.Clinic.Storage;
using Euthymia.Pharmacometrics;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>What is entered to plan a course; numbers as typed. The defaults are the regimen of the published courses of six.</summary>
public sealed record OrderForm
{
    /// <summary>mg/kg.</summary>
    public string? DosePerKilogram { get; init; } = "0.5";

    public string? DurationMinutes { get; init; } = "40";

    /// <summary>Days of the infusions from day 0, separated by commas.</summary>
    public string? Days { get; init; } = "0,2,4,7,9,11";

    /// <summary>mg/mL on the vial's label.</summary>
    public string? VialStrength { get; init; } = "50";

    /// <summary>mg/mL in the syringe or bag.</summary>
    public string? Concentration { get; init; } = "1";

    public DateOnly? FirstDay { get; init; }

    /// <summary>Why a value outside the usual range is right, or why the order is amended.</summary>
    public string? Reason { get; init; }

    public static OrderForm Of(Course course) => new()
    {
        DosePerKilogram = Text(course.Order.DosePerKilogram.Value),
        DurationMinutes = Text((decimal)course.Order.Duration.Ticks / TimeSpan.TicksPerMinute),
        Days = string.Join(",", course.Order.Days),
        VialStrength = Text(course.Order.VialStrength.Value),
        Concentration = Text(course.Order.Concentration.Value),
        FirstDay = course.FirstDay,
    };

    private static string Text(decimal value) => value.ToString("0.####", CultureInfo.InvariantCulture);
}

/// <summary>An order as it would be stored, worked out and compared with the limits.</summary>
/// <param name="Order">Not stored yet.</param>
/// <param name="Working">The arithmetic, one sentence a step.</param>
/// <param name="Limits">Every limited quantity with its level.</param>
public sealed record OrderPreview(InfusionOrder Order, IReadOnlyList<string> Working, IReadOnlyList<LimitCheck> Limits)
{
    public bool NeedsReason => Limits.Any(l => l.Level == LimitLevel.Soft);

    public bool IsRefused => Limits.Any(l => l.Level == LimitLevel.Hard);
}

/// <summary>Plans courses: works out doses, checks the limits, and keeps every version of an order.</summary>
public sealed class CoursePlanner(ClinicDb db, TimeProvider time, Actor actor)
{
    /// <summary>Works out an order for a patient without storing it. Values that cannot be read are refused; limits are reported.</summary>
    public async Task<OrderPreview> Preview(Guid patientId, OrderForm form, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var preview = await Work(patientId, form, Guid.Empty, 1, cancel);
        await AuditRead(patientId, null, cancel);
        return preview;
    }

    /// <summary>Stores a new course with its first order, if it keeps the limits.</summary>
    public async Task<Course> Save(Guid patientId, OrderForm form, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var settings = await new ClinicOffice(db).Settings(cancel);
        var today = settings.DayOf(time.GetUtcNow());
        var firstDay = form.FirstDay ?? today;
        var course = new Course { PatientId = patientId, FirstDay = firstDay, OrderedAt = Clock.Now(time) };
        var preview = await Work(patientId, form, course.Id, 1, cancel);
        RequireWithinLimits(preview, form);
        if (firstDay < today)
            throw ClinicRuleException.Invalid("firstDay", "date_in_past", "The first day is in the past. Choose today or a later day.");
        if (firstDay > today.AddYears(1))
            throw ClinicRuleException.Invalid("firstDay", "date_too_far", "The first day is more than a year away. Check the year.");
        course.Orders.Add(preview.Order);
        db.Courses.Add(course);
        db.Record(actor, time, AuditKind.CourseOrdered, patientId, course.Id);
        await db.SaveChangesAsync(cancel);
        return course;
    }

    /// <summary>
    /// Adds a version to a course's order. <paramref name="version"/> is the version the amendment was made from;
    /// refused when there is a newer one. The earlier versions stay.
    /// </summary>
    public async Task<Course> Amend(Guid courseId, int version, OrderForm form, CancellationToken cancel = default)
    {
        actor.RequireStaff();
        var course = await Load(courseId, cancel);
        if (course.Order.Version != version)
            throw Conflict(course.Order);
        if (string.IsNullOrWhiteSpace(form.Reason))
            throw ClinicRuleException.Invalid("reason", "reason_required", "Say why the order is changed.");
        var preview = await Work(course.PatientId, form, courseId, version + 1, cancel);
        RequireWithinLimits(preview, form);
        db.Orders.Add(preview.Order);
        db.Record(actor, time, AuditKind.CourseAmended, course.PatientId, courseId);
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException failure) when (UniqueViolation.Is(failure))
        {
            db.ChangeTracker.Clear();
            throw Conflict((await Load(courseId, cancel)).Order);
        }

        return await Load(courseId, cancel);
    }

    public async Task<Course> Get(Guid courseId, CancellationToken cancel = default)
    {
        var course = await Load(courseId, cancel);
        actor.RequireAccessTo(course.PatientId);
        await AuditRead(course.PatientId, courseId, cancel);
        return course;
    }

    /// <summary>The courses of a patient, newest first.</summary>
    public async Task<IReadOnlyList<Course>> OfPatient(Guid patientId, CancellationToken cancel = default)
    {
        actor.RequireAccessTo(patientId);
        var courses = await db.Courses.AsNoTracking().Include(c => c.Orders.OrderBy(o => o.Version))
            .Where(c => c.PatientId == patientId).OrderByDescending(c => c.FirstDay).ThenByDescending(c => c.OrderedAt).ToListAsync(cancel);
        await AuditRead(patientId, null, cancel);
        return courses;
    }

    private async Task<Course> Load(Guid courseId, CancellationToken cancel) =>
        await db.Courses.AsNoTracking().Include(c => c.Orders.OrderBy(o => o.Version)).SingleOrDefaultAsync(c => c.Id == courseId, cancel)
        ?? throw ClinicRuleException.NotFound("course");

    private async Task<OrderPreview> Work(Guid patientId, OrderForm form, Guid courseId, int version, CancellationToken cancel)
    {
        var patient = await db.Patients.AsNoTracking().Include(p => p.Weights).SingleOrDefaultAsync(p => p.Id == patientId, cancel)
            ?? throw ClinicRuleException.NotFound("patient");
        var weight = patient.CurrentWeight
            ?? throw ClinicRuleException.Invalid("weight", "weight_missing", "No weight is recorded. Weigh the patient and record it before planning a dose.");
        var limits = DoseLimits.Current;
        var errors = new FieldErrors();
        var dose = Number(errors, "dose", form.DosePerKilogram);
        var minutes = Number(errors, "duration", form.DurationMinutes);
        var vial = Number(errors, "vialStrength", form.VialStrength);
        var concentration = Number(errors, "concentration", form.Concentration);
        var days = ReadDays(errors, form.Days, limits);
        var reason = ClinicText.Check(errors, "reason", form.Reason, ClinicText.LineLength);
        if (vial is { } strength && !limits.VialStrengths.Contains(new MilligramsPerMillilitre(strength)))
            errors.Add("vialStrength", "vial_strength_unknown", $"Choose a vial of {string.Join(", ", limits.VialStrengths)}.");
        if (vial < concentration)
            errors.Add("concentration", "concentration_above_vial", "The syringe or bag cannot be stronger than the vial it is drawn from.");
        errors.ThrowIfAny();

        var order = new InfusionOrder
        {
            CourseId = courseId,
            Version = version,
            DosePerKilogram = new MilligramsPerKilogram(dose!.Value),
            Duration = TimeSpan.FromTicks((long)(minutes!.Value * TimeSpan.TicksPerMinute)),
            Days = days,
            VialStrength = new MilligramsPerMillilitre(vial!.Value),
            Concentration = new MilligramsPerMillilitre(concentration!.Value),
            Weight = weight.Weight,
            WeighedOn = weight.MeasuredOn,
            OrderedAt = Clock.Now(time),
            OrderedBy = actor.AccountId,
            OrderedByName = actor.Name,
            Reason = reason,
        };
        var spacing = days.Zip(days.Skip(1), (a, b) => limits.Check("spacing", (b - a) * 24)).ToList();
        return new OrderPreview(order, order.Arithmetic.Working(), [.. limits.Check(order.Arithmetic), .. spacing]);
    }

    private static void RequireWithinLimits(OrderPreview preview, OrderForm form)
    {
        var errors = new FieldErrors();
        foreach (var hard in preview.Limits.Where(l => l.Level == LimitLevel.Hard))
            errors.Add(hard.Limit.Field, hard.Code, hard.Message);
        if (!errors.Any && string.IsNullOrWhiteSpace(form.Reason))
        {
            foreach (var soft in preview.Limits.Where(l => l.Level == LimitLevel.Soft))
                errors.Add(soft.Limit.Field, soft.Code, soft.Message);
        }

        errors.ThrowIfAny();
    }

    private static decimal? Number(FieldErrors errors, string field, string? typed)
    {
        if (!ClinicalNumber.TryParse(typed, out var value, out var problem))
            errors.Add(field, "number_format", problem);
        else if (value == 0)
            errors.Add(field, "not_positive", "Enter a number above zero.");
        else
            return value;
        return null;
    }

    private static List<int> ReadDays(FieldErrors errors, string? typed, DoseLimits limits)
    {
        List<int> days = [];
        foreach (var part in (typed ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.Length is 0 or > 4 || !part.All(char.IsAsciiDigit))
            {
                errors.Add("days", "days_format", "Write the days as whole numbers with commas, such as 0,2,4,7,9,11.");
                return [];
            }

            days.Add(int.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture));
        }

        if (days[0] != 0)
            errors.Add("days", "days_start", "The first infusion is on day 0.");
        if (days.Zip(days.Skip(1)).Any(pair => pair.Second <= pair.First))
            errors.Add("days", "days_order", "Write the days in ascending order, each once.");
        if (days.Count > limits.MaximumInfusions || days[^1] > limits.MaximumDay)
            errors.Add("days", "days_too_many", $"A course has at most {limits.MaximumInfusions} infusions within {limits.MaximumDay} days.");
        return days;
    }

    private static ClinicRuleException Conflict(InfusionOrder current) =>
        new(RefusalKind.Conflict, "", "changed_by_another", string.Create(CultureInfo.InvariantCulture,
            $"{current.OrderedByName} amended this order at {current.OrderedAt:yyyy-MM-dd HH:mm} UTC (version {current.Version}). Open it again and repeat your change."));

    private async Task AuditRead(Guid patientId, Guid? courseId, CancellationToken cancel)
    {
        db.Record(actor, time, AuditKind.CourseRead, patientId, courseId);
        await db.SaveChangesAsync(cancel);
    }
}
