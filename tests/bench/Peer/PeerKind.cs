namespace Safeguarding.Bench.Peer;

/// <summary>How the peer is written: each in a folder of <c>tests/bench/baseline</c>.</summary>
internal enum PeerKind
{
    /// <summary>As it is usually written, with no promise.</summary>
    Plain,

    /// <summary>So that nothing that was accepted is lost, as that is usually written.</summary>
    Safe,
}

internal static class PeerKinds
{
    public static string Title(this PeerKind kind) => kind == PeerKind.Safe ? "safe peer" : "peer";

    /// <summary>The word of the command line, and the one by which its program is started.</summary>
    public static string Word(this PeerKind kind) => kind == PeerKind.Safe ? "safe" : "plain";

    /// <returns>Null for another word.</returns>
    public static IReadOnlyList<PeerKind>? Of(string word) =>
        word switch
        {
            "plain" => [PeerKind.Plain],
            "safe" => [PeerKind.Safe],
            "both" => [PeerKind.Plain, PeerKind.Safe],
            _ => null,
        };
}
