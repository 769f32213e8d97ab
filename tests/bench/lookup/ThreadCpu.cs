using System.Runtime.InteropServices;

namespace Safeguarding.Bench.Lookup;

/// <summary>CPU time of this thread alone, so that what others take of the machine is not measured.</summary>
internal static class ThreadCpu
{
    private const int ThreadCpuTime = 3;

    public static long Nanoseconds()
    {
        _ = clock_gettime(ThreadCpuTime, out var time);
        return (time.Seconds * 1_000_000_000) + time.Nanoseconds;
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int clock_gettime(int clock, out TimeSpec time);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
