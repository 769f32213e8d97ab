namespace Safeguarding.Cli.Prove;

/// <summary>
/// Whether what one service passed on is what the next one holds. Buckets whose counts and digests agree are the same,
/// id for id; the ids are read only where they differ.
/// </summary>
/// <param name="of">The kind of thing both account for.</param>
/// <param name="sender">Who has it first.</param>
/// <param name="listener">Who must have it, unless it is on its way.</param>
/// <param name="senderForgets">True where the sender rightly forgets before the listener does.</param>
internal sealed class Comparison(string of, Holdings sender, Holdings listener, bool senderForgets = false)
{
    // What differs is looked at again after this: both are read while the hub works.
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(2);

    public async Task<Compared> RunAsync(Window window, CancellationToken cancellationToken)
    {
        // The sender first, always: what it no longer has in its outbox when it is asked, the listener has when it is
        // asked afterwards.
        var sent = await sender.CountAsync(of, window, cancellationToken);
        var held = await listener.CountAsync(of, window, cancellationToken);
        var heldBuckets = held.Buckets.ToDictionary(bucket => bucket.From);
        var differing = sent
            .Buckets.Where(bucket => heldBuckets.GetValueOrDefault(bucket.From) != bucket)
            .Select(bucket => bucket.From)
            .Concat(held.Buckets.Select(bucket => bucket.From).Except(sent.Buckets.Select(bucket => bucket.From)))
            .Order()
            .ToList();
        var compared = new Compared(sent, held, [], [], 0);
        foreach (var bucket in differing)
        {
            var look = await LookAsync(window.Only(bucket), cancellationToken);
            if (look.Gaps.Count > 0)
            {
                await Task.Delay(SecondLook, TimeProvider.System, cancellationToken);
                var first = look.Gaps.Select(gap => (gap.Id, gap.Council)).ToHashSet();
                look = await LookAsync(window.Only(bucket), cancellationToken);
                look.Gaps.RemoveAll(gap => !first.Contains((gap.Id, gap.Council)));
            }

            compared.Gaps.AddRange(look.Gaps);
            compared.Parked.AddRange(look.Parked);
            compared.OnTheWay += look.OnTheWay;
        }

        // What arrived between the looks is not missing, so it must stand in the counts beside that word too.
        return differing.Count == 0
            ? compared
            : compared with
            {
                Held = await listener.CountAsync(of, window, cancellationToken),
            };
    }

    private async Task<Look> LookAsync(Window bucket, CancellationToken cancellationToken)
    {
        var look = new Look([], [], 0);
        await using var left = new Sorted(sender.PagesAsync(of, bucket, cancellationToken));
        await using var right = new Sorted(listener.PagesAsync(of, bucket, cancellationToken));
        await left.MoveAsync();
        await right.MoveAsync();
        while (left.Current is not null || right.Current is not null)
        {
            var order = Sorted.Compare(left.Current, right.Current);
            if (order <= 0)
            {
                Judge(left.Current!, order == 0 ? right.Current : null, left, right, look);
            }
            else if (!senderForgets && right.WaitingOf(right.Current!) is null)
            {
                look.Gaps.Add(
                    new Gap(
                        right.Current!.Id,
                        right.Current.Council,
                        $"{listener.Service} holds it, {sender.Service} does not"
                    )
                );
            }

            if (order <= 0)
                await left.MoveAsync();
            if (order >= 0)
                await right.MoveAsync();
        }

        return look;
    }

    private void Judge(Entry sent, Entry? held, Sorted left, Sorted right, Look look)
    {
        if (held is not null && (held.Version, held.Stands) == (sent.Version, sent.Stands))
            return;
        if (left.WaitingOf(sent) is { Place: "outbox" })
        {
            look.OnTheWay++;
        }
        else if (right.WaitingOf(sent) is { Place: "parked" })
        {
            look.Parked.Add(new Gap(sent.Id, sent.Council, $"parked at {listener.Service}: waits for an operator"));
        }
        else if (held is null)
        {
            look.Gaps.Add(
                new Gap(sent.Id, sent.Council, $"{sender.Service} passed it on, {listener.Service} never had it")
            );
        }
        else if (held.State == "undecided")
        {
            look.Gaps.Add(new Gap(sent.Id, sent.Council, $"{listener.Service} has it and nothing that it decided"));
        }
        else
        {
            look.Gaps.Add(
                new Gap(
                    sent.Id,
                    sent.Council,
                    $"{sender.Service} holds version {sent.Version}, {listener.Service} version {held.Version}"
                )
            );
        }
    }

    private sealed record Look(List<Gap> Gaps, List<Gap> Parked, long OnTheWay)
    {
        public long OnTheWay { get; set; } = OnTheWay;
    }

    /// <summary>Entries one by one, a page in memory.</summary>
    private sealed class Sorted(IAsyncEnumerable<Page> pages) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<Page> _pages = pages.GetAsyncEnumerator();
        private readonly Dictionary<(Guid, string), Waiting> _waiting = [];
        private int _next;

        public Entry? Current { get; private set; }

        public static int Compare(Entry? a, Entry? b) =>
            (a, b) switch
            {
                (null, _) => 1,
                (_, null) => -1,
                _ when a.Id != b.Id => a.Id.CompareTo(b.Id),
                _ => string.CompareOrdinal(a.Council, b.Council),
            };

        /// <summary>What waits of a thing; known for the stretch that the page in memory covers.</summary>
        public Waiting? WaitingOf(Entry entry) => _waiting.GetValueOrDefault((entry.Id, entry.Council));

        public async Task MoveAsync()
        {
            while (_next >= (_pages.Current?.Entries.Count ?? 0))
            {
                if (!await _pages.MoveNextAsync())
                {
                    Current = null;
                    return;
                }

                _next = 0;
                _waiting.Clear();
                foreach (var waiting in _pages.Current!.OnTheWay)
                    _waiting[(waiting.Id, waiting.Council)] = waiting;
            }

            Current = _pages.Current!.Entries[_next++];
        }

        public ValueTask DisposeAsync() => _pages.DisposeAsync();
    }
}

/// <summary>Something that nobody can account for, or that waits for a person; by its id.</summary>
internal sealed record Gap(Guid Id, string Council, string Why)
{
    public override string ToString() => $"{Id}{(Council.Length == 0 ? "" : $" {Council}")}  {Why}";
}

/// <summary>What a comparison found.</summary>
internal sealed record Compared(Account Sent, Account Held, List<Gap> Gaps, List<Gap> Parked, long OnTheWay)
{
    public long OnTheWay { get; set; } = OnTheWay;
}
