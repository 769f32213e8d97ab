using Xunit;

namespace Safeguarding.TestKit;

/// <summary>A disk of some megabytes that can be filled to the last byte and emptied again.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private readonly List<string> _ballast = [];

    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        Assert.SkipUnless(
            Environment.IsPrivilegedProcess,
            "A small disk is mounted, and only root may mount: run this test as root."
        );
        var disk = new SmallDisk(OwnProcess.Folder("disk"));
        await OwnProcess.RunAsync(
            null,
            "/",
            "mount",
            "-t",
            "tmpfs",
            "-o",
            $"size={megabytes}m,mode=711",
            "tmpfs",
            disk.Path
        );
        return disk;
    }

    /// <summary>Not a byte more goes onto it.</summary>
    public void Fill()
    {
        var ballast = System.IO.Path.Combine(Path, $"ballast-{_ballast.Count}");
        _ballast.Add(ballast);
        using var file = new FileStream(ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var block = new byte[64 * 1024];
        for (var size = block.Length; size > 0; )
        {
            try
            {
                file.Write(block, 0, size);
            }
            catch (IOException)
            {
                size /= 2;
            }
        }
    }

    /// <summary>There is room again.</summary>
    public void Free()
    {
        _ballast.ForEach(File.Delete);
        _ballast.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        // Lazily, because a process that was just killed may still be let go.
        await OwnProcess.RunAsync(null, "/", "umount", "-l", Path);
        Directory.Delete(Path);
    }
}
