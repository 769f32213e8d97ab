using System.Globalization;
using Xunit;

namespace Safeguarding.TestKit;

/// <summary>
/// A wrong clock for a service's process, by libfaketime; delays keep their true length. Set while the process
/// runs.
/// </summary>
public sealed class FakeClock : IDisposable
{
    private readonly string _library;
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"hub-clock-{Guid.CreateVersion7():n}");

    private FakeClock(string library) => _library = library;

    /// <summary>For <see cref="ServiceProcess"/>.</summary>
    public IEnumerable<(string Key, string Value)> Settings =>
        [
            ("LD_PRELOAD", _library),
            ("FAKETIME_TIMESTAMP_FILE", _file),
            ("FAKETIME_CACHE_DURATION", "1"),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1"),
            ("DONT_FAKE_MONOTONIC", "1"),
        ];

    public static async Task<FakeClock> CreateAsync()
    {
        if (Find() is null && Environment.IsPrivilegedProcess)
        {
            await OwnProcess.RunAsync(
                null,
                "/",
                "apt-get",
                "install",
                "-y",
                "-qq",
                "--no-install-recommends",
                "libfaketime"
            );
        }

        Assert.SkipWhen(
            Find() is null,
            "libfaketime is not installed, and only root can install it: apt-get install libfaketime"
        );
        var clock = new FakeClock(Find()!);
        clock.Set(TimeSpan.Zero);
        return clock;
    }

    /// <summary>From within a second on the clock is ahead of the true time by this; negative: behind.</summary>
    public void Set(TimeSpan ahead)
    {
        var temporary = _file + ".new";
        File.WriteAllText(
            temporary,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(ahead < TimeSpan.Zero ? "-" : "+")}{ahead.Duration().TotalSeconds:f0}\n"
            )
        );
        File.Move(temporary, _file, overwrite: true);
    }

    public void Dispose() => File.Delete(_file);

    private static string? Find() =>
        Directory
            .GetDirectories(
                "/usr/lib",
                "faketime",
                new EnumerationOptions
                {
                    RecurseSubdirectories = true,
                    MaxRecursionDepth = 1,
                    IgnoreInaccessible = true,
                }
            )
            .Select(folder => Path.Combine(folder, "libfaketimeMT.so.1"))
            .FirstOrDefault(File.Exists);
}
