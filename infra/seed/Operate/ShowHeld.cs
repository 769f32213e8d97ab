using Npgsql;
using Safeguarding.Seed.Init;

namespace Safeguarding.Seed.Operate;

/// <summary>
/// <c>held --from DIR</c>: reads ids from standard input, one a line, as a trust or council has them (of encounters from the Location it was given, of
/// alerts from its own list), and says of each whether the hub holds it. Exits with 1 where any is missing.
/// </summary>
internal static class ShowHeld
{
    private const int AtOnce = 5_000;

    private static readonly IReadOnlyList<(string Kind, string Member, string Table)> Places =
        [("encounter", "encounter-ingest", "encounter"), ("plan", "plan-registry", "plan"), ("alert", "notification", "alert")];

    public static async Task<int> Run(string[] options)
    {
        var secrets = new SecretFolder(Arguments.Read(options).Required("from"), UnixFileMode.UserRead);
        var (held, missing, number) = (0, 0, 0);
        foreach (var lines in Lines().Chunk(AtOnce))
        {
            var asked = new List<Guid>(lines.Length);
            foreach (var line in lines)
            {
                number++;
                // A Location may be given whole.
                if (!Guid.TryParse(line.Split('/').FirstOrDefault(part => Guid.TryParse(part, out _)), out var id))
                {
                    Console.Error.WriteLine($"line {number} is not an id");
                    return 2;
                }

                asked.Add(id);
            }

            var found = await FindAsync(secrets, asked);
            foreach (var id in asked)
                Console.WriteLine(found.TryGetValue(id, out var kind) ? $"{id}\theld\t{kind}" : $"{id}\tMISSING");
            held += asked.Count(found.ContainsKey);
            missing += asked.Count(id => !found.ContainsKey(id));
        }

        Console.Error.WriteLine($"{held} held, {missing} missing");
        return missing == 0 ? 0 : 1;
    }

    private static IEnumerable<string> Lines()
    {
        while (Console.In.ReadLine() is { } line)
            if (line.Trim() is { Length: > 0 } text) yield return text;
    }

    private static async Task<Dictionary<Guid, string>> FindAsync(SecretFolder secrets, List<Guid> asked)
    {
        var found = new Dictionary<Guid, string>();
        foreach (var (kind, member, table) in Places)
        {
            await using var database = NpgsqlDataSource.Create(secrets.Read($"{member}/ConnectionStrings__Hub")!);
            await using var command = database.CreateCommand($"SELECT id FROM {table} WHERE id = ANY(@ids)");
            command.Parameters.AddWithValue("ids", asked.ToArray());
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) found[reader.GetGuid(0)] = kind;
        }

        return found;
    }
}
