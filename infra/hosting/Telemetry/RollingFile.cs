using System.Text;

namespace Safeguarding.Hosting.Telemetry;

/// <summary>
/// A log file of bounded size for services that run without a container engine: at the bound it becomes <c>name.1</c>,
/// the one before <c>name.2</c>, and the oldest is deleted.
/// </summary>
internal sealed class RollingFile : TextWriter
{
    private const int Kept = 4;

    private readonly string _path;
    private readonly long _mostBytes;
    private readonly Lock _gate = new();
    private FileStream? _file;

    public RollingFile(string path, long mostBytes) => (_path, _mostBytes) = (path, mostBytes);

    public override Encoding Encoding => Encoding.UTF8;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(string? value)
    {
        var bytes = Encoding.UTF8.GetBytes(value ?? "");
        lock (_gate)
        {
            try
            {
                _file ??= new FileStream(
                    _path,
                    FileMode.OpenOrCreate,
                    FileAccess.Write,
                    FileShare.ReadWrite | FileShare.Delete,
                    bufferSize: 0
                );
                if (_file.Length > 0 && _file.Length + bytes.Length > _mostBytes)
                    Roll();
                // The end may have moved: what the runtime itself prints when a process dies goes to the same file.
                _file.Seek(0, SeekOrigin.End);
                _file.Write(bytes);
            }
            catch (IOException)
            {
                // A full disk costs log lines; it must not stop the service, nor the lines that come when there is room
                // again.
            }
        }
    }

    private void Roll()
    {
        _file!.Dispose();
        for (var i = Kept - 1; i >= 1; i--)
        {
            if (File.Exists($"{_path}.{i}"))
                File.Move($"{_path}.{i}", $"{_path}.{i + 1}", overwrite: true);
        }

        File.Move(_path, $"{_path}.1", overwrite: true);
        _file = new FileStream(
            _path,
            FileMode.OpenOrCreate,
            FileAccess.Write,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 0
        );
    }

    protected override void Dispose(bool disposing)
    {
        _file?.Dispose();
        base.Dispose(disposing);
    }
}
