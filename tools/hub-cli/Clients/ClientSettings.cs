using System.ComponentModel;
using System.Text.Json.Nodes;
using Spectre.Console.Cli;

namespace Safeguarding.Cli.Clients;

internal class ClientSettings : CommandSettings
{
    [CommandArgument(0, "<ID>")]
    [Description("The client's id.")]
    public required string Id { get; init; }
}

/// <summary>Where a client's public key comes from.</summary>
internal class KeySettings : ClientSettings
{
    [CommandOption("--key <FILE>")]
    [Description("Its public key: PEM, JWK or JWKS; - is standard input.")]
    public string? Key { get; init; }

    [CommandOption("--new-key <FILE>")]
    [Description("Make a key pair: the private half into FILE, the public half into the register.")]
    public string? NewKey { get; init; }

    [CommandOption("--kid <KID>")]
    [Description(
        "The key's id, which its owner sends as \"kid\". Default with --new-key: the client's id and the date."
    )]
    public string? Kid { get; init; }

    /// <exception cref="RefusedException">There is no usable public key.</exception>
    public List<JsonObject> ReadKeys(Terminal terminal)
    {
        if ((Key is null) == (NewKey is null))
        {
            throw RefusedException.Misused(
                "Give --key FILE with the client's public key, or --new-key FILE to have a pair made."
            );
        }

        if (NewKey is { } made)
            return [KeyPairs.Make(made, Kid ?? $"{Id}-{terminal.Clock.GetUtcNow():yyyyMMddHHmm}", terminal)];
        return PublicKeys.Read(
            Key == Terminal.StandardInput ? terminal.Input.ReadToEnd() : File.ReadAllText(Key!),
            Kid
        );
    }
}
