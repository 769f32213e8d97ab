using System.Runtime.InteropServices;

namespace Safeguarding.Matching.Rules.Lookup;

/// <summary>
/// Which plans (or encounters) have a block key: sorted segments that never change, a small part for what is new, and
/// tombstones for what was replaced. Segments are merged in the background. Safe to read and write at once; it does not
/// know whether it is up to date.
/// </summary>
internal sealed class KeyIndex : IDisposable
{
    private const int MostNew = 1 << 16;

    private readonly ReaderWriterLockSlim _turn = new();
    private readonly Dictionary<Guid, int> _outOfOrder = [];
    private readonly Dictionary<ulong, int> _firstNew = [];
    private KeySegment[] _segments = [];
    private Guid[] _ids = new Guid[1024];
    private ulong[] _dead = new ulong[16];
    private ulong[] _newKeys = new ulong[1024];
    private int[] _newRows = new int[1024];
    private int[] _nextNew = new int[1024];
    private int _rows,
        _inOrder,
        _new,
        _findable;
    private Task _merging = Task.CompletedTask;

    /// <summary>How many ids it holds, replaced ones included.</summary>
    public int Rows => _rows;

    /// <summary>Bytes held.</summary>
    public long Bytes =>
        _segments.Sum(segment => segment.Bytes)
        + (16L * _ids.Length)
        + (8L * _dead.Length)
        + (16L * _newKeys.Length)
        + (32L * _firstNew.Count)
        + (40L * _outOfOrder.Count);

    public static bool IsDead(ulong[] dead, int row) => (dead[row >> 6] & (1UL << row)) != 0;

    /// <summary>
    /// Takes each id's keys in place of those it had; no keys take it out. Ids in rising order need the least
    /// memory.
    /// </summary>
    public void Put(IEnumerable<(Guid Id, long[]? Keys)> changes)
    {
        _turn.EnterWriteLock();
        try
        {
            foreach (var (id, keys) in changes)
            {
                if (RowOf(id) is { } old)
                    _dead[old >> 6] |= 1UL << old;
                if (keys is { Length: > 0 })
                    Add(id, keys);
            }

            for (; _findable < _new; _findable++)
            {
                _nextNew[_findable] = _firstNew.GetValueOrDefault(_newKeys[_findable], -1);
                _firstNew[_newKeys[_findable]] = _findable;
            }
        }
        finally
        {
            _turn.ExitWriteLock();
        }

        if (_segments.Length > 1 && _merging.IsCompleted)
            _merging = Task.Run(MergeAll);
    }

    /// <summary>
    /// The ids that share a key with <paramref name="keys"/>. Who shares only one key, and that of those which do not
    /// find alone or with more than <paramref name="crowd"/> others, is left out: a clinic's telephone number finds
    /// nobody.
    /// </summary>
    /// <returns>The ids, and how many of the keys that find alone were crowded.</returns>
    public (List<Guid> Found, int Crowded) Find(KeyMacs keys, int crowd)
    {
        var hits = new Dictionary<int, int>();
        var rows = new List<int>();
        var crowded = 0;
        _turn.EnterReadLock();
        try
        {
            for (var (i, next) = (0, 0); i < keys.All.Length; i = next)
            {
                rows.Clear();
                for (; next < keys.All.Length && keys.BlockAt(next) == keys.BlockAt(i); next++)
                    Collect(KeySegment.KeyOf(keys.All[next]), rows);
                // Who was stored while look-up keys rotate has the same key under both.
                if (next - i > 1)
                    rows = [.. rows.Distinct()];
                var isCrowded = i < keys.Alone && rows.Count > crowd;
                crowded += isCrowded ? 1 : 0;
                var weight = i < keys.Alone && !isCrowded ? 2 : 1;
                foreach (var row in rows)
                    CollectionsMarshal.GetValueRefOrAddDefault(hits, row, out _) += weight;
            }

            var found = new List<Guid>(hits.Count);
            foreach (var (row, weight) in hits)
            {
                if (weight > 1)
                    found.Add(_ids[row]);
            }

            return (found, crowded);
        }
        finally
        {
            _turn.ExitReadLock();
        }
    }

    /// <summary>Completes when nothing is left to merge.</summary>
    internal async Task MergedAsync()
    {
        await _merging;
        MergeAll();
    }

    public void Dispose() => _turn.Dispose();

    private void Collect(ulong key, List<int> rows)
    {
        foreach (var segment in _segments)
        {
            foreach (var row in segment.RowsOf(key))
            {
                if (!IsDead(_dead, row))
                    rows.Add(row);
            }
        }

        for (var at = _firstNew.GetValueOrDefault(key, -1); at >= 0; at = _nextNew[at])
        {
            if (!IsDead(_dead, _newRows[at]))
                rows.Add(_newRows[at]);
        }
    }

    private void Add(Guid id, long[] keys)
    {
        if (_rows == _ids.Length)
        {
            Array.Resize(ref _ids, _rows + (_rows / 4));
            Array.Resize(ref _dead, (_ids.Length / 64) + 1);
        }

        if (_new + keys.Length > _newKeys.Length)
        {
            var room = Math.Max(_new + keys.Length, 2 * _newKeys.Length);
            Array.Resize(ref _newKeys, room);
            Array.Resize(ref _newRows, room);
            Array.Resize(ref _nextNew, room);
        }

        if (_inOrder == _rows && (_rows == 0 || id.CompareTo(_ids[_rows - 1]) > 0))
            _inOrder++;
        else
            _outOfOrder[id] = _rows;
        _ids[_rows] = id;
        foreach (var mac in keys)
            (_newKeys[_new], _newRows[_new++]) = (KeySegment.KeyOf(mac), _rows);
        _rows++;
        if (_new >= MostNew)
            Freeze();
    }

    private int? RowOf(Guid id)
    {
        if (_outOfOrder.TryGetValue(id, out var row))
            return row;
        row = _ids.AsSpan(0, _inOrder).BinarySearch(id);
        return row < 0 ? null : row;
    }

    private void Freeze()
    {
        _segments = [.. _segments, KeySegment.Build(_newKeys.AsSpan(0, _new), _newRows.AsSpan(0, _new))];
        _firstNew.Clear();
        _new = _findable = 0;
    }

    // The smallest neighbours first, until each segment is more than twice the next: then there are few, and each entry
    // was moved seldom.
    private void MergeAll()
    {
        while (true)
        {
            var segments = Volatile.Read(ref _segments);
            var at = segments.Length - 2;
            while (at >= 0 && segments[at].Count > 2L * segments[at + 1].Count)
                at--;
            if (at < 0)
                return;
            var merged = KeySegment.Merged(segments[at], segments[at + 1], Volatile.Read(ref _dead));
            _turn.EnterWriteLock();
            try
            {
                // Meanwhile others may have been added at the end; those two stand where they stood.
                _segments = [.. _segments[..at], merged, .. _segments[(at + 2)..]];
            }
            finally
            {
                _turn.ExitWriteLock();
            }
        }
    }
}
