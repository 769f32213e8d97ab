using System.Buffers.Binary;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Rules.Lookup;

/// <summary>
/// A register in memory, searched as the service searches its plans. Nothing of it is stored, so its keys are hashed
/// without a secret.
/// </summary>
internal sealed class RegisterIndex : IDisposable
{
    private readonly KeyIndex _index = new();
    private readonly IReadOnlyList<Candidate> _register;

    public RegisterIndex(IReadOnlyList<Candidate> register)
    {
        _register = register;
        var keys = new long[register.Count][];
        Parallel.For(0, keys.Length, row => keys[row] = HashesOf(BlockKeys.ForStoring(register[row].Person)).All);
        _index.Put(keys.Select((own, row) => (IdOf(row), (long[]?)own)));
    }

    /// <summary>An id that stands for a place in the list; ids rise with it.</summary>
    public static Guid IdOf(int row) => new(row, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /// <summary>The place in the list that an id stands for.</summary>
    public static int RowOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }

    /// <summary>
    /// Who may be the patient, in the register's order, and how many of the patient's keys were
    /// crowded.
    /// </summary>
    public (IReadOnlyList<Candidate> Found, int Crowded) Find(Person patient)
    {
        var (found, crowded) = _index.Find(HashesOf(BlockKeys.ForSearching(patient)), BlockKeys.Crowd);
        return ([.. found.Select(RowOf).Order().Select(row => _register[row])], crowded);
    }

    public void Dispose() => _index.Dispose();

    private static KeyMacs HashesOf(IReadOnlyCollection<BlockKey> keys)
    {
        long[] alone = [.. keys.Where(key => key.FindsAlone).Select(HashOf)];
        return new([.. alone, .. keys.Where(key => !key.FindsAlone).Select(HashOf)], alone.Length);
    }

    // FNV-1a, finished as in SplitMix64: the index keeps the first bits only.
    private static long HashOf(BlockKey key)
    {
        var hash = 14695981039346656037UL ^ (ulong)key.Kind;
        foreach (var letter in key.Text)
            hash = (hash ^ letter) * 1099511628211UL;
        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9UL;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EBUL;
        return (long)(hash ^ (hash >> 31));
    }
}
