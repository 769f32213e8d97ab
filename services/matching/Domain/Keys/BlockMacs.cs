using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Frequencies;
using Safeguarding.Matching.Rules.Lookup;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.Matching.Domain.Keys;

/// <summary>
/// Block keys as they are stored: the first eight bytes of their keyed MAC, under every look-up key of the ring, so
/// that rows written before, during and after a rotation find each other.
/// </summary>
public sealed class BlockMacs(Sealer sealer)
{
    private const int LongestOnStack = 64;

    // Kinds under the key of names. Stored as MACs: never renumber.
    private const short BearerOfNames = 1,
        NameBorne = 2;

    /// <summary>Names the look-up key and the kinds of keys with which is stored now.</summary>
    internal string KeyId => $"{sealer.MacKeyId}/{BlockKeys.Edition}";

    internal KeyMacs ForStoring(Person person) => Compute(BlockKeys.ForStoring(person));

    internal KeyMacs ForSearching(Person patient) => Compute(BlockKeys.ForSearching(patient));

    internal long[] ForNumber(string digits) => Compute([new BlockKey(BlockKind.Number, digits)]).All;

    /// <summary>
    /// A patient as written down, to be known again when written down so again; nothing where a brother or sister could
    /// be written so too.
    /// </summary>
    internal long[] OfPatient(Person patient)
    {
        if (
            patient is not { BirthDate: { } born, Names: [{ Family.IsEmpty: false, Given.IsEmpty: false } name, ..] }
            || (patient.Number is null && patient.Postcodes is [])
        )
        {
            return [];
        }

        var home = patient.Number ?? patient.Postcodes[0].Text;
        var text = FormattableString.Invariant(
            $"{name.Family.Joined}|{name.Given.Joined}|{born.Year}|{born.Month}|{born.Day}|{patient.Sex}|{home}"
        );
        return [.. sealer.MacsForSearch("patient", text).Select(mac => BinaryPrimitives.ReadInt64BigEndian(mac))];
    }

    /// <summary>
    /// A person's names, to be counted: under a key of their own, so that they cannot be told by block keys. The
    /// national number says who bears them, or how the patient is written down.
    /// </summary>
    internal PatientNames OfNames(Person patient, long[] signatures)
    {
        var names = patient.BorneNames().ToList();
        var hashes = HashesFor("names");
        long? bearer =
            patient.Number is { } number ? MacOf(hashes[0], BearerOfNames, number)
            : signatures is [var current, ..] ? current
            : null;
        var macs = Array.ConvertAll(hashes, hash =>
            names.ConvertAll(name => MacOf(hash, NameBorne, $"{name.Family}|{name.Given}")).ToArray()
        );
        foreach (var hash in hashes)
            hash.Dispose();
        return new(bearer, names, macs);
    }

    // Each look-up key of the ring gives a key for one purpose alone: one keyed hash is then used for all of a
    // person's. The current one first.
    private IncrementalHash[] HashesFor(string purpose) =>
        [.. sealer.MacsForSearch(purpose, "").Select(key => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key))];

    private KeyMacs Compute(IReadOnlyCollection<BlockKey> keys)
    {
        var hashes = HashesFor("block-keys");
        var (all, blocks) = (new List<long>(keys.Count * hashes.Length), new List<int>(keys.Count * hashes.Length));
        var known = new HashSet<long>(keys.Count * hashes.Length);
        AddThose(findAlone: true);
        var alone = all.Count;
        AddThose(findAlone: false);
        foreach (var hash in hashes)
            hash.Dispose();
        return new([.. all], alone, hashes.Length == 1 ? null : [.. blocks]);

        void AddThose(bool findAlone)
        {
            var block = all.Count;
            foreach (var key in keys)
            {
                if (key.FindsAlone != findAlone)
                    continue;
                foreach (var hash in hashes)
                {
                    if (MacOf(hash, (short)key.Kind, key.Text) is var mac && known.Add(mac))
                    {
                        all.Add(mac);
                        blocks.Add(block);
                    }
                }

                block++;
            }
        }
    }

    private static long MacOf(IncrementalHash hash, short kind, string text)
    {
        // The kind, then the text: the same text of another kind has another MAC.
        Span<byte> bytes = stackalloc byte[2 + Encoding.UTF8.GetMaxByteCount(Math.Min(text.Length, LongestOnStack))];
        if (text.Length > LongestOnStack)
            bytes = new byte[2 + Encoding.UTF8.GetByteCount(text)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, kind);
        var length = 2 + Encoding.UTF8.GetBytes(text, bytes[2..]);
        hash.AppendData(bytes[..length]);
        Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        hash.GetHashAndReset(mac);
        return BinaryPrimitives.ReadInt64BigEndian(mac);
    }
}

/// <summary>What is counted of a patient's names, as keyed MACs.</summary>
/// <param name="Bearer">Who bears them: one person is counted once. Null where too little is known to know one
/// again; such a patient is not counted.</param>
/// <param name="Names">The names, in memory only.</param>
/// <param name="Macs">For each look-up key of the ring, the current one first, the MACs of these names in
/// order.</param>
internal sealed record PatientNames(long? Bearer, IReadOnlyList<BorneName> Names, IReadOnlyList<long[]> Macs)
{
    /// <summary>What is stored: under the current key, and nothing of who is not counted.</summary>
    public long[] ToCount => Bearer is null ? [] : Macs[0];

    public override string ToString() => nameof(PatientNames);
}
