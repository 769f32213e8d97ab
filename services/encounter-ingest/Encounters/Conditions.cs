using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Safeguarding.EncounterIngest.Fhir;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// If-None-Exist, If-Match and the search of an upsert. The only search is the business identifier, and it must be one of the
/// encounter's own: it then is the identity.
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
        (Named(request.QueryString.Value ?? "", submission), new Condition { Version = Version(request.Headers.IfMatch.ToString()) });

    public static (Submission Submission, Condition Condition) OfUpdate(string id, HttpRequest request, Submission submission) =>
        (submission, ById(id, request.Headers.IfMatch.ToString(), submission));

    public static Condition ById(string id, string ifMatch, Submission submission)
    {
        if (submission.Id != id)
            throw new RefusedException(IssueKind.IdMismatch, $"{submission.Path}.id");
        // What is not one of the hub's ids is an unknown one.
        return new Condition { Id = Guid.TryParse(id, out var known) ? known : Guid.Empty, Version = Version(ifMatch) };
    }

    /// <summary>The submission under the identifier that a search names.</summary>
    public static Submission Named(string search, Submission submission)
    {
        var query = search.Contains('?', StringComparison.Ordinal) ? search[(search.IndexOf('?', StringComparison.Ordinal) + 1)..] : search;
        var criteria = QueryHelpers.ParseQuery(query).Where(criterion => criterion.Key is not ("_format" or "_pretty")).ToList();
        if (criteria is not [{ Key: "identifier", Value: [{ } token] }] || token.Split('|') is not [{ Length: > 0 } system, { Length: > 0 } value])
            throw new RefusedException(IssueKind.SearchUnsupported);
        var named = new BusinessIdentifier(system, value);
        return submission.Identifiers.Contains(named)
            ? submission with { Particulars = submission.Particulars with { Identifier = named } }
            : throw new RefusedException(IssueKind.IdentifierMismatch, $"{submission.Path}.identifier");
    }

    public static long? Version(string? ifMatch)
    {
        if (string.IsNullOrEmpty(ifMatch))
            return null;
        var tag = ifMatch.StartsWith("W/", StringComparison.Ordinal) ? ifMatch[2..] : ifMatch;
        return tag is ['"', .. var digits, '"'] && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new RefusedException(IssueKind.IfMatchMalformed);
    }
}
