using Safeguarding.Hosting;
using R4 = Hl7.Fhir.Model;

namespace Safeguarding.Notification.Channels.Fhir;

/// <summary>GET /fhir/metadata: what this door does, and the one topic there is to subscribe to.</summary>
internal static class Metadata
{
    internal static FhirAnswer Handle(PublicAddress address)
    {
        var subscription = Resource(
            "Subscription",
            R4.CapabilityStatement.TypeRestfulInteraction.Create,
            R4.CapabilityStatement.TypeRestfulInteraction.Update,
            R4.CapabilityStatement.TypeRestfulInteraction.Read,
            R4.CapabilityStatement.TypeRestfulInteraction.SearchType,
            R4.CapabilityStatement.TypeRestfulInteraction.Delete
        );
        subscription.SupportedProfile = [Backport.SubscriptionProfile];
        subscription.UpdateCreate = false;
        subscription.Operation =
        [
            new R4.CapabilityStatement.OperationComponent { Name = "status", Definition = Backport.StatusOperation },
            new R4.CapabilityStatement.OperationComponent { Name = "events", Definition = Backport.EventsOperation },
        ];
        subscription.Extension.Add(new R4.Extension(Backport.TopicCanonical, new R4.Canonical(Backport.Topic)));
        return FhirAnswer.Ok(
            new R4.CapabilityStatement
            {
                Status = R4.PublicationStatus.Active,
                Date = "2026-11-25",
                Kind = R4.CapabilityStatementKind.Instance,
                FhirVersion = R4.FHIRVersion.N4_0_1,
                Format = [FhirAnswer.MediaType],
                Software = new R4.CapabilityStatement.SoftwareComponent { Name = "Safeguarding hub, notification" },
                Implementation = new R4.CapabilityStatement.ImplementationComponent
                {
                    Description = "Notifies councils of safeguarding alerts.",
                    Url = address.Of("/fhir"),
                },
                Rest =
                [
                    new R4.CapabilityStatement.RestComponent
                    {
                        Mode = R4.CapabilityStatement.RestfulCapabilityMode.Server,
                        Security = new R4.CapabilityStatement.SecurityComponent
                        {
                            Service =
                            [
                                new R4.CodeableConcept(
                                    "http://terminology.hl7.org/CodeSystem/restful-security-service",
                                    "OAuth"
                                ),
                            ],
                            Description =
                                "Bearer token of the council: scope subscription.write for Subscription, alert.read "
                                + "for Communication and $events.",
                        },
                        Resource =
                        [
                            subscription,
                            Resource("Communication", R4.CapabilityStatement.TypeRestfulInteraction.Read),
                        ],
                    },
                ],
            }
        );
    }

    private static R4.CapabilityStatement.ResourceComponent Resource(
        string type,
        params R4.CapabilityStatement.TypeRestfulInteraction[] interactions
    ) =>
        new()
        {
            TypeElement = new R4.Code<R4.ResourceType> { JsonValue = type },
            Interaction =
            [
                .. interactions.Select(code => new R4.CapabilityStatement.ResourceInteractionComponent { Code = code }),
            ],
        };
}
