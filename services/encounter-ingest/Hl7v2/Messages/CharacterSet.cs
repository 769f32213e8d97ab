using System.Text;

namespace Safeguarding.EncounterIngest.Hl7v2.Messages;

/// <summary>
/// In which character set a message is. Senders often name another than they write: what is valid UTF-8 is UTF-8,
/// else MSH-18 or the sender's profile decides, else Windows-1252, which holds all of ISO 8859-1.
/// </summary>
internal static class CharacterSet
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly Encoding Windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
    private static readonly Encoding Latin9 = CodePagesEncodingProvider.Instance.GetEncoding(28605)!;

    /// <summary>UTF-16, by its byte order mark: the one that is not read.</summary>
    public static bool IsUtf16(ReadOnlySpan<byte> message) => message is [0xFE, 0xFF, ..] or [0xFF, 0xFE, ..];

    public static (string Text, Encoding Charset) Read(ReadOnlySpan<byte> message, string? profile)
    {
        if (message is [0xEF, 0xBB, 0xBF, .. var rest])
            message = rest;
        try
        {
            return (Utf8.GetString(message), Utf8);
        }
        catch (DecoderFallbackException)
        {
            var charset = Named(Declared(message)) ?? Named(profile) ?? Windows;
            return (charset.GetString(message), charset);
        }
    }

    /// <summary>A character set by a name of HL7 table 0211; null of one that is not known.</summary>
    public static Encoding? Named(string? name) =>
        name?.Trim().ToUpperInvariant() switch
        {
            // What is ASCII by name and is not by its bytes is what Windows writes.
            "ASCII" or "8859/1" or "WINDOWS-1252" => Windows,
            "8859/15" => Latin9,
            // It was not valid UTF-8: one bad byte must not cost the message.
            "UNICODE UTF-8" or "UNICODE" or "UTF-8" => Windows,
            _ => null,
        };

    // Its own header is ASCII in each of them.
    private static string? Declared(ReadOnlySpan<byte> message)
    {
        var end = message.IndexOfAny((byte)'\r', (byte)'\n');
        var header = Encoding.Latin1.GetString(end < 0 ? message : message[..end]);
        if (Syntax.Read(header, Encoding.Latin1) is not { } syntax)
            return null;
        var fields = header.Split(syntax.Field);
        return fields.Length > 17 ? fields[17].Split(syntax.Repeat)[0] : null;
    }
}
