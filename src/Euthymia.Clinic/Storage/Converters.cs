using Euthymia.Pharmacometrics;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Euthymia.Clinic.Storage;

/// <summary>Quantities are stored as exact decimals (text on SQLite, numeric on PostgreSQL) under names that carry the unit.</summary>
internal static class QuantityConverters
{
    public sealed class OfKilograms() : ValueConverter<Kilograms, decimal>(q => q.Value, v => new Kilograms(v));

    public sealed class OfMilligramsPerKilogram() : ValueConverter<MilligramsPerKilogram, decimal>(q => q.Value, v => new MilligramsPerKilogram(v));

    public sealed class OfMilligramsPerMillilitre() : ValueConverter<MilligramsPerMillilitre, decimal>(q => q.Value, v => new MilligramsPerMillilitre(v));
}

internal sealed class RecordedListConverter() : ValueConverter<RecordedList, string>(list => list.ToJson(), json => RecordedList.FromJson(json));

internal sealed class IntakeAnswersConverter() : ValueConverter<IntakeAnswers, string>(answers => answers.ToJson(), json => IntakeAnswers.FromJson(json));

internal sealed class VisitEntryConverter() : ValueConverter<VisitEntry, string>(entry => VisitSeal.ToJson(entry), json => VisitSeal.FromJson(json));

/// <summary>SQLite cannot order by a moment with an offset; UTC ticks keep order and precision.</summary>
internal sealed class UtcTicksConverter() : ValueConverter<DateTimeOffset, long>(moment => moment.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

/// <summary>PostgreSQL's timestamp with time zone takes UTC only.</summary>
internal sealed class UtcConverter() : ValueConverter<DateTimeOffset, DateTimeOffset>(moment => moment.ToUniversalTime(), moment => moment);
