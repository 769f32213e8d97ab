namespace Safeguarding.Matching.Domain.Reviews;

/// <summary>
/// The questions about a batch of encounters and, where asked for, those open about the same patients; kept up with
/// what the batch changes. One question holds every encounter of one patient with the same plans of one council: the
/// one that raised it first, then those that joined.
/// </summary>
internal sealed class BatchReviews
{
    private readonly HashSet<Guid> _batch;
    private readonly Dictionary<Guid, Review> _reviews = [];
    private readonly Dictionary<Guid, List<Guid>> _encounters = [];
    private readonly Dictionary<(Guid Encounter, string Council), Guid> _of = [];
    private readonly HashSet<Guid> _joined = [];

    /// <param name="batch">The encounters.</param>
    /// <param name="reviews">The questions about them.</param>
    /// <param name="members">The encounters of each question, the first first.</param>
    public BatchReviews(
        IEnumerable<Guid> batch,
        IReadOnlyList<Review> reviews,
        IReadOnlyList<(Guid Review, Guid Encounter, string Council)> members
    )
    {
        _batch = [.. batch];
        foreach (var review in reviews)
            _reviews.Add(review.ReviewId, review);
        foreach (var (id, encounter, council) in members)
        {
            // One that was raised or joined between the reading of the two is another transaction's, and not of these
            // encounters: they are locked.
            if (!_reviews.TryGetValue(id, out var review))
                continue;
            _of[(encounter, council)] = id;
            if (_encounters.TryGetValue(id, out var others))
                others.Add(encounter);
            else
                _encounters.Add(id, [encounter]);
            if (review.EncounterId != encounter)
                _joined.Add(encounter);
        }
    }

    public IEnumerable<Review> Get(Guid encounter) =>
        _of.Where(pair => pair.Key.Encounter == encounter).Select(pair => _reviews[pair.Value]);

    public Review? Get(Guid encounter, string council) =>
        _of.TryGetValue((encounter, council), out var id) ? _reviews[id] : null;

    /// <summary>MACs of the patients that they are about.</summary>
    public IEnumerable<long> Patients => _reviews.Values.Select(review => review.Patient).OfType<long>();

    /// <summary>True of an encounter that joined what another had raised.</summary>
    public bool IsJoined(Guid encounter) => _joined.Contains(encounter);

    public bool IsInBatch(Guid encounter) => _batch.Contains(encounter);

    public IEnumerable<Guid> OthersOf(Review review, Guid encounter) =>
        _encounters[review.ReviewId].Where(other => other != encounter);

    /// <summary>The open question of a council about a patient and exactly these plans, or null.</summary>
    public Review? OpenAbout(string council, IReadOnlyCollection<long> patient, Guid[] plans) =>
        _reviews.Values.FirstOrDefault(review =>
            review.State == ReviewState.Open
            && review.CouncilCode == council
            && review.Patient is { } known
            && patient.Contains(known)
            && review.PlanIds.SequenceEqual(plans)
        );

    /// <summary>Takes up what was changed, or raised by its encounter.</summary>
    public void Put(Review review)
    {
        _reviews[review.ReviewId] = review;
        _of[(review.EncounterId, review.CouncilCode)] = review.ReviewId;
        if (!_encounters.TryGetValue(review.ReviewId, out var encounters))
            _encounters.Add(review.ReviewId, [review.EncounterId]);
        else if (!encounters.Contains(review.EncounterId))
            encounters.Insert(0, review.EncounterId);
    }

    public void Join(Review review, Guid encounter)
    {
        _of[(encounter, review.CouncilCode)] = review.ReviewId;
        _encounters[review.ReviewId].Add(encounter);
    }

    public void Leave(Review review, Guid encounter)
    {
        _of.Remove((encounter, review.CouncilCode));
        _encounters[review.ReviewId].Remove(encounter);
    }
}
