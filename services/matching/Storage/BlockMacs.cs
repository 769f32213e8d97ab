using System.Buffers.Binary;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Rules;

namespace Safeguarding.Matching.Storage;

/// <summary>
/// Block keys as they are stored: the first eight bytes of their keyed MAC, under every look-up key of the ring, so that rows written
/// before, during and after a rotation find each other.
/// </summary>
public sealed class BlockMacs(Sealer sealer)
{
    internal string KeyId => sealer.MacKeyId;

    internal long[] ForStoring(Person person) => Of(BlockKeys.ForStoring(person));

    internal long[] ForSearching(Person patient) => Of(BlockKeys.ForSearching(patient));

    private long[] Of(IReadOnlyCollection<BlockKey> keys)
    {
        var macs = new HashSet<long>(keys.Count);
        foreach (var key in keys)
        {
            foreach (var mac in sealer.MacsForSearch(PurposeOf(key.Kind), key.Text))
                macs.Add(BinaryPrimitives.ReadInt64BigEndian(mac));
        }

        return [.. macs];
    }

    private static string PurposeOf(BlockKind kind) => $"block-key-{(short)kind}";
}
