using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.EncounterIngest.Storage;

/// <summary>
/// The keyed digests of one identifier and of its system, under every key of the ring, the current one first: what is
/// stored may be under an older one.
/// </summary>
internal sealed record IdentifierKeys(IReadOnlyList<byte[]> Macs, IReadOnlyList<byte[]> SystemMacs)
{
    /// <summary>What is stored with the encounter: the beginnings of both digests.</summary>
    public byte[] Mark =>
        [.. SystemMacs[0].AsSpan(0, IdentifierMarks.Part), .. Macs[0].AsSpan(0, IdentifierMarks.Part)];

    public bool IsInSystemOf(ReadOnlySpan<byte> mark)
    {
        foreach (var mac in SystemMacs)
        {
            if (mac.AsSpan(0, IdentifierMarks.Part).SequenceEqual(mark[..IdentifierMarks.Part]))
                return true;
        }

        return false;
    }

    public bool Is(ReadOnlySpan<byte> mark)
    {
        foreach (var mac in Macs)
        {
            if (mac.AsSpan(0, IdentifierMarks.Part).SequenceEqual(mark[IdentifierMarks.Part..]))
                return true;
        }

        return false;
    }

    public static IdentifierKeys Compute(string organisation, BusinessIdentifier identifier, Sealer sealer) =>
        new(
            sealer.MacsForSearch("encounter-identifier", $"{organisation}\n{identifier.System}\n{identifier.Value}"),
            sealer.MacsForSearch("encounter-identifier-system", $"{organisation}\n{identifier.System}")
        );
}

/// <summary>
/// The identifiers of a stored encounter, 16 bytes each, one behind the other. They find nothing by themselves; they
/// tell an encounter from another visit of the same episode, which shares the episode's number and has a visit number
/// of its own.
/// </summary>
internal static class IdentifierMarks
{
    public const int Part = 8;
    private const int Length = 2 * Part;

    /// <summary>
    /// Whether the submission has a value in a system in which the encounter has values too, and none of those is it.
    /// </summary>
    public static bool Contradicts(this IReadOnlyList<IdentifierKeys> submitted, byte[] marks)
    {
        foreach (var identifier in submitted)
        {
            var (isComparable, isEqual) = (false, false);
            for (var at = 0; at < marks.Length; at += Length)
            {
                var mark = marks.AsSpan(at, Length);
                if (!identifier.IsInSystemOf(mark))
                    continue;
                isComparable = true;
                isEqual |= submitted.Any(marks, at);
            }

            if (isComparable && !isEqual)
                return true;
        }

        return false;
    }

    public static byte[] With(this byte[] marks, IdentifierKeys identifier) =>
        Has(marks, identifier) ? marks : [.. marks, .. identifier.Mark];

    public static byte[] Without(this byte[] marks, IdentifierKeys identifier) =>
        [
            .. marks
                .Chunk(Length)
                .Where(mark => !(identifier.IsInSystemOf(mark) && identifier.Is(mark)))
                .SelectMany(mark => mark),
        ];

    private static bool Has(byte[] marks, IdentifierKeys identifier) =>
        marks.Chunk(Length).Any(mark => identifier.IsInSystemOf(mark) && identifier.Is(mark));

    private static bool Any(this IReadOnlyList<IdentifierKeys> submitted, byte[] marks, int at)
    {
        foreach (var identifier in submitted)
        {
            var mark = marks.AsSpan(at, Length);
            if (identifier.IsInSystemOf(mark) && identifier.Is(mark))
                return true;
        }

        return false;
    }
}
