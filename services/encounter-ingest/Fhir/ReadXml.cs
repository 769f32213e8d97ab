using System.Text;
using System.Xml;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>
/// FHIR XML to the same elements. It never recurses and counts depth itself: a document nested 20,000 deep ends a
/// process that parses it naively.
/// </summary>
internal static class ReadXml
{
    private const string Fhir = "http://hl7.org/fhir";
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    /// <exception cref="RefusedException">It is not FHIR XML, has a DTD, or is beyond the limits.</exception>
    public static FhirElement Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        if (utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            throw new RefusedException(IssueKind.BodyEmpty);
        string text;
        try
        {
            // Decoded here, so that an encoding named in the document is no way round the checks.
            text = Utf8.GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            throw new RefusedException(IssueKind.TextNotUnicode);
        }

        try
        {
            using var xml = XmlReader.Create(new StringReader(text), Settings);
            return Read(xml);
        }
        catch (XmlException exception)
        {
            throw RefusedException.At(
                text.Contains("<!DOCTYPE", StringComparison.OrdinalIgnoreCase)
                    ? IssueKind.XmlDtd
                    : IssueKind.XmlMalformed,
                exception.LineNumber,
                exception.LinePosition
            );
        }
    }

    private static FhirElement Read(XmlReader xml)
    {
        FhirElement? root = null;
        var open = new Stack<FhirElement>();
        var elements = 0;
        while (xml.Read())
        {
            switch (xml.NodeType)
            {
                case XmlNodeType.Element:
                    if (++elements > Limits.Elements)
                        throw new RefusedException(IssueKind.TooManyElements);
                    CheckDepth(xml);
                    open.TryPeek(out var owner);
                    if (owner?.Children.Count > Limits.ItemsOfOneArray)
                        throw new RefusedException(IssueKind.TooManyElements, owner.Path);
                    if (xml.NamespaceURI != Fhir)
                        throw At(IssueKind.XmlNamespace, xml, owner?.Path);
                    if (owner?.ResourceType is not null && xml.LocalName == "text")
                    {
                        SkipNarrative(xml);
                        break;
                    }

                    var isEmpty = xml.IsEmptyElement;
                    var element = Element(xml, owner);
                    root ??= element;
                    if (!isEmpty)
                        open.Push(element);
                    break;
                case XmlNodeType.EndElement:
                    open.Pop();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA:
                    throw At(IssueKind.XmlMalformed, xml, open.Peek().Path);
            }
        }

        return root!;
    }

    private static RefusedException At(IssueKind kind, XmlReader xml, string? path) =>
        xml is IXmlLineInfo at
            ? RefusedException.At(kind, at.LineNumber, at.LinePosition, path)
            : new RefusedException(kind, path);

    private static FhirElement Element(XmlReader xml, FhirElement? owner)
    {
        var name = xml.LocalName;
        if (owner is null)
            return new FhirElement("", null) { ResourceType = ResourceName(name), Position = PositionIn(xml) };

        // <contained><Patient>…: the inner one only says what the outer one is.
        if (char.IsAsciiLetterUpper(name[0]))
        {
            if (owner.ResourceType is not null)
                throw new RefusedException(IssueKind.ElementRepeated, owner.Path);
            owner.ResourceType = ResourceName(name);
            return owner;
        }

        var element = owner.Add(name);
        element.Position = PositionIn(xml);
        while (xml.MoveToNextAttribute())
        {
            if (xml is { LocalName: "value", NamespaceURI: "" })
            {
                element.Value = xml.Value;
                element.Shape = ElementShape.Text;
            }
            else if (xml.NamespaceURI.Length == 0)
            {
                var attribute = element.Add(xml.LocalName);
                attribute.Position = PositionIn(xml);
                attribute.Value = xml.Value;
                attribute.Shape = ElementShape.Text;
            }
        }

        xml.MoveToElement();
        return element;
    }

    private static TextPosition PositionIn(XmlReader xml) =>
        xml is IXmlLineInfo at ? new TextPosition(at.LineNumber, at.LinePosition) : default;

    private static void SkipNarrative(XmlReader xml)
    {
        if (xml.IsEmptyElement)
            return;
        var depth = xml.Depth;
        while (xml.Read() && xml.Depth > depth)
            CheckDepth(xml);
    }

    private static void CheckDepth(XmlReader xml)
    {
        if (xml.Depth >= Limits.Depth)
            throw new RefusedException(IssueKind.TooDeep);
    }

    private static string ResourceName(string name) => name.Length <= 64 && name.All(char.IsAsciiLetter) ? name : "";
}
