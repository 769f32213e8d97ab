using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Safeguarding.EncounterIngest.Hl7v2.Mllp;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.TestKit;

namespace Safeguarding.EncounterIngest.Tests.Hl7v2;

/// <summary>One running service whose door for HL7 v2 is open.</summary>
public sealed class Mllp(HubServers servers) : IAsyncLifetime
{
    private ServiceUnderTest<EncounterIngestDb>? _service;

    public ServiceUnderTest<EncounterIngestDb> Under => _service!;

    public SenderFolder Senders { get; } = new();

    public IPEndPoint Address => AddressOf(Under);

    internal Task<MllpClient> ConnectAsync() => MllpClient.ConnectAsync(Address);

    public static IPEndPoint AddressOf(ServiceUnderTest<EncounterIngestDb> service) =>
        service.Services.GetRequiredService<MllpListener>().Address!;

    public async ValueTask InitializeAsync()
    {
        Senders.Write(
            "pas",
            """{"organisation":"RZZ","application":"PAS","facility":"RZZ","identifierSystem":"https://trust.example/Id/visit"}"""
        );
        Senders.Write(
            "epr",
            """{"organisation":"RZZ","application":"EPR","facility":"RZZ","identifierSystem":"https://trust.example/Id/visit"}"""
        );
        _service = await ServiceUnderTest<EncounterIngestDb>.StartAsync(servers, Senders.Settings);
    }

    public async ValueTask DisposeAsync()
    {
        await Under.DisposeAsync();
        Senders.Dispose();
    }
}

/// <summary>A folder of senders' files.</summary>
public sealed class SenderFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("senders");

    public Dictionary<string, string?> Settings =>
        new()
        {
            ["Hl7v2:SendersDirectory"] = _folder.FullName,
            ["Hl7v2:Port"] = "0",
            // A busy machine is no late answer here.
            ["Hl7v2:AnswerSeconds"] = "60",
        };

    public void Write(string name, string json) =>
        File.WriteAllText(Path.Combine(_folder.FullName, $"{name}.json"), json);

    public string Pem(string name, string pem)
    {
        var path = Path.Combine(_folder.FullName, name);
        File.WriteAllText(path, pem);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
