namespace Safeguarding.Matching.Rules.Lookup;

/// <summary>
/// Sorted block keys and the rows that have them; never changed once made. Eight bytes an entry: the first bits of a
/// key choose a place in a directory, the rest stands beside the row's number.
/// </summary>
internal sealed class KeySegment
{
    // Of a MAC's 64 bits 48 are kept: two keys that share them by chance only cost a comparison, and three bytes of ten
    // are saved.
    private const int KeyBits = 48;

    private readonly int _restBits;
    private readonly int[] _starts;
    private readonly uint[] _rests;
    private readonly int[] _rows;

    private KeySegment(int room)
    {
        var directoryBits =
            room < 1 << 22 ? 16
            : room < 1 << 26 ? 20
            : 24;
        _restBits = KeyBits - directoryBits;
        _starts = new int[(1 << directoryBits) + 1];
        _rests = new uint[room];
        _rows = new int[room];
    }

    /// <summary>How many entries it has.</summary>
    public int Count => _starts[^1];

    /// <summary>Bytes held.</summary>
    public long Bytes => (4L * _starts.Length) + (8L * _rows.Length);

    /// <summary>The part of a MAC that is kept.</summary>
    public static ulong KeyOf(long mac) => (ulong)mac >> (64 - KeyBits);

    /// <summary>Makes one of unsorted entries; sorts them in place.</summary>
    public static KeySegment Build(Span<ulong> keys, Span<int> rows)
    {
        keys.Sort(rows);
        var segment = new KeySegment(keys.Length);
        var writer = new Writer(segment);
        for (var i = 0; i < keys.Length; i++)
            writer.Add(keys[i], rows[i]);
        writer.End();
        return segment;
    }

    /// <summary>Both in one, without the rows that are dead.</summary>
    public static KeySegment Merged(KeySegment left, KeySegment right, ulong[] dead)
    {
        var segment = new KeySegment(left.Count + right.Count);
        var writer = new Writer(segment);
        Reader one = new(left),
            two = new(right);
        while (one.HasEntry || two.HasEntry)
        {
            ref var next = ref (!two.HasEntry || (one.HasEntry && one.Key <= two.Key) ? ref one : ref two);
            if (!KeyIndex.IsDead(dead, next.Row))
                writer.Add(next.Key, next.Row);
            next.Advance();
        }

        writer.End();
        return segment;
    }

    /// <summary>The rows that have a key.</summary>
    public ReadOnlySpan<int> RowsOf(ulong key)
    {
        var place = (int)(key >> _restBits);
        var (start, end) = (_starts[place], _starts[place + 1]);
        var rest = RestOf(key);
        var within = _rests.AsSpan(start, end - start);
        var at = within.BinarySearch(rest);
        if (at < 0)
            return [];
        int first = at,
            last = at;
        while (first > 0 && within[first - 1] == rest)
            first--;
        while (last + 1 < within.Length && within[last + 1] == rest)
            last++;
        return _rows.AsSpan(start + first, last - first + 1);
    }

    private uint RestOf(ulong key) => (uint)(key & ((1UL << _restBits) - 1));

    private struct Writer(KeySegment segment)
    {
        private int _count;
        private int _place = -1;

        public void Add(ulong key, int row)
        {
            for (var place = (int)(key >> segment._restBits); _place < place; )
                segment._starts[++_place] = _count;
            segment._rests[_count] = segment.RestOf(key);
            segment._rows[_count++] = row;
        }

        public void End()
        {
            while (_place + 1 < segment._starts.Length)
                segment._starts[++_place] = _count;
        }
    }

    private struct Reader
    {
        private readonly KeySegment _segment;
        private int _at;
        private int _place;

        public Reader(KeySegment segment)
        {
            _segment = segment;
            FindPlace();
        }

        public readonly bool HasEntry => _at < _segment.Count;

        public readonly ulong Key => ((ulong)_place << _segment._restBits) | _segment._rests[_at];

        public readonly int Row => _segment._rows[_at];

        public void Advance()
        {
            _at++;
            FindPlace();
        }

        private void FindPlace()
        {
            while (HasEntry && _segment._starts[_place + 1] <= _at)
                _place++;
        }
    }
}
