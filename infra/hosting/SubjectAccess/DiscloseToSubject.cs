using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Storage;
using Safeguarding.Messaging.Storage;

namespace Safeguarding.Hosting.SubjectAccess;

/// <summary>
/// Answers a council about one person of whom a request of access was made. What is withheld is shown where somebody
/// releases it, item by item and with a reason. Nothing is remembered of a release but its audit record: the next
/// answer withholds again.
/// </summary>
public static class DiscloseToSubject
{
    private const int LongestReason = 1_000;
    private const int MostReleases = 200;

    /// <summary>Refuses releases that cannot be; else records each record that is shown and each release.</summary>
    /// <param name="db">The service's.</param>
    /// <param name="caller">Who answers the person.</param>
    /// <param name="stored">All that is stored.</param>
    /// <param name="releases">What is to be shown of what is withheld.</param>
    /// <param name="where">Where it is stored, in words.</param>
    /// <param name="elsewhere">What is not among it, and where that is read.</param>
    /// <param name="plans">What the other services are asked by.</param>
    /// <param name="cancellationToken">The request's.</param>
    public static async Task<Results<Ok<SubjectAccessDocument>, ProblemHttpResult>> DiscloseAsync(
        this HubDbContext db,
        Caller caller,
        IReadOnlyList<StoredRecord> stored,
        IReadOnlyList<SubjectRelease>? releases,
        string where,
        IReadOnlyList<string> elsewhere,
        IReadOnlyList<SubjectPlan>? plans,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(db);
        ArgumentNullException.ThrowIfNull(caller);
        ArgumentNullException.ThrowIfNull(stored);
        if (Validate(releases ?? [], stored) is { } refusal)
            return refusal;

        var released = (releases ?? []).ToDictionary(release => release.Item!, release => release.Reason!);
        foreach (var (act, about) in stored.Select(record => (record.Act, record.About)).Distinct())
            db.Audit(caller, act, about);
        foreach (var record in stored)
        {
            foreach (var item in record.Items.Where(item => released.ContainsKey(item.Id)))
                db.Audit(caller, $"{record.Act}.release", record.About, $"{item.Name}: {released[item.Id]}");
        }

        await db.SaveChangesAsync(cancellationToken);
        var (now, records) = (db.GetTimeProvider().GetUtcNow(), Shown(stored, released));
        return TypedResults.Ok(
            new SubjectAccessDocument(
                now,
                caller.Organisation,
                records,
                elsewhere,
                TextOf($"What {caller.Organisation} holds of this person in {where}", now, records, elsewhere),
                plans
            )
        );
    }

    private static ProblemHttpResult? Validate(
        IReadOnlyList<SubjectRelease> releases,
        IReadOnlyList<StoredRecord> stored
    )
    {
        var errors = new List<FieldError>();
        if (releases.Count > MostReleases)
            errors.Add(new("releases", $"at most {MostReleases}"));
        var left = stored
            .SelectMany(record => record.Items)
            .Where(item => item.Withheld is not (null or Withheld.Restricted))
            .Select(item => item.Id)
            .ToHashSet();
        foreach (var (i, release) in releases.Take(MostReleases).Index())
        {
            if (release is not { Item: { } item } || !left.Remove(item))
                errors.Add(new($"releases[{i}].item", "is no item that is withheld and can be released, or is twice"));
            if (string.IsNullOrWhiteSpace(release?.Reason) || release.Reason.Length > LongestReason)
                errors.Add(new($"releases[{i}].reason", $"must be 1 to {LongestReason} characters"));
        }

        return errors is []
            ? null
            : Refusal.Problem(
                StatusCodes.Status400BadRequest,
                "release-unusable",
                "Name each item that you release as the answer without releases names it, and say why.",
                [.. errors]
            );
    }

    private static List<SubjectRecord> Shown(IReadOnlyList<StoredRecord> stored, Dictionary<string, string> released) =>
        [
            .. stored.Select(record => new SubjectRecord(
                record.Kind,
                [
                    .. record.Items.Select(item =>
                        item.Withheld is null || released.ContainsKey(item.Id)
                            ? new SubjectItem(item.Id, item.Name, item.Value, Withheld: null)
                            : new SubjectItem(item.Id, item.Name, Value: null, item.Withheld)
                    ),
                ]
            )),
        ];

    private static string TextOf(
        string title,
        DateTimeOffset now,
        List<SubjectRecord> records,
        IReadOnlyList<string> elsewhere
    )
    {
        var text = new StringBuilder($"{title}, {StoredRecord.Moment(now)}\n");
        if (records is [])
            text.Append("\nNothing.\n");
        foreach (var record in records)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{record.Kind}\n");
            foreach (var item in record.Items)
            {
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"  {item.Name}: {item.Value ?? $"withheld ({item.Withheld})"}\n"
                );
            }
        }

        text.Append("\nHeld elsewhere\n");
        foreach (var place in elsewhere)
            text.Append(CultureInfo.InvariantCulture, $"  {place}\n");
        return text.ToString();
    }
}
