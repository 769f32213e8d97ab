using System.Net.Http.Json;
using System.Text.Json;
using Xunit;

namespace Safeguarding.TestKit;

/// <summary>What a council answers a person who asks, as its lead reads it: the same at each service.</summary>
public sealed class SubjectAccess(JsonElement document)
{
    /// <summary>The whole answer, as it came.</summary>
    public string Text => document.GetRawText();

    /// <summary>Each item as <c>kind.name</c>, with its value or why it is withheld.</summary>
    public IReadOnlyList<(string Item, string Name, string? Value, string? Withheld)> Items { get; } =
    [
        .. document
            .GetProperty("records")
            .EnumerateArray()
            .SelectMany(record =>
                record
                    .GetProperty("items")
                    .EnumerateArray()
                    .Select(item =>
                        (
                            item.GetProperty("item").GetString()!,
                            $"{record.GetProperty("kind").GetString()}.{item.GetProperty("name").GetString()}",
                            TextOf(item, "value"),
                            TextOf(item, "withheld")
                        )
                    )
            ),
    ];

    /// <summary>Values of all items of that name; of one that is withheld why, in brackets.</summary>
    public List<string> Of(string name) =>
        [.. Items.Where(item => item.Name == name).Select(item => item.Value ?? $"({item.Withheld})")];

    /// <summary>Names the last item of that name in a release.</summary>
    public string ItemOf(string name) => Items.Last(item => item.Name == name).Item;

    /// <summary>Asks by plans.</summary>
    public static Task<HttpResponseMessage> SendAsync(
        HttpClient person,
        IEnumerable<(Guid Id, string Role)> plans,
        params (string Item, string Reason)[] releases
    ) =>
        person.PostAsJsonAsync(
            "/subject-access",
            new
            {
                plans = plans.Select(plan => new { id = plan.Id, role = plan.Role }),
                releases = releases.Select(release => new { item = release.Item, reason = release.Reason }),
            }
        );

    /// <summary>Asks by one plan, and reads the answer.</summary>
    public static async Task<SubjectAccess> AskAsync(
        HttpClient person,
        Guid plan,
        string role = "child",
        params (string Item, string Reason)[] releases
    )
    {
        using var answer = await SendAsync(person, [(plan, role)], releases);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return new(JsonSerializer.Deserialize<JsonElement>(body));
    }

    private static string? TextOf(JsonElement item, string name) =>
        item.TryGetProperty(name, out var text) ? text.GetString() : null;
}
