using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Messaging;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>What the sender asked to do with a submission.</summary>
internal sealed record Condition
{
    public static readonly Condition None = new();

    /// <summary>If-None-Exist: what is there stays as it is.</summary>
    public bool OnlyIfNew { get; init; }

    /// <summary>PUT by id: nothing new is made.</summary>
    public Guid? Id { get; init; }

    /// <summary>An id that is not one of the hub's is the client's own: the business identifier decides.</summary>
    public bool MayBeClientsId { get; init; }

    /// <summary>If-Match: one of these.</summary>
    public IReadOnlyList<long>? Versions { get; init; }

    /// <summary>If-Match: *</summary>
    public bool OnlyIfThere { get; init; }

    /// <summary>If-None-Match: *</summary>
    public bool OnlyIfAbsent { get; init; }
}

/// <summary>A submission on its way to the store, with the keys it is known by.</summary>
internal sealed record Intent(
    Caller Caller,
    Submission Submission,
    Condition Condition,
    IReadOnlyList<IdentifierKeys> Identifiers,
    byte[] ContentMac,
    ActivityContext Trace
)
{
    /// <summary>
    /// Digests of the trust's own numbers of the patient; null where the route does not know them, and those that are
    /// held stay.
    /// </summary>
    public IReadOnlyList<byte[]>? LocalNumbers { get; init; }

    public static Intent Of(Caller caller, Submission submission, Condition condition, Sealer sealer)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            new { submission.Particulars, submission.Patient },
            HubJson.Options
        );
        return new Intent(
            caller,
            submission,
            condition,
            [
                .. submission.Identifiers.Select(identifier =>
                    IdentifierKeys.Compute(caller.Organisation, identifier, sealer)
                ),
            ],
            sealer.Mac("encounter-content", content),
            Activity.Current?.Context ?? default
        )
        {
            LocalNumbers = submission
                .Particulars.LocalNumbers?.Select(number => LocalNumber.Macs(caller.Organisation, number, sealer)[0])
                .ToList(),
        };
    }
}

/// <summary>
/// If-None-Exist, If-Match and the search of an upsert. The only search is the business identifier, and it must be one
/// of the encounter's own.
/// </summary>
internal static class Conditions
{
    public static (Submission Submission, Condition Condition) OfCreate(HttpRequest request, Submission submission)
    {
        var ifNoneExist = request.Headers["If-None-Exist"].ToString();
        return ifNoneExist.Length == 0
            ? (submission, Condition.None)
            : (Named(ifNoneExist, submission), new Condition { OnlyIfNew = true });
    }

    public static (Submission Submission, Condition Condition) OfUpsert(HttpRequest request, Submission submission) =>
        (
            Named(request.QueryString.Value ?? "", submission),
            OfVersion(request.Headers.IfMatch.ToString(), request.Headers.IfNoneMatch.ToString())
        );

    public static (Submission Submission, Condition Condition) OfUpdate(
        string id,
        HttpRequest request,
        Submission submission
    ) =>
        (
            submission,
            ById(id, OfVersion(request.Headers.IfMatch.ToString(), request.Headers.IfNoneMatch.ToString()), submission)
        );

    /// <summary>What the request of a Bundle's entry asks for.</summary>
    public static (Submission Submission, Condition Condition) OfEntry(ReadEntry entry)
    {
        var request = entry.Entry!.Child("request")!;
        var url = request.Text("url")!;
        if (request.Text("method") == "POST")
        {
            return request.Text("ifNoneExist") is { } search
                ? (Named(search, entry.Submission), new Condition { OnlyIfNew = true })
                : (entry.Submission, Condition.None);
        }

        var version = OfVersion(request.Text("ifMatch"), request.Text("ifNoneMatch"));
        // The id may be the hub's or the client's own, as converters of HL7 v2 make them: then the business identifier
        // decides.
        return url.Contains('?', StringComparison.Ordinal)
            ? (Named(url, entry.Submission), version)
            : (
                entry.Submission,
                ById(url[(url.IndexOf('/', StringComparison.Ordinal) + 1)..], version, entry.Submission) with
                {
                    MayBeClientsId = true,
                }
            );
    }

    private static Condition ById(string id, Condition version, Submission submission)
    {
        var isHubs = Guid.TryParseExact(id, "D", out var known);
        // An id of the hub's means the same in capitals.
        if (!(isHubs && Guid.TryParseExact(submission.Id, "D", out var own) ? own == known : submission.Id == id))
            throw new RefusedException(IssueKind.IdMismatch, $"{submission.Path}.id");
        // What is not one of the hub's ids is an unknown one.
        return version with { Id = isHubs ? known : Guid.Empty };
    }

    /// <summary>The submission, which has the identifier that a search names.</summary>
    public static Submission Named(string search, Submission submission)
    {
        var tokens = SearchToken.OfIdentifier(search);
        if (tokens.Count == 0)
            throw new RefusedException(IssueKind.SearchUnsupported);
        foreach (var token in tokens)
        {
            var named = new BusinessIdentifier(token.System, token.Value);
            if (submission.Identifiers.Contains(named))
                return submission;
        }

        throw new RefusedException(IssueKind.IdentifierMismatch, $"{submission.Path}.identifier");
    }

    private static Condition OfVersion(string? ifMatch, string? ifNoneMatch)
    {
        if (!string.IsNullOrEmpty(ifNoneMatch) && ifNoneMatch.Trim() != "*")
            throw new RefusedException(IssueKind.IfMatchMalformed);
        return new Condition
        {
            OnlyIfAbsent = !string.IsNullOrEmpty(ifNoneMatch),
            OnlyIfThere = ifMatch?.Trim() == "*",
            Versions =
                string.IsNullOrWhiteSpace(ifMatch) || ifMatch.Trim() == "*" ? null
                : EntityTags.Versions(ifMatch) is [_, ..] versions ? versions
                : throw new RefusedException(IssueKind.IfMatchMalformed),
        };
    }
}

/// <summary>
/// The versions of an If-Match or If-None-Match: <c>W/"3"</c>, <c>"3"</c>, <c>3</c>, or a list of
/// such.
/// </summary>
internal static class EntityTags
{
    /// <returns>Null where one of them is not a version.</returns>
    public static IReadOnlyList<long>? Versions(string header)
    {
        var versions = new List<long>();
        foreach (var part in header.Split(',', StringSplitOptions.TrimEntries))
        {
            var tag = part.StartsWith("W/", StringComparison.OrdinalIgnoreCase) ? part[2..] : part;
            var digits = tag is ['"', .. var inner, '"'] ? inner : tag;
            if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
                return null;
            versions.Add(version);
        }

        return versions;
    }
}
