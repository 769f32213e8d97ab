namespace Safeguarding.Bench.Baseline;

/// <summary>What one process has done so far, so that the bench knows when everything has gone all its way.</summary>
public sealed class Counts
{
    private long _handled;
    private long _published;

    public long Handled => Interlocked.Read(ref _handled);
    public long Published => Interlocked.Read(ref _published);

    public void OneHandled() => Interlocked.Increment(ref _handled);

    public void OnePublished() => Interlocked.Increment(ref _published);
}
