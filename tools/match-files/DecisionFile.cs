using System.Globalization;
using System.Text;
using Safeguarding.Matching.Rules;
using Safeguarding.Matching.Rules.Comparisons;
using Safeguarding.Matching.Rules.Model;

namespace Safeguarding.MatchFiles;

/// <summary>
/// Writes the decisions: ids, posterior, outcome, and the bits of each trait; an empty field where a trait
/// said nothing.
/// </summary>
internal sealed class DecisionFile
{
    private readonly TextWriter _text;
    private readonly FilePair _files;
    private readonly Parameters _parameters;
    private readonly double _floor;
    private readonly IReadOnlyList<string> _traits;

    public DecisionFile(TextWriter text, FilePair files, Parameters parameters, double floor)
    {
        (_text, _files, _parameters, _floor) = (text, files, parameters, floor);
        _traits = [.. parameters.Traits.Keys.Where(trait => IsInFiles(trait, files))];
        text.WriteLine(
            string.Join(
                ',',
                [
                    "registry_id",
                    "encounter_id",
                    "posterior",
                    "outcome",
                    .. _traits.Select(trait => Quoted($"bits_{trait}")),
                ]
            )
        );
    }

    public void Write(Answer answer)
    {
        foreach (var link in answer.Links)
        {
            // What somebody is alerted to or asked is written, however unlikely.
            if (link.Own.Posterior < _floor && link.Own.Outcome == CandidateOutcome.NoMatch)
                continue;
            var line = new StringBuilder();
            line.Append(Quoted(_files.RegistryIds[link.Row]))
                .Append(',')
                .Append(Quoted(_files.EncounterIds[answer.Encounter]))
                .Append(',')
                .Append(link.Own.Posterior.ToString("0.########", CultureInfo.InvariantCulture))
                .Append(',')
                .Append(Name(link.Own.Outcome));
            foreach (var trait in _traits)
                line.Append(',').Append(BitsOf(link, trait));
            _text.WriteLine(line);
        }
    }

    private string BitsOf(Link link, string trait)
    {
        foreach (var observation in link.Seen)
        {
            if (observation.Trait == trait)
            {
                return Score
                    .Compute(observation, link.Seen, _parameters)
                    .Bits.ToString("0.###", CultureInfo.InvariantCulture);
            }
        }

        return "";
    }

    public static string Name(CandidateOutcome standing) =>
        standing switch
        {
            CandidateOutcome.Matched => "matched",
            CandidateOutcome.NeedsReview => "needs-review",
            _ => "no-match",
        };

    internal static string Quoted(string text) =>
        text.AsSpan().ContainsAny(",\"\n\r") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;

    private static bool IsInFiles(string trait, FilePair files) =>
        files.Traits.Contains(trait)
        || trait is "identifier" && files.Registry.Any(person => person.Number is not null)
        || trait is "familyName" or "givenName" && files.Registry.Any(person => person.Names.Count > 0)
        || trait is "birthDate" && files.Registry.Any(person => person.BirthDate is not null)
        || trait is "sex" && files.Registry.Any(person => person.Sex is not null)
        || trait is "postcode" && files.Registry.Any(person => person.Postcodes.Count > 0)
        || trait is "phone" && files.Registry.Any(person => person.Phones.Count > 0);
}
