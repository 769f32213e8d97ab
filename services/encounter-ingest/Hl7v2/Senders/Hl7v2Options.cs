using System.ComponentModel.DataAnnotations;

namespace Safeguarding.EncounterIngest.Hl7v2.Senders;

/// <summary>HL7 v2 over MLLP; it is off unless the folder of senders is named.</summary>
internal sealed class Hl7v2Options
{
    /// <summary>The folder with one JSON file for each sender (<c>Hl7v2__SendersDirectory</c>).</summary>
    public string? SendersDirectory { get; set; }

    /// <summary>The TCP port (<c>Hl7v2__Port</c>); 0 takes a free one.</summary>
    [Range(0, 65535, ErrorMessage = "Hl7v2__Port must be between 0 and 65535.")]
    public int Port { get; set; } = 2575;

    /// <summary>
    /// The address to listen at (<c>Hl7v2__Address</c>): loopback without a certificate, every address with one where
    /// it is not set.
    /// </summary>
    public string? Address { get; set; }

    /// <summary>PEM file of the server's certificate and its chain (<c>Hl7v2__Certificate</c>).</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file of its private key (<c>Hl7v2__CertificateKey</c>).</summary>
    public string? CertificateKey { get; set; }

    /// <summary>
    /// After how many seconds a message gets no answer any more (<c>Hl7v2__AnswerSeconds</c>): less than its sender
    /// waits.
    /// </summary>
    [Range(1, 60, ErrorMessage = "Hl7v2__AnswerSeconds must be between 1 and 60.")]
    public int AnswerSeconds { get; set; } = 4;

    /// <summary>Largest message (<c>Hl7v2__MaxMessageBytes</c>).</summary>
    [Range(1024, 16 * 1024 * 1024, ErrorMessage = "Hl7v2__MaxMessageBytes must be between 1024 and 16777216.")]
    public int MaxMessageBytes { get; set; } = 1024 * 1024;
}
