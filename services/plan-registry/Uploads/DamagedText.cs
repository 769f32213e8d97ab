using System.Text;
using System.Text.RegularExpressions;
using Safeguarding.PlanRegistry.Domain.Plans;

namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>
/// Text that was written in one encoding and read in another on its way here. Where it is certain what it was, it is
/// read so; it is always reported.
/// </summary>
internal static partial class DamagedText
{
    private const string Code = "encoding-damaged";

    // Throws on what it does not have, so that only text that Windows-1252 can write is taken back to its bytes.
    private static readonly Encoding Windows1252 = CodePagesEncodingProvider.Instance.GetEncoding(
        1252,
        EncoderFallback.ExceptionFallback,
        DecoderFallback.ExceptionFallback
    )!;

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    private static readonly UploadColumn[] Names =
    [
        .. UploadColumn.All.Where(column => LineValues.IsName(column.Name)),
    ];

    /// <summary>
    /// Text of a line whose bytes are no UTF-8. What Windows-1252 has no letter for is not guessed at: U+FFFD stands
    /// for it, which every field refuses.
    /// </summary>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        Span<char> one = stackalloc char[1];
        foreach (var b in bytes)
        {
            if (b < 0x80)
            {
                text.Append((char)b);
            }
            else
            {
                text.Append(
                    b is not (0x81 or 0x8D or 0x8F or 0x90 or 0x9D)
                    && Windows1252.GetChars([b], one) == 1
                    && IsOfNames(one[0])
                        ? one[0]
                        : '\uFFFD'
                );
            }
        }

        return text.ToString();
    }

    public static void WarnOfDecoding(UploadColumn column, ValidationErrors errors) =>
        errors.Warn(
            LineValues.FieldOf(column),
            Code,
            "This is not UTF-8. It was read as Windows-1252, the encoding of older programs. Look whether it is "
                + "right, and save the file as \"CSV UTF-8\"."
        );

    public static void Repair(string?[] values, ValidationErrors errors)
    {
        foreach (var column in Names)
        {
            if (
                values[column.Index] is not { Length: > 0 } text
                || Ascii.IsValid(text) && !text.Contains('?', StringComparison.Ordinal)
            )
            {
                continue;
            }

            if (Mojibake().IsMatch(text))
            {
                var repaired = Undo(text);
                values[column.Index] = repaired ?? text;
                errors.Warn(
                    LineValues.FieldOf(column),
                    Code,
                    repaired is null
                        ? "This reads as text whose encoding was damaged on its way. It was taken as it is: look "
                            + "whether it is right."
                        : "UTF-8 was read as Windows-1252 and saved so. It was read as what it must have been: look "
                            + "whether it is right."
                );
            }
            else if (Lossy().IsMatch(text))
            {
                errors.Warn(
                    LineValues.FieldOf(column),
                    Code,
                    "A question mark stands where a letter was lost. It was taken as it is: send the name as it is "
                        + "written."
                );
            }
        }
    }

    private static string? Undo(string text)
    {
        try
        {
            return StrictUtf8.GetString(Windows1252.GetBytes(text));
        }
        catch (Exception exception) when (exception is EncoderFallbackException or DecoderFallbackException)
        {
            return null;
        }
    }

    private static bool IsOfNames(char c) =>
        char.IsLetter(c) || c is '\u2019' or '\u2018' or '\u2013' or '\u00A0' or '\u00B4';

    // The first byte of a two- or three-byte letter, and a second that no spelling has behind it.
    [GeneratedRegex(
        "[\u00C2-\u00C5\u00D0\u00E2][\u0080-\u00BF\u20AC\u201A-\u201E\u0192\u2020-\u2022\u2026\u2030\u02C6\u02DC\u2013\u2014\u2018-\u201D\u2039\u203A\u2122\u0160\u0161\u0152\u0153\u017D\u017E\u0178]"
    )]
    private static partial Regex Mojibake();

    [GeneratedRegex(@"\p{L}\?\p{L}")]
    private static partial Regex Lossy();
}
