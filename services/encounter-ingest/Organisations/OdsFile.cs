using System.Globalization;
using System.Xml;
using Safeguarding.EncounterIngest.Fhir;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Hosting;

namespace Safeguarding.EncounterIngest.Organisations;

/// <summary>What an ODS file says.</summary>
/// <param name="PublishedOn">The day that it names.</param>
/// <param name="Records">The organisations and sites in it.</param>
/// <param name="Organisations">Those of a kind that the hub has a use for.</param>
internal sealed record OdsContent(
    DateOnly? PublishedOn,
    int Records,
    IReadOnlyCollection<OdsOrganisation> Organisations
);

/// <summary>The file is not a whole ODS file.</summary>
/// <param name="line">Where, from 1.</param>
/// <param name="message">What is wrong, without what stands there.</param>
internal sealed class BadOdsFileException(int line, string message) : Exception(message)
{
    public int Line { get; } = line;
}

/// <summary>
/// Reads HSCOrgRefData, the XML file that the Organisation Data Service publishes of all organisations and sites. It is
/// hundreds of megabytes, so it is read as it comes, and what the hub has no use for is passed over.
/// </summary>
internal sealed class OdsFile
{
    /// <summary>In bytes. The real file has about 700 million.</summary>
    public const long Largest = 2L * 1024 * 1024 * 1024;

    // Three times as many as ODS has of these kinds: what is kept of the file is in memory.
    private const int MostOrganisations = 400_000;
    private const int LongestName = 100;
    private const string OperatedBy = "RE6";

    // The first that an organisation has, after its primary role.
    private static readonly OrderedDictionary<string, DirectoryKind> Roles = new()
    {
        ["RO197"] = DirectoryKind.Trust,
        ["RO107"] = DirectoryKind.Trust,
        ["RO198"] = DirectoryKind.TrustSite,
        ["RO108"] = DirectoryKind.TrustSite,
        ["RO87"] = DirectoryKind.WalkInCentre,
        ["RO76"] = DirectoryKind.GpPractice,
        ["RO172"] = DirectoryKind.IndependentProvider,
        ["RO176"] = DirectoryKind.IndependentProviderSite,
        ["RO233"] = DirectoryKind.Constabulary,
        ["RO234"] = DirectoryKind.CustodySuite,
        ["RO141"] = DirectoryKind.LocalAuthority,
        ["RO142"] = DirectoryKind.HealthBoard,
        ["RO144"] = DirectoryKind.HealthBoard,
        ["RO149"] = DirectoryKind.HealthBoard,
    };

    private readonly XmlReader _reader;
    private readonly Dictionary<string, OdsOrganisation> _kept = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SortedSet<string>> _successors = new(StringComparer.Ordinal);
    private int _records;

    private OdsFile(XmlReader reader) => _reader = reader;

    /// <exception cref="BadOdsFileException">It is not a whole ODS file.</exception>
    public static async Task<OdsContent> ReadAsync(Stream file, CancellationToken cancellationToken)
    {
        using var reader = XmlReader.Create(
            file,
            new XmlReaderSettings
            {
                Async = true,
                DtdProcessing = DtdProcessing.Prohibit,
                XmlResolver = null,
                IgnoreComments = true,
                IgnoreProcessingInstructions = true,
                IgnoreWhitespace = true,
                MaxCharactersInDocument = Largest,
            }
        );
        try
        {
            return await new OdsFile(reader).ReadAsync(cancellationToken);
        }
        catch (XmlException exception)
        {
            // Its text may quote the file.
            throw new BadOdsFileException(
                Math.Max(exception.LineNumber, 1),
                "The XML ends too early, or is not well-formed, or has a document type declaration."
            );
        }
    }

    private int Line => ((IXmlLineInfo)_reader).LineNumber;

