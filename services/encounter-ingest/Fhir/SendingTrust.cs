namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>Whose document is read, and which site codes may be its own.</summary>
/// <param name="Ods">ODS code, from the token.</param>
/// <param name="Operates">
/// Whether ODS says that the trust operates a site: since 2020 its code need not begin with the trust's.
/// </param>
internal sealed record SendingTrust(string Ods, Func<string, bool> Operates)
{
    /// <summary>A trust of which nothing else is known.</summary>
    public SendingTrust(string ods)
        : this(ods, _ => false) { }

    /// <summary>Whether the code is the trust's own.</summary>
    public bool Is(string? code) => string.Equals(code, Ods, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the code is the trust's own, or may be that of one of its sites.</summary>
    public bool MayBeOf(string? code) =>
        code is not null
        && (code.StartsWith(Ods, StringComparison.OrdinalIgnoreCase) || Operates(code.ToUpperInvariant()));
}
