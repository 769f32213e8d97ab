using System.Globalization;
using System.Text.Json.Nodes;

namespace Safeguarding.Identity.Clients.Keeping;

/// <summary>The options of an order: <c>--name value</c>, each at most once.</summary>
internal sealed class Order
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public static Order Read(string[] options, params string[] known)
    {
        var order = new Order();
        for (var i = 0; i < options.Length; i += 2)
        {
            var name = options[i].StartsWith("--", StringComparison.Ordinal) ? options[i][2..] : "";
            if (!known.Contains(name)) throw new BadOrderException($"{options[i]} is not an option here. There are: {string.Join(", ", known.Select(option => $"--{option}"))}.");
            if (i + 1 == options.Length) throw new BadOrderException($"--{name} wants a value.");
            if (!order._values.TryAdd(name, options[i + 1])) throw new BadOrderException($"--{name} is given twice.");
        }

        return order;
    }

    public string Required(string name) => _values.GetValueOrDefault(name) ?? throw new BadOrderException($"--{name} is missing.");

    public List<JsonObject> Keys(TextReader input)
    {
        var source = Required("key");
        return PublicKeys.Read(source == "-" ? input.ReadToEnd() : File.ReadAllText(source), _values.GetValueOrDefault("kid"));
    }

    /// <summary>A number of minutes, hours or days: <c>30m</c>, <c>12h</c>, <c>7d</c>; at most 90 days.</summary>
    public TimeSpan Overlap()
    {
        var text = _values.GetValueOrDefault("overlap", "7d");
        TimeSpan? overlap = text.Length > 1 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? text[^1] switch { 'm' => TimeSpan.FromMinutes(number), 'h' => TimeSpan.FromHours(number), 'd' => TimeSpan.FromDays(number), _ => null }
            : null;
        return overlap is { TotalDays: <= 90 } ? overlap.Value : throw new BadOrderException("--overlap must be a number of minutes, hours or days, at most 90 days: 30m, 12h, 7d.");
    }
}
