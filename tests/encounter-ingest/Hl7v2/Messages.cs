using Safeguarding.Contracts;
using Safeguarding.TestKit;

namespace Safeguarding.EncounterIngest.Tests.Hl7v2;

/// <summary>A visit's messages. Everything in them is invented.</summary>
internal sealed record Visit(string Number, NhsNumber Nhs, string Mrn)
{
    private static int _next;

    public static Visit New()
    {
        var next = Interlocked.Increment(ref _next);
        return new Visit($"AE26-{next:D6}", Synthetic.NextNhsNumber(), $"T{next:D7}");
    }

    public string Patient =>
        $"PID|1||{Mrn}^^^RZZ^MR~{Nhs.Reveal()}^^^NHS^NH||O'Marley^Zofia^Ren^^^^L~^Zosia^^^^^N||20190307|F|||4 Tern Close^^Northmoor^^ZY1 4QQ^GBR^H||01632960117^PRN^PH~07700900117^PRN^CP|||||||||||||||||||NSTS01";

    public static string Header(string trigger, string at, string id = "E1", string rest = "P|2.4") =>
        $"MSH|^~\\&|PAS|RZZ|SGHUB|HUB|{at}||ADT^{trigger}^ADT_A01|{id}|{rest}\rEVN|{trigger}|{at}||||{at}";

    public string Pv1(
        string patientClass,
        string place = "EDPAED^CUB02^^RZZ01",
        string method = "",
        string service = "180"
    ) =>
        $"PV1|1|{patientClass}|{place}|{method}||||||{service}|||||||||{Number}^^^RZZ^VN|||||||||||||||||||||||||20261128021205";

    /// <summary>1.: arrival in the emergency department.</summary>
    public string Arrived(string at = "20261128021500", string id = "E1000001") =>
        $"{Header("A04", at, id)}\r{Patient}\rNK1|1|O'Marley^Ewa|MTH||07700900118^PRN^CP\r{Pv1("E", method: "E")}\r";

    /// <summary>2.: admitted from there, in enhanced mode.</summary>
    public string Admitted(string at = "20261128063010", string trigger = "A06") =>
        $"{Header(trigger, at, "E1000019", "P|2.4|||AL|NE")}\rPID|1||{Mrn}^^^RZZ^MR~{Nhs.Reveal()}^^^NHS^NH||O'Marley^Zofia^^^^^L||20190307|F\r{Pv1("I", "W12^B3^04^RZZ01", "21", "420")}\r";

    /// <summary>3.: an update without the NHS number, with the address deleted.</summary>
    public string Changed(string at = "20261128071100") =>
        $"{Header("A08", at, "E1000033")}\rPID|1||{Mrn}^^^RZZ^MR||O'Marley^Zofia^^^^^L||20190307|F|||\"\"||07700900119^PRN^CP\r{Pv1("I", "W12^B3^04^RZZ01", "21")}\r";

    /// <summary>4.: the admission undone.</summary>
    public string AdmissionUndone(string at = "20261128080000") =>
        $"{Header("A11", at, "E1000048")}\r{Patient}\r{Pv1("I", "W12^B3^04^RZZ01")}\r";

    public string Event(string trigger, string at, string patientClass = "E") =>
        $"{Header(trigger, at, $"{trigger}{at}")}\r{Patient}\r{Pv1(patientClass)}\r";
}
