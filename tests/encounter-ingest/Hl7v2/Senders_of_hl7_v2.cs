using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.EntityFrameworkCore;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.TestKit;
using static Safeguarding.EncounterIngest.Tests.Hl7v2.When_a_sender_is_untidy;

namespace Safeguarding.EncounterIngest.Tests.Hl7v2;

public sealed class Senders_of_hl7_v2(HubServers servers)
{
    private const string Plain =
        """{"organisation":"RZZ","application":"PAS","facility":"RZZ","identifierSystem":"https://trust.example/Id/visit"}""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{}", "organisation")]
    [InlineData(
        """{"organisation":"RZZ","identifierSystem":"visit","facility":"RZZ","application":"PAS"}""",
        "identifierSystem"
    )]
    [InlineData("""{"organisation":"RZZ","identifierSystem":"https://trust.example/v"}""", "certificates")]
    [InlineData(
        """{"organisation":"RZZ","identifierSystem":"https://trust.example/v","certificates":["AB"]}""",
        "certificates"
    )]
    [InlineData(
        """{"organisation":"RZZ","identifierSystem":"https://trust.example/v","facility":"A","application":"B","ackmode":"x"}""",
        "ackmode"
    )]
    [InlineData(
        """{"organisation":"RZZ","identifierSystem":"https://trust.example/v","facility":"A","application":"B","speed":1}""",
        "speed"
    )]
    [InlineData(
        """{"organisation":"RZZ","identifierSystem":"https://trust.example/v","facility":"A","application":"B","visitNumber":["PV1"]}""",
        "visitNumber"
    )]
    [InlineData(
        """{"organisation":"RZZ","identifierSystem":"https://trust.example/v","facility":"RZZ","application":"PAS"}""",
        "rzz.json"
    )]
    public async Task A_file_that_cannot_be_used_stops_the_start_and_names_the_entry(string json, string named)
    {
        using var folder = new SenderFolder();
        folder.Write("rzz", Plain);
        folder.Write("second", json);
        await using var surroundings = await Surroundings.CreateAsync(servers);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() =>
            ServiceUnderTest<EncounterIngestDb>.StartAsync(servers, folder.Settings, surroundings: surroundings)
        );

        Assert.Contains("second.json", failure.ToString(), StringComparison.Ordinal);
        Assert.Contains(named, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plain_mllp_never_listens_beyond_this_machine()
    {
        using var folder = new SenderFolder();
        await using var surroundings = await Surroundings.CreateAsync(servers);
        var failure = await Assert.ThrowsAnyAsync<Exception>(() =>
            ServiceUnderTest<EncounterIngestDb>.StartAsync(
                servers,
                new Dictionary<string, string?>(folder.Settings) { ["Hl7v2:Address"] = "0.0.0.0" },
                surroundings: surroundings
            )
        );
        Assert.Contains("Hl7v2__Address must be loopback", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task By_tls_the_certificate_decides_whose_a_message_is()
    {
        using var folder = new SenderFolder();
        using var server = Certificate("hub");
        using var trust = Certificate("trust");
        using var stranger = Certificate("stranger");
        folder.Write(
            "rzz",
            $$"""{"organisation":"RZZ","certificates":["{{trust.GetCertHashString(HashAlgorithmName.SHA256)}}"],"identifierSystem":"https://trust.example/Id/visit"}"""
        );
        var settings = new Dictionary<string, string?>(folder.Settings)
        {
            ["Hl7v2:Address"] = "127.0.0.1",
            ["Hl7v2:Certificate"] = folder.Pem("hub.pem", server.ExportCertificatePem()),
            ["Hl7v2:CertificateKey"] = folder.Pem("hub.key", server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
        };
        await using var service = await ServiceUnderTest<EncounterIngestDb>.StartAsync(servers, settings);
        var address = Mllp.AddressOf(service);

        await using var known = await MllpClient.ConnectAsync(address, plain => SecureAsync(plain, trust));
        // What stands in the header is anybody's to write.
        var answer = await known.SendAsync(
            Visit.New().Arrived().Replace("|PAS|RZZ|", "|OTHER|RYY|", StringComparison.Ordinal)
        );
        Assert.StartsWith("AA|E1000001", Msa(answer), StringComparison.Ordinal);
        Assert.Equal("RZZ", (await service.Db(db => db.Encounters.SingleAsync(Cancelled))).Organisation);

        Assert.Null(await RefusedAsync(plain => SecureAsync(plain, stranger)));
        Assert.Null(await RefusedAsync(plain => SecureAsync(plain, null)));
        Assert.Null(await RefusedAsync(null));
        Assert.StartsWith("AA|E1000001", Msa(await known.SendAsync(Visit.New().Arrived())), StringComparison.Ordinal);

        async Task<string?> RefusedAsync(Func<Stream, Task<Stream>>? secure)
        {
            try
            {
                await using var client = await MllpClient.ConnectAsync(address, secure);
                return await client.SendAsync(Visit.New().Arrived());
            }
            catch (Exception exception) when (exception is AuthenticationException or IOException)
            {
                return null;
            }
        }
    }

    [Fact]
    public async Task A_profile_says_how_its_sender_is_read_and_answered()
    {
        using var folder = new SenderFolder();
        folder.Write(
            "rzz",
            Plain.Replace(
                "\"application\"",
                """
                "ackMode":"enhanced","permanentFault":"AA","visitNumber":["PV1-50","PV1-19"],"ignoredEvents":["A05"],
                "processingIds":["P","T"],"refuseOthers":true,"application"
                """,
                StringComparison.Ordinal
            )
        );
        await using var service = await ServiceUnderTest<EncounterIngestDb>.StartAsync(servers, folder.Settings);
        await using var trust = await MllpClient.ConnectAsync(Mllp.AddressOf(service));

        Assert.Equal("CA|E1000001", Msa(await trust.SendAsync(Visit.New().Arrived())));
        Assert.Equal("CA|A0520261128021500", Msa(await trust.SendAsync(Visit.New().Event("A05", "20261128021500"))));
        Assert.Equal(1, await service.Db(db => db.Encounters.CountAsync(Cancelled)));
        // The engine goes on; what was refused is listed.
        var refused = await trust.SendAsync("MSH|^~\\&|PAS|RZZ|||20261128||SIU^S12|E7|P|2.4\r");
        Assert.Equal("CA|E7|MSH-9 hl7-message-type-unsupported", Msa(refused));
        var rows = await What_a_trust_was_refused.RefusalsAsync(service.Client("RZZ", "encounter.submit"), 1);
        Assert.Single(rows);

        // A file that breaks changes nothing; corrected, it counts.
        folder.Write("rzz", "{");
        Assert.Equal("CA|E1000001", Msa(await trust.SendAsync(Visit.New().Arrived())));
        folder.Write("rzz", Plain);
        await Eventually.UntilAsync(async () => Msa(await trust.SendAsync(Visit.New().Arrived())) == "AA|E1000001");
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
    }

    private static async Task<Stream> SecureAsync(Stream plain, X509Certificate2? own)
    {
        var secure = new SslStream(plain);
        await secure.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = "hub",
                ClientCertificates = own is null ? null : [own],
                RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=hub",
            },
            Cancelled
        );
        return secure;
    }
}
