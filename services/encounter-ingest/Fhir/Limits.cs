namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// How big a document may be in any direction. Real messages (booking and referral bundles of 45 KB) stay an order of
/// magnitude below; a hostile one is refused while it is being read, before anything is built from it.
/// </summary>
internal static class Limits
{
    public const int Depth = 64;

    public const int Elements = 20_000;

    public const int PropertiesOfOneObject = 256;

    public const int ItemsOfOneArray = 2_000;

    /// <summary>
    /// More are not sent: the first ones are what a sender repairs first, and an answer must not outgrow its
    /// question.
    /// </summary>
    public const int Issues = 20;

    /// <summary>Names, identifiers, phones and codes that the hub keeps.</summary>
    public const int StoredText = 200;

    public const int KeptRepeats = 10;
}
