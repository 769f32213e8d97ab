using System.ComponentModel;
using Safeguarding.Cli.Setup;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Run;

/// <summary>
/// <c>up</c>, where the services are processes of this machine: servers, secrets, roles, then the services,
/// until all are ready.
/// </summary>
internal sealed class StartHub(Terminal terminal) : AsyncCommand<StartHub.Settings>
{
    private const string ByTls = "-tls";
    private const string Names = "Organisations__Names__";

    private static readonly TimeSpan ReadyWithin = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        // Before anything is made: the provider of made-up people asks for no password.
        if (settings.Development && IsProduction)
        {
            throw RefusedException.Misused(
                "HUB_ENVIRONMENT is production: --development would let anybody sign in as anybody. Leave it out."
            );
        }

        Certificates.Check(compose: false);
        Directory.CreateDirectory(Place.State);
        await File.WriteAllTextAsync(
            Path.Combine(Place.State, "way"),
            $"{Place.Setting("HUB_WAY")}\n",
            cancellationToken
        );
        if (NativeServers.Folder is { } folder)
            await NativeServers.StartAsync(folder, terminal.Say);
        Directory.CreateDirectory(
            Place.Secrets,
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        );
        Directory.CreateDirectory(Place.AuditRoots);
        MakeSecrets.Make(Place.Secrets, compose: false, terminal.Say);
        await ProvisionServers.ProvisionAsync(SecretFolder.ForReading(), terminal.Say);
        var user = await ServiceUser.FindAsync();
        if (user is not null)
            await user.PrepareAsync(SecretFolder.ForReading());

