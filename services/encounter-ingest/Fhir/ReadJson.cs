using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Safeguarding.EncounterIngest.Fhir;

/// <summary>FHIR JSON to elements, under the limits, in one pass that never recurses.</summary>
internal static class ReadJson
{
    private static readonly JsonReaderOptions Strict = new()
    {
        MaxDepth = Limits.Depth,
        CommentHandling = JsonCommentHandling.Disallow,
        AllowTrailingCommas = false,
    };

    /// <exception cref="RefusedException">It is not JSON, is beyond the limits, or has a property twice.</exception>
    public static FhirElement Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];
        if (utf8.IndexOfAnyExcept(" \t\r\n"u8) < 0)
            throw new RefusedException(IssueKind.BodyEmpty);
        var reader = new Utf8JsonReader(utf8, Strict);
        var build = new Build(utf8);
        try
        {
            while (reader.Read())
                build.Take(ref reader);
        }
        catch (JsonException exception)
        {
            // The reader checks depth before it hands out the bracket that goes too far; one that it has just handed
            // out it does not count yet.
            var depth =
                reader.CurrentDepth
                + (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray ? 1 : 0);
            var (line, column) = Position(utf8, exception);
            throw RefusedException.At(
                depth >= Limits.Depth ? IssueKind.TooDeep : IssueKind.JsonMalformed,
                line,
                column
            );
        }

        return build.Root ?? throw new RefusedException(IssueKind.JsonMalformed);
    }

    // The reader counts bytes from nought; people count characters from one.
    private static (long Line, long Column) Position(ReadOnlySpan<byte> utf8, JsonException exception)
    {
        var line = utf8;
        for (var i = 0; i < exception.LineNumber; i++)
            line = line[(line.IndexOf((byte)'\n') + 1)..];
        var before = line[..(int)Math.Min(exception.BytePositionInLine ?? 0, line.Length)];
        return ((exception.LineNumber ?? 0) + 1, Encoding.UTF8.GetCharCount(before) + 1);
    }

    /// <summary>One open object or array. An array's items are elements of the array's name under its owner.</summary>
    private struct Frame
    {
        public FhirElement Element;
        public string? Array;
        public int FirstName;
        public int Items;

        /// <summary>
        /// Where the next item of the other half stands ("given" after "_given", or the reverse); -1 where
        /// there is none.
        /// </summary>
        public int OtherHalf;
    }

    private ref struct Build
    {
        private readonly Frame[] _frames = new Frame[Limits.Depth + 1];
        private readonly List<string> _names = new(64);
        private int _top = -1;
        private int _elements;
        private string? _property;
        private readonly ReadOnlySpan<byte> _utf8;
        private int _counted;
        private int _line = 1;
        private int _column = 1;

        public Build(ReadOnlySpan<byte> utf8) => _utf8 = utf8;

        public FhirElement? Root { get; private set; }

        public void Take(ref Utf8JsonReader reader)
        {
            // A property stands where its name does, an item of an array where it begins.
            if (
                reader.TokenType is not (JsonTokenType.EndObject or JsonTokenType.EndArray)
                && (_property is null || reader.TokenType == JsonTokenType.PropertyName)
            )
            {
                CountTo((int)reader.TokenStartIndex);
            }

            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    Property(ref reader);
                    break;
                case JsonTokenType.StartObject when _property == "text":
                    // Narrative is dropped before it is read: DomainResource.text is the only object of that name in
                    // R4.
                    reader.Skip();
                    _property = null;
                    break;
                case JsonTokenType.StartObject:
                    var opened = Next(ElementShape.Complex);
                    _frames[++_top] = new Frame { Element = opened, FirstName = _names.Count };
                    break;
                case JsonTokenType.StartArray:
                    OpenArray();
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    _names.RemoveRange(_frames[_top].FirstName, _names.Count - _frames[_top].FirstName);
                    _top--;
                    break;
                case JsonTokenType.String:
                    Value(Next(ElementShape.Text), Text(ref reader));
                    break;
                case JsonTokenType.Number:
                    Next(ElementShape.Number).Value =
                        reader.ValueSpan.Length <= 64 ? Encoding.ASCII.GetString(reader.ValueSpan) : "0";
                    break;
                case JsonTokenType.True or JsonTokenType.False:
                    Next(ElementShape.Boolean).Value = reader.TokenType == JsonTokenType.True ? "true" : "false";
                    break;
                case JsonTokenType.Null:
                    Next(ElementShape.Null);
                    break;
            }
        }

        private void CountTo(int start)
        {
            var passed = _utf8[_counted..start];
            if (passed.LastIndexOf((byte)'\n') is >= 0 and var last)
            {
                _line += passed.Count((byte)'\n');
                _column = 1;
                passed = passed[(last + 1)..];
            }

            _column += Encoding.UTF8.GetCharCount(passed);
            _counted = start;
        }

        private void Property(ref Utf8JsonReader reader)
        {
            var name = reader.ValueIsEscaped
                ? Text(ref reader)
                : ElementNames.Read(reader.ValueSpan)
                    ?? throw new RefusedException(IssueKind.TextNotUnicode, _frames[_top].Element.Path);
            var first = _frames[_top].FirstName;
            if (_names.Count - first == Limits.PropertiesOfOneObject)
                throw new RefusedException(IssueKind.TooManyElements, _frames[_top].Element.Path);
            if (CollectionsMarshal.AsSpan(_names)[first..].Contains(name))
                throw new RefusedException(IssueKind.DuplicateKey, _frames[_top].Element.Path);
            _names.Add(name);
            _property = name;
        }

        private void OpenArray()
        {
            if (_top < 0)
                throw new RefusedException(IssueKind.ResourceTypeMissing);
            if (_property is null)
                throw new RefusedException(IssueKind.ElementTypeWrong, _frames[_top].Element.Path);
            _frames[_top + 1] = new Frame
            {
                Element = _frames[_top].Element,
                Array = _property,
                FirstName = _names.Count,
                OtherHalf = FindOtherHalf(_property),
            };
            _top++;
            _property = null;
        }

        private FhirElement Next(ElementShape shape)
        {
            if (++_elements > Limits.Elements)
                throw new RefusedException(IssueKind.TooManyElements);
            if (_top < 0)
            {
                return shape == ElementShape.Complex
                    ? Root = new FhirElement("", null) { Position = new TextPosition(_line, _column) }
                    : throw new RefusedException(IssueKind.ResourceTypeMissing);
            }

            ref var frame = ref _frames[_top];
            var inArray = frame.Array is not null;
            var name = frame.Array ?? _property!;
            frame.Items += inArray ? 1 : 0;
            if (frame.Items > Limits.ItemsOfOneArray)
                throw new RefusedException(IssueKind.TooManyElements, frame.Element.Path);
            _property = null;

            // "_birthDate" is the other half of "birthDate": the extensions of the primitive. Either half may come
            // first.
            var isHalf = name is ['_', ..];
            var other = inArray ? frame.OtherHalf : FindOtherHalf(name);
            var siblings = frame.Element.Children;
            name = isHalf ? name[1..] : name;
            var meets = other >= 0 && other < siblings.Count && siblings[other].Name == name;
            var element = meets ? siblings[other] : frame.Element.Add(name);
            if (meets)
                frame.OtherHalf++;
            else
                element.Position = new TextPosition(_line, _column);
            element.InList |= inArray;
            if (!isHalf)
                element.Shape = shape;
            return element;
        }

        // Looked for once a property, not once an item: a list of thousands must not cost its square.
        private readonly int FindOtherHalf(string name)
        {
            var element = _frames[_top].Element;
            var isHalf = name is ['_', ..];
            foreach (var seen in CollectionsMarshal.AsSpan(_names)[_frames[_top].FirstName..])
            {
                if (
                    isHalf
                        ? !name.AsSpan(1).SequenceEqual(seen)
                        : !(seen is ['_', ..] && seen.AsSpan(1).SequenceEqual(name))
                )
                {
                    continue;
                }

                for (var i = 0; i < element.Children.Count; i++)
                {
                    if (element.Children[i].Name == (isHalf ? name[1..] : name))
                        return i;
                }
            }

            return -1;
        }

        private static void Value(FhirElement element, string value)
        {
            element.Value = value;
            if (element is { Name: "resourceType", Parent: { } owner, InList: false })
                owner.ResourceType = value is { Length: > 0 and <= 64 } && value.All(char.IsAsciiLetter) ? value : "";
        }

        private readonly string Text(ref Utf8JsonReader reader)
        {
            try
            {
                return reader.GetString()!;
            }
            catch (InvalidOperationException)
            {
                // Half a surrogate pair, or bytes that are not UTF-8.
                throw new RefusedException(IssueKind.TextNotUnicode, _top < 0 ? null : _frames[_top].Element.Path);
            }
        }
    }
}
