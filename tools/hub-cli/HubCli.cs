using System.Globalization;
using Npgsql;
using Safeguarding.Cli.Audit;
using Safeguarding.Cli.Backups;
using Safeguarding.Cli.Clients;
using Safeguarding.Cli.Hl7v2;
using Safeguarding.Cli.Listen;
using Safeguarding.Cli.Ods;
using Safeguarding.Cli.Prove;
using Safeguarding.Cli.Replay;
using Safeguarding.Cli.Review;
using Safeguarding.Cli.Run;
using Safeguarding.Cli.Sessions;
using Safeguarding.Cli.Setup;
using Safeguarding.Cli.Status;
using Safeguarding.Cli.SubjectAccess;
using Spectre.Console.Cli;

namespace Safeguarding.Cli;

/// <summary>The verbs, in one parser. <c>./hub</c> finds where to run it.</summary>
internal static class HubCli
{
    public static Task<int> RunAsync(string[] args, Terminal terminal)
    {
        NativeServers.KnowAdministrators();
        var app = new CommandApp();
        app.Configure(config =>
        {
            Configure(config, terminal, args: args);
            config.SetHelpProvider(new HubHelp(config.Settings));
            config.AddCommand<StartHub>("up").WithDescription("Start the hub and wait until all of it is ready.");
            config.AddCommand<StopHub>("down").WithDescription("Stop exactly what was started.");
            config.AddCommand<MakeSecrets>("init").WithDescription("Make the secrets that are missing.");
            config
                .AddCommand<ProvisionServers>("provision")
                .WithDescription("Create the roles, schemas and broker users.");
            config.AddCommand<ShowStatus>("status").WithDescription("Services, what waits, queues, outboxes.");
            config
                .AddCommand<ProveNothingIsLost>("prove")
                .WithDescription("Whether every accepted encounter is accounted for.");
            config.AddBranch("replay", replay =>
            {
                replay.SetDescription("Send deliveries or parked messages again.");
                replay.AddCommand<ReplayDeliveries>("deliveries").WithDescription("Deliveries to councils' endpoints.");
                replay.AddCommand<ReplayParked>("parked").WithDescription("Messages that a service has parked.");
                replay
                    .AddCommand<ListReplays>("list")
                    .WithDescription("The replays of deliveries, and how far they are.");
                replay.AddCommand<StopReplay>("stop").WithDescription("Take back what still waits of one.");
            });
            config.AddBranch("audit", audit =>
            {
                audit.SetDescription("The record of who did what.");
                audit
                    .AddCommand<VerifyAudit>("verify")
                    .WithDescription("Whether anybody changed, deleted or rewrote it.");
            });
            config.AddCommand<WorkReviews>("review").WithDescription("A council's open questions.");
            config.AddBranch("clients", clients =>
            {
                clients.SetDescription(
                    "The systems that may ask for tokens; bare, lists them, with --json for programs."
                );
                clients.SetDefaultCommand<ListClients>();
                clients.AddCommand<ListClients>("list").WithDescription("The clients, their scopes and their keys.");
                clients.AddCommand<AddClient>("add").WithDescription("A new client with its public key.");
                clients.AddCommand<RotateClient>("rotate").WithDescription("A further key; the former ones end.");
                clients.AddCommand<DisableClient>("disable").WithDescription("No further token; those it holds end.");
                clients.AddCommand<EnableClient>("enable").WithDescription("The client may ask for tokens again.");
            });
            config.AddBranch("sessions", sessions =>
            {
                sessions.SetDescription("Who is signed in; bare, lists them, with --json for programs.");
                sessions.SetDefaultCommand<ListSessions>();
                sessions.AddCommand<ListSessions>("list").WithDescription("The sessions of people, without names.");
                sessions
                    .AddCommand<EndSessions>("end")
                    .WithDescription("End one session, or all of one person, in every service.");
            });
            config.AddCommand<ShowSecret>("secret").WithDescription("A development client's secret.");
            config.AddCommand<ShowToken>("token").WithDescription("An access token of a development client, for curl.");
            config
                .AddCommand<MakeBackup>("backup")
                .WithDescription("The database into one file, secrets into another.");
            config
                .AddCommand<RestoreBackup>("restore")
                .WithDescription("A backup into a stopped hub; says what is lost.");
            config.AddCommand<Reconcile>("reconcile").WithDescription("After a restore: what is lost, by id.");
            config.AddCommand<CheckIds>("check-ids").WithDescription("Which ids of a peer's list the hub holds.");
            config
                .AddCommand<SendAdt>("send-adt")
                .WithDescription("HL7 v2 messages over MLLP, as a trust's engine sends.");
            config.AddBranch("ods", ods =>
            {
                ods.SetDescription("Names of NHS organisations and sites, and whose a site is.");
                ods.AddCommand<LoadOds>("load").WithDescription("Take them from the file that ODS publishes.");
            });
            config
                .AddCommand<ForwardEvents>("listen")
                .WithDescription("Forward a council's events to a receiver on this machine.");
            config
                .AddCommand<ExportSubjectAccess>("subject-access")
                .WithDescription("What a council holds of one person, for a person who asks.");
        });
        return app.RunAsync(args.Select(argument => argument == "-" ? Terminal.StandardInput : argument));
    }

    /// <summary>What every program of the hub with a command line says and does in the same way.</summary>
    public static void Configure(IConfigurator config, Terminal terminal, string name = "./hub", string[]? args = null)
    {
        config.SetApplicationName(name);
        config.SetApplicationCulture(CultureInfo.InvariantCulture);
        config.UseStrictParsing();
        config.ConfigureConsole(terminal.Output);
        config.Settings.Registrar.RegisterInstance(terminal);
        config.SetExceptionHandler((exception, _) => Explain(exception, terminal, args ?? []));
    }

    private static int Explain(Exception exception, Terminal terminal, string[] args)
    {
        switch (exception)
        {
            case RefusedException refused:
                terminal.Warn(refused.Message);
                return refused.Code;
            case CommandAppException misused:
                terminal.Warn(
                    Suggestion.Conversion(misused.Message, args)
                        ?? $"{misused.Message}{Suggestion.For(misused.Message)}"
                );
                terminal.Warn("Nothing was done. --help says what there is.");
                return ExitCode.Misused;
            case CallFailedException or HttpRequestException or TaskCanceledException:
                terminal.Warn($"{exception.Message}\n./hub status says what runs.");
                return ExitCode.NeedsYou;
            case NpgsqlException:
                terminal.Warn($"PostgreSQL: {exception.Message}");
                return ExitCode.NeedsYou;
            case IOException or UnauthorizedAccessException:
                terminal.Warn(exception.Message);
                return ExitCode.NeedsYou;
            default:
                terminal.Warn($"Unexpected error: {exception}");
                return ExitCode.NeedsYou;
        }
    }
}
