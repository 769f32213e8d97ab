using Safeguarding.Contracts;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Matching.Domain.NhsNumberChanges;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Matching.Storage;

/// <summary>
/// Finds which numbers are one person's, by the changes that were followed. Read under the lock of decision
/// 9.
/// </summary>
internal static class OtherNumbersOf
{
    public const string Purpose = "number-change";

    // A person's number may change more than once; more often than this is no merge but a mistake.
    private const int LongestChain = 8;

    /// <summary>For each number that has any: the others.</summary>
    public static async Task<Dictionary<NhsNumber, HashSet<NhsNumber>>> ReadAsync(
        MatchingDb db,
        Sealer sealer,
        IEnumerable<NhsNumber> numbers,
        CancellationToken cancellationToken
    )
    {
        var sets = new Dictionary<NhsNumber, HashSet<NhsNumber>>();
        var asked = new HashSet<NhsNumber>();
        var next = numbers.ToHashSet();
        for (var link = 0; link < LongestChain && next.Count > 0; link++)
        {
            asked.UnionWith(next);
            var macs = next.SelectMany(number => sealer.MacsForSearch(Purpose, number.Reveal())).ToArray();
            await using var batch = db.Batch();
            batch.Add(
                """
                SELECT numbers_key, numbers FROM matching.number_change WHERE state = 'followed'
                    AND superseded_mac = ANY($1)
                UNION SELECT numbers_key, numbers FROM matching.number_change WHERE state = 'followed'
                    AND current_mac = ANY($1)
                """,
                (object)macs
            );
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            var changes = await reader.ReadAsync(
                row => sealer.Open(new Sealed<ChangedNumbers>(row.GetString(0), row.GetFieldValue<byte[]>(1))),
                cancellationToken
            );
            foreach (var change in changes)
                Join(sets, change);
            next =
            [
                .. changes
                    .SelectMany(change => new[] { change.Superseded, change.Current })
                    .Where(number => !asked.Contains(number)),
            ];
        }

        return sets;
    }

    private static void Join(Dictionary<NhsNumber, HashSet<NhsNumber>> sets, ChangedNumbers change)
    {
        HashSet<NhsNumber> all =
        [
            change.Superseded,
            change.Current,
            .. sets.GetValueOrDefault(change.Superseded, []),
            .. sets.GetValueOrDefault(change.Current, []),
        ];
        foreach (var number in all)
            sets[number] = all;
    }
}
