using System.Net;
using Safeguarding.EncounterIngest.Encounters;
using Safeguarding.EncounterIngest.Hl7v2.Mllp;
using Safeguarding.EncounterIngest.Hl7v2.Receiving;
using Safeguarding.EncounterIngest.Hl7v2.Senders;

namespace Safeguarding.EncounterIngest.Hl7v2;

/// <summary>The second way in: HL7 v2 ADT over MLLP. Shut unless <c>Hl7v2__SendersDirectory</c> is set.</summary>
internal static class Hl7v2Endpoint
{
    public static void AddHl7v2(this IServiceCollection services)
    {
        services
            .AddOptions<Hl7v2Options>()
            .BindConfiguration("Hl7v2")
            .ValidateDataAnnotations()
            .Validate(
                settings => settings.Address is null || IPAddress.TryParse(settings.Address, out _),
                "Hl7v2__Address must be an IP address."
            )
            .Validate(
                settings => settings.Certificate is null == settings.CertificateKey is null,
                "Hl7v2__Certificate and Hl7v2__CertificateKey go together."
            )
            .Validate(
                settings =>
                    settings.Certificate is not null
                    || settings.Address is null
                    || IPAddress.IsLoopback(IPAddress.Parse(settings.Address)),
                "Without Hl7v2__Certificate, Hl7v2__Address must be loopback: plain MLLP never leaves the machine."
            )
            .ValidateOnStart();
        services.AddSingleton<SenderDirectory>();
        services.AddSingleton<ReadStoredContent>();
        services.AddSingleton<ReceiveMessage>();
        services.AddSingleton<MllpListener>();
        services.AddHostedService(provider => provider.GetRequiredService<MllpListener>());
    }
}
