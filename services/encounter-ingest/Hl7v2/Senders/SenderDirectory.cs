using Microsoft.Extensions.Options;

namespace Safeguarding.EncounterIngest.Hl7v2.Senders;

/// <summary>
/// The senders, one JSON file each, read again within a second of a change. A file that cannot be used stops the
/// start; later on, what was read before stays in force until it is corrected.
/// </summary>
internal sealed partial class SenderDirectory(
    IOptions<Hl7v2Options> settings,
    TimeProvider clock,
    ILogger<SenderDirectory> logger
)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private IReadOnlyList<SenderProfile>? _profiles;
    private string _seen = "";
    private long _lookedAt;

    /// <summary>Reads the folder, or says what is wrong with it.</summary>
    /// <exception cref="SenderFileException">A file cannot be used, or two cannot be told apart.</exception>
    public IReadOnlyList<SenderProfile> Profiles
    {
        get
        {
            lock (_lock)
            {
                if (_profiles is not null && clock.GetElapsedTime(_lookedAt) < Pace)
                    return _profiles;
                _lookedAt = clock.GetTimestamp();
                var files = Files();
                var seen = string.Join(
                    '\n',
                    files.Select(file => $"{file.FullName} {file.Length} {file.LastWriteTimeUtc.Ticks}")
                );
                if (_profiles is not null && seen == _seen)
                    return _profiles;
                _seen = seen;
                try
                {
                    _profiles = Read(files);
                }
                catch (SenderFileException exception) when (_profiles is not null)
                {
                    NotRead(logger, exception.Message);
                }

                return _profiles;
            }
        }
    }

    /// <summary>
    /// Whose a message is: by the certificate of its connection, or, in plain, by sending application and facility.
    /// Anybody can write MSH-3 and MSH-4, so behind a certificate they only choose between profiles of that one.
    /// </summary>
    public SenderProfile? Find(string? thumbprint, string? application, string? facility)
    {
        var candidates = Profiles
            .Where(profile =>
                thumbprint is null ? profile.Certificates.Count == 0 : profile.Certificates.Contains(thumbprint)
            )
            .ToList();
        var named = candidates.Find(profile => Is(profile.Application, application) && Is(profile.Facility, facility));
        return named ?? (thumbprint is not null && candidates.Count == 1 ? candidates[0] : null);
    }

    /// <summary>Whether a connection with this certificate may send at all.</summary>
    public bool Knows(string thumbprint) => Profiles.Any(profile => profile.Certificates.Contains(thumbprint));

    private static bool Is(string? wanted, string? sent) =>
        wanted is null || string.Equals(wanted, sent, StringComparison.OrdinalIgnoreCase);

    private FileInfo[] Files()
    {
        var folder = new DirectoryInfo(settings.Value.SendersDirectory!);
        return folder.Exists
            ? [.. folder.GetFiles("*.json").OrderBy(file => file.Name, StringComparer.Ordinal)]
            : throw new SenderFileException(folder.Name, "the folder", "does not exist");
    }

    private static List<SenderProfile> Read(FileInfo[] files)
    {
        var profiles = files.Select(file => SenderFile.Read(file.FullName)).ToList();
        foreach (var (index, one) in profiles.Index())
        {
            var twin = profiles
                .Take(index)
                .FirstOrDefault(other =>
                    (
                        one.Certificates.Count == 0 && other.Certificates.Count == 0
                        || one.Certificates.Intersect(other.Certificates).Any()
                    )
                    && (one.Application is null || Is(other.Application, one.Application))
                    && (one.Facility is null || Is(other.Facility, one.Facility))
                );
            if (twin is not null)
            {
                throw new SenderFileException(
                    $"{one.Name}.json",
                    "application and facility",
                    $"cannot be told from those of {twin.Name}.json"
                );
            }
        }

        return profiles;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The senders of HL7 v2 stay as they were. {Problem}")]
    private static partial void NotRead(ILogger logger, string problem);
}
