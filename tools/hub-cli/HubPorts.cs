using System.Globalization;

namespace Safeguarding.Cli;

/// <summary>
/// Where each part listens on this machine: <c>HUB_MATCHING_PORT</c> and so on, in the environment or in
/// <c>.env</c>.
/// </summary>
internal static class HubPorts
{
    public static int Get(string name) =>
        Get(
            name,
            name switch
            {
                "portal" => 8100,
                "plan-registry" => 8101,
                "encounter-ingest" => 8102,
                "matching" => 8103,
                "notification" => 8104,
                "identity" => 8105,
                "receiver" => 8110,
                _ => throw new ArgumentOutOfRangeException(nameof(name), name, "not a part of the hub"),
            }
        );

    private static int Get(string name, int otherwise)
    {
        var variable = $"HUB_{name.Replace('-', '_').ToUpperInvariant()}_PORT";
        if (Place.Setting(variable) is not { } text)
            return otherwise;
        return
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            && port is > 0 and <= 65535
            ? port
            : throw RefusedException.Misused($"{variable} must be a port, 1 to 65535; it is \"{text}\".");
    }
}
