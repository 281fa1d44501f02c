using System.Runtime.InteropServices;

namespace Euthymia.Numerics.Cascades;

/// <summary>
/// Memory for results that are written once from end to end. In pages of 4 KiB, looking pages up takes a tenth of a
/// simulation's time, and touching fresh ones doubles it; so Linux is asked for pages of 2 MiB. Elsewhere, or where it refuses, all is
/// the same but slower.
/// </summary>
internal static unsafe partial class HugePages
{
    private const nuint PageSize = 2 << 20;

    // MADV_HUGEPAGE of <sys/mman.h>, the same on every architecture that .NET runs on.
    private const int Advice = 14;

    /// <summary>Allocates memory, to be freed by <see cref="NativeMemory.AlignedFree"/>.</summary>
    public static void* Allocate(nuint bytes)
    {
        if (bytes < PageSize || !OperatingSystem.IsLinux())
            return NativeMemory.AlignedAlloc(Math.Max(bytes, 64), 64);
        var memory = NativeMemory.AlignedAlloc(bytes, PageSize);
        // Advice only: whether it is taken changes no number.
        _ = Advise(memory, bytes, Advice);
        return memory;
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