        var mode = (settings.Development ? "development" : "safe") + (Place.Certificates is null ? "" : ByTls);
        foreach (var service in ServiceProcess.All)
            await StartAsync(service, mode, settings.Development, user);
        foreach (var service in ServiceProcess.All)
            await WaitAsync(service, user, cancellationToken);
        return ExitCode.Well;
    }

    private static bool IsProduction =>
        string.Equals(Place.Setting("HUB_ENVIRONMENT"), "production", StringComparison.OrdinalIgnoreCase);

    private async Task StartAsync(ServiceProcess service, string mode, bool development, ServiceUser? user)
    {
        if (service.Running() is { } running)
        {
            // Only these have settings that differ, but for TLS.
            if (
                service.RunsAs(user)
                && (
                    running.Mode == mode
                    || (
                        service.Name is not ("identity" or "notification" or "encounter-ingest" or "portal")
                        && running.Mode.EndsWith(ByTls, StringComparison.Ordinal)
                            == mode.EndsWith(ByTls, StringComparison.Ordinal)
                    )
                )
            )
            {
                terminal.Say($"  {service.Name} runs already (process {running.Pid})");
                return;
            }

            await service.StopAsync(terminal.Say);
        }

        if (service.PortIsTaken())
        {
            throw new RefusedException(
                $"Port {service.Port} of {service.Name} is taken by another program. See which: ss -ltnp | grep "
                    + $"{service.Port}"
            );
        }

        await service.StartAsync(mode, SettingsOf(service, development), user);
    }

    private static Dictionary<string, string> SettingsOf(ServiceProcess service, bool development)
    {
        var issuer = HubAddresses.FromEnvironment().Issuer.ToString();
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = AddressOf(service.Name),
            ["Secrets__Directory"] = Path.Combine(Place.Secrets, service.Name),
            ["Keys__SharedDirectory"] = Path.Combine(Place.Secrets, KeyRings.SharedFolder),
            ["Audit__RootsDirectory"] = Place.AuditRoots,
            ["Identity__Issuers__0__Issuer"] = issuer,
            ["Identity__Issuers__0__Metadata"] = $"{AddressOf("identity")}/.well-known/openid-configuration",
            ["Identity__AllowHttp"] = Place.Certificates is null ? "true" : "false",
        };
        if (Place.Certificates is not null)
        {
            var (certificate, key, authority) = Certificates.PathsOf(service.Name);
            settings["Kestrel__Certificates__Default__Path"] = certificate;
            settings["Kestrel__Certificates__Default__KeyPath"] = key;
            settings["SSL_CERT_FILE"] = settings["PGSSLROOTCERT"] = authority;
            // Only these two call others than the hub's own.
            if (service.Name is not ("identity" or "notification"))
                settings["SSL_CERT_DIR"] = "";
        }

        var name = service.Name.ToUpperInvariant().Replace('-', '_');
        if (Environment.GetEnvironmentVariable($"HUB_{name}_PUBLIC_URL") is { Length: > 0 } address)
            settings["Hub__PublicUrl"] = address;
        if (Environment.GetEnvironmentVariable("HUB_TRUSTED_PROXIES") is { Length: > 0 } proxies)
            settings["Hub__TrustedProxies"] = proxies;
        if (service.Name == "identity")
        {
            settings["Identity__Issuer"] = issuer;
            settings["Identity__ClientsFile"] = Place.Register;
            settings["Identity__KeysDirectory"] = Path.Combine(Place.Secrets, "identity-keys");
            settings["Identity__AllowClientSecrets"] = development ? "true" : "false";
            settings["Identity__DevelopmentProvider"] = development ? "true" : "false";
            if (Environment.GetEnvironmentVariable("HUB_PROVIDERS_DIRECTORY") is { Length: > 0 } providers)
                settings["Identity__ProvidersDirectory"] = providers;
        }

        // What the portal shows it does not keep.
        if (service.Name != "portal")
            settings["Keys__File"] = Path.Combine(Place.Secrets, KeyRings.PathOf(service.Name));
        if (service.Name == "portal")
        {
            settings["Portal__Practice"] = development ? "true" : "false";
            settings["Hub__PublicUrl"] = PortalClient.Address;
            settings["Services__PlanRegistry"] = AddressOf("plan-registry");
            settings["Services__EncounterIngest"] = AddressOf("encounter-ingest");
            settings["Services__Matching"] = AddressOf("matching");
            settings["Services__Notification"] = AddressOf("notification");
        }

        if (
            service.Name == "encounter-ingest"
            && Environment.GetEnvironmentVariable("HUB_NAMES_FILE") is { Length: > 0 } names
        )
        {
            foreach (var line in File.ReadLines(names).Where(line => line.StartsWith(Names, StringComparison.Ordinal)))
                settings[line.Split('=')[0]] = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..];
        }

        // They refuse too; ServiceProcess passes on nothing that begins with HUB_.
        if (IsProduction && service.Name is ("identity" or "portal"))
            settings["HUB_ENVIRONMENT"] = "production";
        if (service.Name == "notification")
        {
            settings["Webhooks__AllowHttp"] = development ? "true" : "false";
            settings["Webhooks__AllowPrivateNetworks"] = development ? "true" : "false";
        }

        return settings;
    }

    private static string AddressOf(string part) => $"{Place.Scheme}://localhost:{HubPorts.Get(part)}";

    private async Task WaitAsync(ServiceProcess service, ServiceUser? user, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var began = terminal.Clock.GetTimestamp();
        while (!service.Listens(user) || !await IsReadyAsync(http, service, cancellationToken))
        {
            if (service.Running() is null)
                throw Failed(service, $"{service.Name} ended while starting.");
            if (terminal.Clock.GetElapsedTime(began) > ReadyWithin)
            {
                throw Failed(
                    service,
                    $"{service.Name} is not ready after 90 s. Ask it why: curl "
                        + $"{AddressOf(service.Name)}/health/ready"
                );
            }

            await Task.Delay(Soon, cancellationToken);
        }

        terminal.Say($"  {service.Name} is ready on {AddressOf(service.Name)}");
    }

    private static async Task<bool> IsReadyAsync(
        HttpClient http,
        ServiceProcess service,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var answer = await http.GetAsync($"{AddressOf(service.Name)}/health/ready", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception failure)
            when (failure is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested
            )
        {
            return false;
        }
    }

    private static RefusedException Failed(ServiceProcess service, string what) =>
        new($"{string.Join('\n', File.ReadLines(service.Log).TakeLast(25))}\n\nFAILED: {what}\n  Log: {service.Log}");

    internal sealed class Settings : CommandSettings
    {
        [CommandOption("--development")]
        [Description("To try it out: clients may use secrets, webhooks may go to this machine.")]
        public bool Development { get; init; }
    }
}
