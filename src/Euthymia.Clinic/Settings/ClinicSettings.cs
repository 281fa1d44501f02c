using System.Globalization;
using System.Text.RegularExpressions;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

namespace Euthymia.Clinic;

/// <summary>What one clinic says about itself. There is one row.</summary>
public sealed partial class ClinicSettings
{
    public const int OnlyId = 1;

    public int Id { get; init; } = OnlyId;

    public string Name { get; set; } = "";

    /// <summary>IANA name of the time zone in which the clinic's days and appointments are meant.</summary>
    public string TimeZone { get; set; } = "Etc/UTC";

    public IList<string> Chairs { get; set; } = [];

    /// <summary>Whom a patient in crisis calls, with the number, as shown to patients. Empty until the clinic sets it.</summary>
    public string CrisisLine { get; set; } = "";

    /// <summary>The clinic's cap on the dose of one infusion, mg; null until a lead sets it. None is shipped.</summary>
    public decimal? DoseCapMilligrams { get; set; }

    /// <summary>When somebody reads patients' answers, such as "Mon-Fri 08:00-17:00". Empty: nobody is said to be reading.</summary>
    public string OpeningHours { get; set; } = "";

    /// <summary>Days on which the clinic is closed besides its weekly hours, such as holidays.</summary>
    public IList<DateOnly> ClosedDays { get; set; } = [];

    /// <summary>Where the person on call is told of answers that cannot wait; empty until the clinic sets it.</summary>
    public string OnCallMail { get; set; } = "";

    /// <summary>What every patient is told to do before and after an infusion, in the clinic's own words.</summary>
    public string PatientInstructions { get; set; } = "";

    /// <summary>True for a clinic of invented patients: every page says so.</summary>
    public bool IsDemo { get; set; }

    public TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(TimeZone);

    /// <summary>The clinic's calendar day at a moment.</summary>
    public DateOnly DayOf(DateTimeOffset moment) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(moment, Zone).DateTime);

    /// <summary>A text of the rule engine, whose moments are written in UTC, with those moments on the clinic's clock.</summary>
    public string OnClinicsClock(string text) => UtcMoment().Replace(text, match =>
        DateTimeOffset.TryParseExact(match.Value, "yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)
            ? Written(at, "yyyy-MM-dd HH:mm") : match.Value);

    /// <summary>A moment on the clinic's clock. In the hour that occurs twice in autumn its offset follows, or two moments would read the same.</summary>
    /// <param name="moment">The moment.</param>
    /// <param name="format">A format of .NET that holds the time of day, such as "HH:mm".</param>
    /// <param name="withOffset">Writes the offset in any hour.</param>
    public string Written(DateTimeOffset moment, string format, bool withOffset = false)
    {
        var zone = Zone;
        var local = TimeZoneInfo.ConvertTime(moment, zone);
        return local.ToString(format, CultureInfo.InvariantCulture) + (withOffset || zone.IsAmbiguousTime(local.DateTime) ? local.ToString(" 'UTC'zzz", CultureInfo.InvariantCulture) : "");
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ", RegexOptions.None, 1000)]
    private static partial Regex UtcMoment();

    /// <summary>
    /// The moment of a local time of the clinic. A time that the clocks skip in spring is moved on by the length of the gap;
    /// of a time that occurs twice in autumn the first is meant.
    /// </summary>
    public DateTimeOffset MomentOf(DateOnly day, TimeOnly time)
    {
        var zone = Zone;
        var local = day.ToDateTime(time);
        if (zone.IsInvalidTime(local))
            local = local.AddHours(1);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}

/// <summary>Reads and changes the clinic's settings.</summary>
public sealed class ClinicOffice(ClinicDb db)
{
    /// <summary>The settings, or neutral ones (no name, UTC, one chair) while the clinic has not set any.</summary>
    public async Task<ClinicSettings> Settings(CancellationToken cancel = default) =>
        await db.Settings.AsNoTracking().SingleOrDefaultAsync(cancel) ?? new ClinicSettings { Chairs = ["Chair 1"] };

    /// <summary>False on a fresh database: the first-run page then makes the first account.</summary>
    public Task<bool> AnyAccount(CancellationToken cancel = default) => db.Users.AnyAsync(cancel);

    /// <summary>Stores the settings. On first run there is no lead yet, so <paramref name="actor"/> may be null only while no account exists.</summary>
    public async Task<ClinicSettings> Save(ClinicSettings wanted, Actor? actor, CancellationToken cancel = default)
    {
        if (actor is not null)
            actor.RequireLead();
        else if (await AnyAccount(cancel))
            throw ClinicRuleException.Forbidden("Sign in as a lead to change the clinic's settings.");

        var errors = new FieldErrors();
        var name = ClinicText.Check(errors, "name", wanted.Name, ClinicText.NameLength, required: true);
        var crisis = ClinicText.Check(errors, "crisisLine", wanted.CrisisLine, ClinicText.LineLength);
        if (wanted.DoseCapMilligrams is <= 0 or > 1000)
            errors.Add("doseCap", "dose_cap_range", "Enter a cap above 0 and up to 1000 mg, or leave it empty.");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(wanted.TimeZone, out _))
            errors.Add("timeZone", "time_zone_unknown", "This time zone is not known here. Use a name such as Europe/Berlin.");
        var chairs = wanted.Chairs.Select(c => ClinicText.Check(errors, "chairs", c, ClinicText.IdentifierLength)).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (chairs.Count is 0 or > 100)
            errors.Add("chairs", "chairs_count", "Name at least one chair and at most 100.");
        if (!Euthymia.Clinic.OpeningHours.TryParse(wanted.OpeningHours, out _, out var hoursProblem))
            errors.Add("openingHours", "opening_hours", hoursProblem);
        var onCall = ClinicText.Check(errors, "onCallMail", wanted.OnCallMail, ClinicText.LineLength);
        if (onCall is not null && !MailAddressText.IsPlausible(onCall))
            errors.Add("onCallMail", "mail_address", "Enter one mail address, such as oncall@example.org.");
        var instructions = ClinicText.Check(errors, "patientInstructions", wanted.PatientInstructions, ClinicText.NoteLength, lines: true);
        if (wanted.ClosedDays.Count > 400)
            errors.Add("closedDays", "too_many", "List at most 400 days.");
        errors.ThrowIfAny();

        var stored = await db.Settings.SingleOrDefaultAsync(cancel);
        if (stored is null)
            db.Settings.Add(stored = new ClinicSettings());
        stored.Name = name!;
        stored.TimeZone = wanted.TimeZone;
        stored.Chairs = chairs;
        stored.CrisisLine = crisis ?? "";
        stored.DoseCapMilligrams = wanted.DoseCapMilligrams;
        stored.OpeningHours = wanted.OpeningHours.Trim();
        stored.ClosedDays = [.. wanted.ClosedDays.Distinct().Order()];
        stored.OnCallMail = onCall ?? "";
        stored.PatientInstructions = instructions ?? "";
        stored.IsDemo = wanted.IsDemo;
        await db.SaveChangesAsync(cancel);
        return stored;
    }
}
