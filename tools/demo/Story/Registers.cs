namespace Safeguarding.Demo.Story;

/// <summary>
/// Two made-up councils' registers. Nobody in them lives; the NHS numbers pass Modulus 11 and begin with 900, which was
/// never issued.
/// </summary>
internal static class Registers
{
    public const string Northmoor = """
        reference,kind,start_date,expected_date,nhs_number,identifier_state,family_name,given_names,other_names,birth_date,sex,postcode,phones
        NM-101,child-protection,2026-03-02,,9001000002,known,Ashgrove,Robyn Mae,,2017-05-14,female,ZZ1 4AB,
        NM-102,looked-after,2025-11-20,,9001011179,known,Okonkwo-Reed,Tobias,"Reed, Toby",2012-09-30,male,ZZ1 7QD,
        NM-103,child-protection,2026-08-11,,,unknown,Kowalczyk,Zuzanna,,2021-02-17,female,ZZ2 9XH,01632 960172
        NM-104,unborn,2026-09-01,2027-01-20,9001022340,known,Fairhurst,Leanne,,1998-07-08,female,ZZ3 1LM,
        NM-105,child-protection,2026-01-15,,9001033512,known,Delacourt,Idris,,2019-12-01,male,ZZ4 6PP,
        """;

    /// <summary>The council's own report will name line 3: its NHS number fails the check digit.</summary>
    public const string Eastvale = """
        reference,kind,start_date,expected_date,nhs_number,identifier_state,family_name,given_names,other_names,birth_date,sex,postcode,phones
        EV-2026-7,looked-after,2026-06-01,,9001033512,known,Delacourt,Idris,,2019-12-01,male,ZZ9 2TT,
        EV-2026-8,child-protection,2026-06-09,,9001044688,known,Marlowe,Priya,,2015-03-03,female,ZZ9 3RR,
        """;
}
