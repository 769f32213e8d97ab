using System.ComponentModel;
using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using Safeguarding.Cli.Setup;
using Safeguarding.Hosting.Audit;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Audit;

/// <summary>
/// <c>audit verify</c>: recomputes the chains of every service and of identity from its records and holds them against
/// the signed roots outside the database. Names the first bad record of each chain.
/// </summary>
/// <remarks>Exit codes: 0 whole, 1 something is wrong, 4 it could not be checked against roots.</remarks>
internal sealed class VerifyAudit(Terminal terminal) : AsyncCommand<VerifyAudit.Settings>
{
    public override async Task<int> ExecuteAsync(
        CommandContext context,
        Settings settings,
        CancellationToken cancellationToken
    )
    {
        var secrets = SecretFolder.ForReading();
        var roots = settings.Roots ?? Place.AuditRoots;
        var (faults, unproved) = (new List<AuditFault>(), false);
        var kept = settings.Kept is { } copies ? await KeptAsync(copies, cancellationToken) : [];
        foreach (var member in Member.All.Where(member => member.KeepsAudit))
        {
            var login = secrets.Read($"{member.Name}/ConnectionStrings__Hub")
                ?? throw new RefusedException($"there is no login of {member.Name}: init makes it");
            var signs = secrets.Read($"{member.Name}/{MakeSecrets.AuditKey}")
                ?? throw new RefusedException($"there is no audit key of {member.Name}: init makes it");
            using var key = ECDsa.Create();
            key.ImportFromPem(signs);
            var file = Path.Combine(roots, $"{member.Name}.jsonl");
            var lines = File.Exists(file) ? await File.ReadAllLinesAsync(file, cancellationToken) : null;
            await using var source = NpgsqlDataSource.Create(login);
            var check = new AuditCheck(source, member.Name, lines, key);
            var found = new List<AuditFault>();
            await foreach (var fault in check.RunAsync(cancellationToken))
                found.Add(fault);
            foreach (var root in kept.Where(root => root.Service == member.Name))
            {
                if (await check.HoldAgainstAsync(root, cancellationToken) is { } fault)
                    found.Add(fault);
            }

            unproved |= check.Roots == 0 && check.Records > 0;
            faults.AddRange(found);
            if (settings.Json)
                continue;
            terminal.Say(
                FormattableString.Invariant(
                    $"{member.Name, -18}{check.Records, 12:n0} records{check.Chains, 6} chains{check.Roots, 8:n0} roots"
                )
            );
            foreach (var fault in found)
                terminal.Say($"BAD {fault}");
        }

        if (settings.Json)
        {
            terminal.ShowJson(
                new
                {
                    whole = faults.Count == 0,
                    provedByRoots = !unproved,
                    faults,
                }
            );
        }
        else
        {
            terminal.Say(
                faults.Count > 0 ? "The audit is not what it was. docs/operating.md says under Audit what to do."
                : unproved ? $"The chains are whole, but a service has no roots in {roots}: a rewrite would not show."
                : "WHOLE: every record is what was chained, and the chains are those of the roots."
            );
        }

        return faults.Count > 0 ? ExitCode.NeedsYou
            : unproved ? ExitCode.CouldNotCheck
            : ExitCode.Well;
    }

    private static async Task<List<RootForOrganisation>> KeptAsync(string file, CancellationToken cancellationToken)
    {
        if (!File.Exists(file))
            throw RefusedException.Misused($"There is no file {file}.");
        var kept = new List<RootForOrganisation>();
        foreach (var (index, line) in (await File.ReadAllLinesAsync(file, cancellationToken)).Index())
        {
            if (string.IsNullOrWhiteSpace(line))
                continue;
            try
            {
                kept.Add(RootForOrganisation.Parse(line));
            }
            catch (JsonException)
            {
                throw RefusedException.Misused(
                    $"Line {index + 1} of {file} is no root as an organisation is given it."
                );
            }

            if (!Member.All.Any(member => member.KeepsAudit && member.Name == kept[^1].Service))
                throw RefusedException.Misused($"Line {index + 1} of {file} is of no service of this hub.");
        }

        return kept;
    }

    internal sealed class Settings : ListingSettings
    {
        [CommandOption("--kept <FILE>")]
        [Description("Roots that an organisation kept, one JSON object a line, as it was sent them.")]
        public string? Kept { get; init; }

        [CommandOption("--roots <DIRECTORY>")]
        [Description("Where the files of roots are. Default: the hub's own; a copy kept elsewhere proves more.")]
        public string? Roots { get; init; }
    }
}
