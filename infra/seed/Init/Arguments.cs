namespace Safeguarding.Seed.Init;

/// <summary>The options after a verb: <c>--name value</c> or <c>--name</c>.</summary>
internal sealed class Arguments(IReadOnlyDictionary<string, string?> values)
{
    public static Arguments Read(string[] options)
    {
        var values = new Dictionary<string, string?>(StringComparer.Ordinal);
        for (var i = 0; i < options.Length; i++)
        {
            if (!options[i].StartsWith("--", StringComparison.Ordinal)) throw new ArgumentException($"{options[i]} is not an option");

            var hasValue = i + 1 < options.Length && !options[i + 1].StartsWith("--", StringComparison.Ordinal);
            values[options[i][2..]] = hasValue ? options[++i] : null;
        }

        return new Arguments(values);
    }

    public bool Has(string name) => values.ContainsKey(name);

    public string? Value(string name) => values.GetValueOrDefault(name);

    public string Required(string name) => Value(name) ?? throw new ArgumentException($"--{name} is missing");
}
