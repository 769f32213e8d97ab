using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Safeguarding.Hosting;

namespace Safeguarding.Portal.Services;

/// <summary>What somebody did, as a service recorded it.</summary>
/// <param name="Service">Which service.</param>
/// <param name="Id">Of the record; later ones are greater.</param>
/// <param name="At">When.</param>
/// <param name="Organisation">Of whoever did it.</param>
/// <param name="Client">By which system.</param>
/// <param name="Person">Who, as the provider of their sign-in names them; null where a system did it by itself.</param>
/// <param name="Role">Of that person, and how surely they signed in.</param>
/// <param name="Act">What, such as <c>alert.read</c>.</param>
/// <param name="Subject">To what: a kind and an id, never a name.</param>
/// <param name="Purpose">What for.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Position">Its place in its organisation's chain of this service; null while it is not sealed.</param>
internal sealed record AuditEntry(
    string Service,
    Guid Id,
    DateTimeOffset At,
    string Organisation,
    string Client,
    string? Person,
    string? Role,
    string Act,
    string? Subject,
    string? Purpose,
    string Outcome,
    long? Position
);

/// <summary>A record as a service answers it.</summary>
/// <param name="Service">Which service.</param>
/// <param name="Resource">A FHIR AuditEvent.</param>
internal sealed record AuditResource(string Service, JsonObject Resource)
{
    public Guid Id => Guid.Parse(Resource["id"]!.GetValue<string>());
}

/// <summary>What is asked of the audit.</summary>
/// <param name="From">The first day, in London.</param>
/// <param name="To">The last day.</param>
/// <param name="RefusedOnly">Only what was refused.</param>
/// <param name="Act">Only this act, such as <c>plan.read</c>.</param>
/// <param name="Record">Only what was done to the alert, plan or other record of this id.</param>
/// <param name="Organisation">Only what this organisation did.</param>
/// <param name="NotOrganisation">Only what others did.</param>
internal sealed record AuditQuery(
    DateOnly? From,
    DateOnly? To,
    bool RefusedOnly,
    string? Act,
    Guid? Record,
    string? Organisation,
    string? NotOrganisation
);

/// <summary>
/// The audit of all services and of identity, one list by time. Each has its own, as FHIR AuditEvents, for which no
/// client can be made from a document.
/// </summary>
/// <param name="http">Clients with the person's token.</param>
public sealed class AuditTrail(IHttpClientFactory http)
{
    /// <summary>The newest records of each service before its cursor.</summary>
    /// <param name="query">What is asked.</param>
    /// <param name="cursors">By service: the id before which to go on.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">The request's.</param>
    internal async Task<IReadOnlyList<Part<IReadOnlyList<AuditEntry>>>> ReadAsync(
        AuditQuery query,
        IReadOnlyDictionary<string, Guid> cursors,
        int count,
        CancellationToken cancellationToken
    ) =>
        [
            .. (await ReadResourcesAsync(query, cursors, count, cancellationToken)).Select(part => new Part<
                IReadOnlyList<AuditEntry>
            >(part.Value?.Select(record => Of(record.Service, record.Resource)).ToList(), part.Missing)),
        ];

    /// <summary>The same as the services answer it.</summary>
    internal async Task<IReadOnlyList<Part<IReadOnlyList<AuditResource>>>> ReadResourcesAsync(
        AuditQuery query,
        IReadOnlyDictionary<string, Guid> cursors,
        int count,
        CancellationToken cancellationToken
    ) =>
        await Task.WhenAll(
            ServiceClients
                .All.Append(ServiceClients.SignIn)
                .Select(service =>
                    Part.OfAsync(
                        ReadAsync(
                            service.Name,
                            query,
                            cursors.TryGetValue(service.Name, out var before) ? before : null,
                            count,
                            cancellationToken
                        )
                    )
                )
        );

    private async Task<IReadOnlyList<AuditResource>> ReadAsync(
        string service,
        AuditQuery query,
        Guid? before,
        int count,
        CancellationToken cancellationToken
    )
    {
        List<KeyValuePair<string, string>> form = [new("_count", count.ToString(CultureInfo.InvariantCulture))];
        if (query.From is { } from)
            form.Add(new("date", $"ge{Start(from)}"));
        if (query.To is { } to)
            form.Add(new("date", $"lt{Start(to.AddDays(1))}"));
        if (query.RefusedOnly)
            form.Add(new("outcome", "8"));
        if (query.Act is { } act)
            form.Add(new("subtype", act));
        if (query.Record is { } record)
            form.Add(new("entity", record.ToString()));
        if (query.Organisation is { } organisation)
            form.Add(new("agent", organisation));
        if (query.NotOrganisation is { } other)
            form.Add(new("agent:not", other));
        if (before is { } cursor)
            form.Add(new("before", cursor.ToString()));
        using var client = http.CreateClient(service);
        using var content = new FormUrlEncodedContent(form);
        using var answer = await client.PostAsync(
            new Uri("fhir/AuditEvent/_search", UriKind.Relative),
            content,
            cancellationToken
        );
        answer.EnsureSuccessStatusCode();
        var bundle = await answer.Content.ReadFromJsonAsync<JsonObject>(cancellationToken);
        return
        [
            .. (bundle?["entry"]?.AsArray() ?? []).Select(entry => new AuditResource(
                service,
                entry!["resource"]!.DeepClone().AsObject()
            )),
        ];
    }

    private static AuditEntry Of(string service, JsonNode record)
    {
        var agents = record["agent"]!.AsArray();
        string Who(string kind) => Value(agents.First(agent => Kind(agent!["who"]!) == kind)!["who"]!);
        var person = agents.FirstOrDefault(agent => agent!["role"] is not null);
        var act = record["subtype"]!
            .AsArray()
            .Single(coding => coding!["system"]!.GetValue<string>() == "urn:safeguarding-hub:act")!;
        return new AuditEntry(
            service,
            Guid.Parse(record["id"]!.GetValue<string>()),
            DateTimeOffset.Parse(record["recorded"]!.GetValue<string>(), CultureInfo.InvariantCulture),
            Who("organisation"),
            Who("client"),
            person is null ? null : Value(person["who"]!),
            person?["role"]![0]!["text"]!.GetValue<string>(),
            act["code"]!.GetValue<string>(),
            record["entity"]?[0]?["what"] is { } what ? $"{Kind(what)} {Value(what)}" : null,
            record["purposeOfEvent"]?[0]!["text"]!.GetValue<string>(),
            record["outcomeDesc"]!.GetValue<string>(),
            record["extension"]
                ?[0]?["extension"]?.AsArray()
                .FirstOrDefault(part => part!["url"]!.GetValue<string>() == "position")
                ?["valueDecimal"]?.GetValue<long>()
        );
    }

    // Of urn:safeguarding-hub:alert, alert.
    private static string Kind(JsonNode what) => what["identifier"]!["system"]!.GetValue<string>().Split(':')[^1];

    private static string Value(JsonNode who) => who["identifier"]!["value"]!.GetValue<string>();

    // The midnight of London, in UTC.
    private static string Start(DateOnly day) =>
        TimeZoneInfo
            .ConvertTimeToUtc(day.ToDateTime(TimeOnly.MinValue), UkTime.Zone)
            .ToString("O", CultureInfo.InvariantCulture);
}
