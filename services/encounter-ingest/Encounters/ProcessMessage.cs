using Hl7.Fhir.Model;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Http;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.EncounterIngest.Encounters;

/// <summary>
/// POST /fhir/$process-message: booking-and-referral messages, encounter notifications, subscription
/// notifications.
/// </summary>
internal sealed class ProcessMessage(ReadBody body, Intake intake, SiteCheck sites, Sealer sealer, TimeProvider clock)
{
    internal static async Task<FhirAnswer> Handle(
        HttpRequest request,
        Caller caller,
        ProcessMessage process,
        CancellationToken cancellationToken
    )
    {
        var document = await process.Body.ReadAsync(request, cancellationToken);
        var issues = new Issues();
        var message = ReadMessage.Read(document, process.TrustOf(caller), process.Now, issues);
        if (message is null || issues.Refused)
            return FhirAnswer.Refused(issues);
        if (message.IsSign)
            return new FhirAnswer(StatusCodes.Status200OK, Outcome.Of([]));
        return await process.StoreAsync(request, caller, message, issues);
    }

    private ReadBody Body => body;

    private DateTimeOffset Now => clock.GetUtcNow();

    private SendingTrust TrustOf(Caller caller) => sites.TrustOf(caller.Organisation);

    private async Task<FhirAnswer> StoreAsync(
        HttpRequest request,
        Caller caller,
        ReadMessage.Message message,
        Issues issues
    )
    {
        var intents = message
            .Encounters.Select(one => Intent.Of(caller, one.Submission, Condition.None, sealer))
            .ToList();
        var stored = await intake.SubmitAsync(intents);
        for (var i = 0; i < stored.Count; i++)
        {
            if (EncounterAnswer.Refusal(stored[i].Result) is { } refusal)
                return FhirAnswer.Refused(refusal, message.Encounters[i].Submission.Path);
        }

        for (var i = 0; i < stored.Count; i++)
            sites.Warn(caller, message.Encounters[i].Submission, stored[i], issues);
        PassedOver.Count(caller, issues);
        return new FhirAnswer(
            StatusCodes.Status200OK,
            message.Header is null ? Outcome.Of(issues.All) : Response(request, message.Header, stored, issues)
        );
    }

    private Bundle Response(HttpRequest request, FhirElement header, IReadOnlyList<Stored> stored, Issues issues)
    {
        var address = EncounterAnswer.Address(request).UrlOf("/fhir");
        // MessageHeader.id is what a sender tells answers apart by; without one its entry's fullUrl is.
        var answered = header.Text("id")
            ?? header.Parent!.Text("fullUrl")?.Replace("urn:uuid:", "", StringComparison.Ordinal);
        var response = new MessageHeader
        {
            Id = Guid.CreateVersion7(Now).ToString(),
            Event = new Coding(Metadata.EventSystem, Metadata.AnswerEvent),
            Source = new MessageHeader.MessageSourceComponent { Name = "Safeguarding hub", Endpoint = address },
            Response = new MessageHeader.ResponseComponent
            {
                Identifier = Hl7.Fhir.Model.Id.IsValidValue(answered ?? "") ? answered : "unknown",
                Code = MessageHeader.ResponseType.Ok,
            },
            Focus = [.. stored.Select(one => new ResourceReference($"{address}/Encounter/{one.Encounter!.Id}"))],
        };
        var answer = new Bundle
        {
            Type = Bundle.BundleType.Message,
            Timestamp = Now,
            Entry = [new Bundle.EntryComponent { FullUrl = $"urn:uuid:{response.Id}", Resource = response }],
        };
        if (issues.All.Count > 0)
        {
            // A message has no other place for what was passed over.
            var url = $"urn:uuid:{Guid.CreateVersion7(Now)}";
            answer.Entry.Add(new Bundle.EntryComponent { FullUrl = url, Resource = Outcome.Of(issues.All) });
            response.Response.Details = new ResourceReference(url);
        }

        return answer;
    }
}
