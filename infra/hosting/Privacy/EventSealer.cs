using Safeguarding.Contracts;

namespace Safeguarding.Hosting.Privacy;

/// <summary>
/// Seals for one kind of event, under the key ring that its sender shares with its listener. Made by
/// <see cref="Sealer.For{TEvent}"/>.
/// </summary>
public sealed class EventSealer
{
    private readonly Sealer _sealer;
    private readonly KeyRing _ring;

    internal EventSealer(Sealer sealer, KeyRing ring) => (_sealer, _ring) = (sealer, ring);

    /// <summary>Seals a value.</summary>
    public Sealed<T> Seal<T>(T value) => Sealer.Seal(_ring, value);

    /// <summary>
    /// Seals again what the service has kept. As it is kept where it cannot be opened: the listener says so.
    /// </summary>
    public Sealed<T> Reseal<T>(Sealed<T> kept) => _sealer.Reseal(_ring, kept);
}
