using Microsoft.AspNetCore.Http.HttpResults;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Clients;
using Safeguarding.Identity.Storage;

namespace Safeguarding.Identity.OwnClients;

/// <summary>A client of the organisation.</summary>
/// <param name="Id">By which it asks for tokens.</param>
/// <param name="Disabled">Whether the operator has disabled it: it gets no token.</param>
/// <param name="HasSecret">Whether it has a secret in place of keys, as in development.</param>
/// <param name="Scopes">What it may have.</param>
/// <param name="Keys">Its public keys that have not ended.</param>
internal sealed record ClientView(
    string Id,
    bool Disabled,
    bool HasSecret,
    IReadOnlyList<string> Scopes,
    IReadOnlyList<ClientKeyView> Keys
);

/// <summary>A public key of a client.</summary>
/// <param name="Kid">Its id.</param>
/// <param name="KeyType">RSA or EC.</param>
/// <param name="AddedAt">When the organisation registered it; null where the operator did.</param>
/// <param name="EndsAt">When it ends; null where nobody has said.</param>
/// <param name="UsedAt">When a token was last got by it; null where none was.</param>
internal sealed record ClientKeyView(
    string Kid,
    string KeyType,
    DateTimeOffset? AddedAt,
    DateTimeOffset? EndsAt,
    DateTimeOffset? UsedAt
);

/// <summary>The clients of the caller's organisation.</summary>
internal static class ListClients
{
    public static async Task<Ok<IReadOnlyList<ClientView>>> Handle(
        Caller caller,
        ClientRegister clients,
        IdentityDb db,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var registered = (await ClientKeys.ReadAsync(db, cancellationToken)).ToLookup(key => key.Client);
        List<ClientView> views = [];
        foreach (
            var client in clients
                .OfFile.Where(client => client.Organisation == caller.Organisation && !client.IsForPeople)
                .OrderBy(client => client.Id, StringComparer.Ordinal)
        )
        {
            views.Add(
                View(
                    client.With(registered[client.Id]),
                    [.. registered[client.Id]],
                    await ClientKeys.ReadUsesAsync(db, client.Id, cancellationToken),
                    clock.GetUtcNow()
                )
            );
        }

        return TypedResults.Ok<IReadOnlyList<ClientView>>(views);
    }

    private static ClientView View(
        Client client,
        IReadOnlyList<RegisteredKey> registered,
        IReadOnlyDictionary<string, DateTimeOffset> uses,
        DateTimeOffset now
    ) =>
        new(
            client.Id,
            client.Disabled,
            client.SecretHash is not null,
            [.. client.Scopes.Order(StringComparer.Ordinal)],
            [
                .. client
                    .Keys.Values.Where(key => client.IsGood(key.Kid, now))
                    .OrderBy(key => key.Kid, StringComparer.Ordinal)
                    .Select(key => new ClientKeyView(
                        key.Kid,
                        key.Kty,
                        registered.FirstOrDefault(one => one.Kid == key.Kid)?.AddedAt,
                        client.KeyEnds.TryGetValue(key.Kid, out var end) ? end : null,
                        uses.TryGetValue(key.Kid, out var used) ? used : null
                    )),
            ]
        );
}
