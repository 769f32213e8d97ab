namespace Safeguarding.Contracts.Persons;

/// <summary>
/// How far an NHS number was traced at a national source of NHS numbers, as its sender states it. It is about the
/// number beside the names and birth date it was traced with, and may be older than either.
/// </summary>
/// <remarks>
/// Source: NHS Data Dictionary, NHS NUMBER STATUS INDICATOR CODE; UK Core's extension NHSNumberVerificationStatus on
/// <c>Patient.identifier</c>.
/// </remarks>
public enum NhsNumberStatus
{
    /// <summary>01: number present and verified.</summary>
    Verified,

    /// <summary>02: number present but not traced.</summary>
    NotTraced,

    /// <summary>03: trace required.</summary>
    TraceRequired,

    /// <summary>04: trace attempted, no match or multiple match found.</summary>
    NoMatch,

    /// <summary>05: trace needs to be resolved (number or patient detail conflict).</summary>
    Conflict,

    /// <summary>06: trace in progress.</summary>
    TraceInProgress,

    /// <summary>07: number not present and trace not required.</summary>
    NotPresent,

    /// <summary>08: trace postponed (baby under six weeks old).</summary>
    TracePostponed,
}

/// <summary>Reads national codes of <see cref="NhsNumberStatus"/>.</summary>
public static class NhsNumberStatusCode
{
    /// <summary>The status of a code, 01 to 08; null of anything else.</summary>
    public static NhsNumberStatus? Read(string? code) =>
        code switch
        {
            "01" => NhsNumberStatus.Verified,
            "02" => NhsNumberStatus.NotTraced,
            "03" => NhsNumberStatus.TraceRequired,
            "04" => NhsNumberStatus.NoMatch,
            "05" => NhsNumberStatus.Conflict,
            "06" => NhsNumberStatus.TraceInProgress,
            "07" => NhsNumberStatus.NotPresent,
            "08" => NhsNumberStatus.TracePostponed,
            _ => null,
        };
}
