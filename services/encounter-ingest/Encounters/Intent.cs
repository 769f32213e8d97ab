using System.Diagnostics;
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
    /// Digests of the trust's own numbers of the patient; null where the door does not know them, and those that are
    /// held stay.
    /// </summary>
    public IReadOnlyList<byte[]>? LocalNumbers { get; init; }

    public static Intent Of(Caller caller, Submission submission, Condition condition, Sealer sealer)
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(
            (submission.Particulars, submission.Patient).ToStored(),
            HubJson.Options
        );
        return new Intent(
            caller,
            submission,
            condition,
            [
                .. submission.Identifiers.Select(identifier =>
                    IdentifierKeys.Of(caller.Organisation, identifier, sealer)
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

file static class StoredContent
{
    public static object ToStored(
        this (EncounterParticulars Particulars, Contracts.Persons.PersonTraits Patient) content
    ) => new { content.Particulars, content.Patient };
}