    private async Task<OdsContent> ReadAsync(CancellationToken cancellationToken)
    {
        DateOnly? publishedOn = null;
        var expected = 0;
        while (await _reader.ReadAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_reader.NodeType != XmlNodeType.Element)
                continue;
            switch (_reader.LocalName)
            {
                case "PublicationType"
                    when Value is { } type && !type.StartsWith("Full", StringComparison.OrdinalIgnoreCase):
                    throw new BadOdsFileException(
                        Line,
                        "This is not the full file: what is not in it would be taken for closed. Load HSCOrgRefData_Full."
                    );
                case "PublicationDate":
                    publishedOn = Date(Value);
                    break;
                case "RecordCount":
                    _ = int.TryParse(Value, NumberStyles.None, CultureInfo.InvariantCulture, out expected);
                    break;
                case "Organisation":
                    await OrganisationAsync();
                    break;
            }
        }

        // Skeletons that only stand for a reference may be counted or not.
        if (_records < expected)
            throw new BadOdsFileException(Line, $"The file says that it has {expected} records, and has {_records}.");
        // The archive, which is published beside it, has what closed long ago.
        if (!_kept.Values.Any(one => one.IsActive))
            throw new BadOdsFileException(Line, "The file has no trust, site or practice that is open.");

        return new OdsContent(
            publishedOn,
            _records,
            [
                .. _kept.Values.Select(one =>
                    _successors.TryGetValue(one.Code, out var successors)
                        ? one with
                        {
                            Successors = [.. successors],
                        }
                        : one
                ),
            ]
        );
    }

    private async Task OrganisationAsync()
    {
        var (line, depth) = (Line, _reader.Depth);
        var isReference = _reader.GetAttribute("refOnly") == "true";
        var one = new Entry();
        if (!_reader.IsEmptyElement)
        {
            // The names of the open elements below the organisation.
            var open = new string[5];
            while (await _reader.ReadAsync() && _reader.Depth > depth)
            {
                var level = _reader.Depth - depth;
                var name = _reader.LocalName;
                if (_reader.NodeType == XmlNodeType.Element && level < open.Length)
                {
                    open[level] = name;
                    Begin(one, open, level, name);
                    if (_reader.IsEmptyElement && level <= 2)
                        one.End(name);
                }
                else if (_reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA)
                {
                    Say(one, open, level - 1, await _reader.GetValueAsync());
                }
                else if (_reader.NodeType == XmlNodeType.EndElement && level <= 2)
                {
                    one.End(name);
                }
            }
        }

        _records++;
        if (one.Code is not { } code)
            throw new BadOdsFileException(line, "An organisation has no code (OrgId).");
        foreach (var (before, after) in one.Successions(code))
        {
            if (!ReadPlace.IsOdsCode(after))
                continue;
            if (!_successors.TryGetValue(before, out var known))
                _successors[before] = known = new(StringComparer.Ordinal);
            known.Add(after);
        }

        if (one.Kind(Roles) is not { } kind || !ReadPlace.IsOdsCode(code))
            return;
        if (Clean(one.Name) is not { } called)
            throw new BadOdsFileException(line, "An organisation has no name.");
        // A skeleton stands where a reference leads to it; the whole record counts.
        if (isReference && _kept.ContainsKey(code))
            return;
        _kept[code] = new OdsOrganisation(
            code,
            called,
            kind,
            one.Operator,
            one.IsActive,
            one.OpenedOn,
            one.ClosedOn,
            []
        );
        if (_kept.Count > MostOrganisations)
            throw new BadOdsFileException(line, $"The file has more than {MostOrganisations} organisations.");
    }

    private string? Value => _reader.GetAttribute("value");

    private void Begin(Entry one, string[] open, int level, string name)
    {
        switch (level, open[1], name)
        {
            case (1, _, "OrgId"):
                one.Code = _reader.GetAttribute("extension")?.Trim();
                break;
            case (1, _, "Status"):
                one.IsActive = Value != "Inactive";
                break;
            case (2, "Date", "Type"):
                one.DateType = Value;
                break;
            case (2, "Date", "Start"):
                one.Start = Date(Value);
                break;
            case (2, "Date", "End"):
                one.Finish = Date(Value);
                break;
            case (2, "Roles", "Role"):
                one.Part = new Part(_reader.GetAttribute("id"), _reader.GetAttribute("primaryRole") == "true");
                break;
            case (2, "Rels", "Rel"):
                one.Part = new Part(_reader.GetAttribute("id"), false);
                break;
            case (2, "Succs", "Succ"):
                one.Part = new Part(null, false);
                break;
            case (3, "Roles" or "Rels", "Status"):
                one.Part.IsActive = Value != "Inactive";
                break;
            case (3, "Succs", "Type"):
                one.Part.Id = Value;
                break;
            case (4, "Rels" or "Succs", "OrgId"):
                one.Part.Target = _reader.GetAttribute("extension")?.Trim();
                break;
        }
    }

    private static void Say(Entry one, string[] open, int level, string text)
    {
        switch (level, open[1])
        {
            case (1, "Name"):
                one.Name += text;
                break;
            case (3, "Succs") when open[3] == "Type":
                one.Part.Id = text.Trim();
                break;
        }
    }

    private static DateOnly? Date(string? text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : null;

    // It stands in alerts.
    private static string? Clean(string? name)
    {
        var words = string.Join(' ', (name ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (!TextProfile.Line.Allows(words))
            words = string.Concat(words.Where(letter => TextProfile.Line.Allows(letter.ToString())));
        return words.Length == 0 ? null
            : words.Length <= LongestName ? words
            : words[..LongestName].TrimEnd();
    }

    /// <summary>A role, a relation or a succession.</summary>
    private sealed class Part(string? id, bool isPrimary)
    {
        public string? Id { get; set; } = id;

        public bool IsPrimary { get; } = isPrimary;

        public bool IsActive { get; set; } = true;

        public string? Target { get; set; }
    }

    /// <summary>An organisation while it is read.</summary>
    private sealed class Entry
    {
        private readonly List<Part> _roles = [];
        private readonly List<Part> _operators = [];
        private readonly List<Part> _successions = [];

        public string? Code { get; set; }

        public string? Name { get; set; }

        public bool IsActive { get; set; } = true;

        public DateOnly? OpenedOn { get; private set; }

        public DateOnly? ClosedOn { get; private set; }

        public string? DateType { get; set; }

        public DateOnly? Start { get; set; }

        public DateOnly? Finish { get; set; }

        public Part Part { get; set; } = new(null, false);

        // Of a site that is closed, whose it was.
        public string? Operator =>
            (_operators.Find(one => one.IsActive) ?? (IsActive ? null : _operators.LastOrDefault()))?.Target;

        public void End(string element)
        {
            switch (element)
            {
                // It was working from and until; the legal dates stand in where those are missing.
                case "Date":
                    if (DateType == "Operational" || OpenedOn is null)
                        (OpenedOn, ClosedOn) = (Start, Finish);
                    (DateType, Start, Finish) = (null, null, null);
                    break;
                case "Role":
                    _roles.Add(Part);
                    break;
                case "Rel" when Part.Id == OperatedBy && Part.Target is not null:
                    _operators.Add(Part);
                    break;
                case "Succ" when Part.Target is not null:
                    _successions.Add(Part);
                    break;
            }
        }

        // What an open organisation was once is not what it is.
        public DirectoryKind? Kind(OrderedDictionary<string, DirectoryKind> kinds)
        {
            var roles = _roles.Where(role => (role.IsActive || !IsActive) && role.Id is not null).ToList();
            if (
                roles.Find(role => role.IsPrimary && kinds.ContainsKey(role.Id!)) is { } primary
                && kinds.TryGetValue(primary.Id!, out var kind)
            )
            {
                return kind;
            }

            foreach (var (id, other) in kinds)
            {
                if (roles.Exists(role => role.Id == id))
                    return other;
            }

            return null;
        }

        // ODS says it of one or of the other, or of both.
        public IEnumerable<(string Before, string After)> Successions(string code) =>
            _successions.Select(one => one.Id == "Predecessor" ? (one.Target!, code) : (code, one.Target!));
    }
}
