using System.Globalization;
using Euthymia.Clinic;
using Euthymia.Clinic.Recorder;
using Euthymia.Clinic.Storage;
using Microsoft.EntityFrameworkCore;

// Records at many chairs until it is killed, and says on its output what was acknowledged: "visit number", one line each.
// Usage: sqlite|postgres CONNECTION true|early VISIT:NEXT:CHAIR...
// "early" is the fault that the test must find: it says so before the entry is stored.
Func<ClinicDb> open = args[0] is "sqlite"
    ? () => new SqliteClinicDb(new DbContextOptionsBuilder<SqliteClinicDb>().UseSqlite(args[1]).Options)
    : () => new PostgresClinicDb(new DbContextOptionsBuilder<PostgresClinicDb>().UseNpgsql(args[1]).Options);
var isEarly = args[2] is "early";
var nurse = new Actor(new Guid("7d7d7d7d-0000-4000-8000-000000000001"), "Recorder", ClinicRole.Nurse);
var recorder = new VisitRecorder(open, TimeProvider.System);
var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
var chairs = args[3..].Select(text => text.Split(':')).Select(parts =>
    Task.Run(() => Record(Guid.Parse(parts[0]), int.Parse(parts[1], CultureInfo.InvariantCulture), int.Parse(parts[2], CultureInfo.InvariantCulture))));
await Task.WhenAll(chairs.Append(Task.Run(() => recorder.Run(CancellationToken.None))));

async Task Record(Guid visit, int number, int chair)
{
    for (; ; number++)
    {
        if (isEarly)
            await output.WriteLineAsync($"{visit} {number}");
        await recorder.Append(nurse, visit, RecordedEvents.Id(visit, number), RecordedEvents.Entry(chair, number));
        if (!isEarly)
            await output.WriteLineAsync($"{visit} {number}");
    }
}
