namespace Euthymia.Pharmacometrics;

/// <summary>How a simulation runs; nothing here changes a result.</summary>
/// <param name="Threads">At most this many at once; null for one per core.</param>
/// <param name="PatientsDone">Told of each finished chunk's number of patients, from any thread.</param>
/// <param name="Cancellation">Stops between chunks with an <see cref="OperationCanceledException"/>.</param>
public sealed record SimulationControl(int? Threads = null, Action<int>? PatientsDone = null, CancellationToken Cancellation = default)
{
    private const int LargestPatientCount = 1_000_000;

    internal static void CheckPatients(int patients)
    {
        if (patients is < 1 or > LargestPatientCount)
            throw new InvalidInputException("patients-out-of-range", "patients", $"The number of virtual patients must be from 1 to {LargestPatientCount:N0}.");
    }
}
