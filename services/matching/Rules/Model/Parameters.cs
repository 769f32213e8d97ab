using System.Text.Json;
using System.Text.Json.Serialization;
using Safeguarding.Contracts.Encounters;

namespace Safeguarding.Matching.Rules.Model;

/// <summary>
/// Everything the rules know as figures: one versioned document, each figure with where it comes from. The rules hold
/// none themselves.
/// </summary>
public sealed record Parameters
{
    /// <summary>Names this document in every decision made with it.</summary>
    public required string Version { get; init; }

    /// <summary>How many children are on the register, and how likely an attender is one.</summary>
    public required RegisterPrior Register { get; init; }

    /// <summary>What each kind of error costs; the thresholds follow from it.</summary>
    public required Costs Costs { get; init; }

    /// <summary>Bits by which a match must lead the next person.</summary>
    public required double Margin { get; init; }

    /// <summary>
    /// How names, postcodes and the rest are spread in the population. A document that names none has the one
    /// that comes with the rules.
    /// </summary>
    public Population Population { get; init; } = Population.Default;

    /// <summary>Levels of agreement by trait.</summary>
    public required IReadOnlyDictionary<string, TraitLevels> Traits { get; init; }

    /// <summary>For each care setting, traits that say nothing when written there.</summary>
    public required IReadOnlyDictionary<CareSetting, IReadOnlyList<string>> Unreliable { get; init; }

    /// <summary>The traits that say nothing when written there.</summary>
    public IReadOnlyList<string> SilentIn(CareSetting setting) => Unreliable.GetValueOrDefault(setting) ?? [];

    /// <summary>The figures of a level of a trait.</summary>
    public LevelFigures FiguresOf(string trait, string level)
    {
        var levels = Traits[trait];
        return levels.Levels[levels.IndexOf(level)];
    }

    /// <summary>The document that comes with the rules.</summary>
    public static Parameters Default { get; } = Document.Embedded<Parameters>("parameters.json");

    /// <summary>Reads a document.</summary>
    /// <exception cref="JsonException">It is none, or lacks a trait or level that these rules find: one that was
    /// written for an earlier release. The message names the trait and the level.</exception>
    public static Parameters Read(Stream json)
    {
        var parameters = ReadForShadow(json);
        if (Default.Traits.Keys.FirstOrDefault(name => !parameters.Traits.ContainsKey(name)) is { } absent)
            throw new JsonException($"The parameters {parameters.Version} lack the trait {absent}.");

        // A column that only a file has is a trait of its own: address.street has the levels of address.
        foreach (var (name, own) in parameters.Traits)
        {
            if (!Default.Traits.TryGetValue(name.Split('.')[0], out var known))
            {
                throw new JsonException(
                    $"The parameters {parameters.Version} have a trait {name} that no rule compares."
                );
            }

            RequireLevels(parameters.Version, name, own.Levels, known.Levels);
            var count = own.Levels.Count;
            if (
                own.Given is { } given
                && new[] { given.U, given.MAgreeing, given.MDiffering }.Any(figures =>
                    figures is not null && figures.Count != count
                )
            )
            {
                throw new JsonException(
                    $"The parameters {parameters.Version} give {name} another number of figures on {given.On} "
                        + "than levels."
                );
            }
        }

        return parameters;
    }

    /// <summary>Reads a document of the rules in shadow: it decides nothing, so it may lack a level.</summary>
    public static Parameters ReadForShadow(Stream json) => Document.Read<Parameters>(json);

    private static void RequireLevels(
        string version,
        string trait,
        IReadOnlyList<LevelFigures> own,
        IReadOnlyList<LevelFigures> known
    )
    {
        string[] levels = [.. own.Select(level => level.Level)];
        if (known.FirstOrDefault(level => !levels.Contains(level.Level)) is { } missing)
        {
            throw new JsonException(
                $"The parameters {version} lack the level {missing.Level} of {trait}, which these rules find. "
                    + "Add it with its figures, or estimate the parameters again."
            );
        }

        var unknown = levels.FirstOrDefault(level => !known.Any(other => other.Level == level));
        if (unknown is not null || levels.Distinct().Count() < levels.Length)
        {
            throw new JsonException(
                unknown is null
                    ? $"The parameters {version} have a level of {trait} twice."
                    : $"The parameters {version} have a level {unknown} of {trait} that no rule finds."
            );
        }
    }

    /// <summary>Writes the document, so that it can be run in shadow and put in place.</summary>
    public void Write(Stream json) => Document.Write(this, json);
}

/// <summary>The prior before any trait is compared.</summary>
/// <param name="Size">People on the register.</param>
/// <param name="OnRegister">Probability that an attender is one of them.</param>
/// <param name="Housemate">Probability that an attender is not, but lives with one of them (a brother, a sister, the
/// mother).</param>
/// <param name="SamePerson">Probability that two rows of the register are one person, for folding, per row.</param>
/// <param name="Siblings">Others of one home that a child on the register has there.</param>
/// <param name="Source">Where the figures come from.</param>
public sealed record RegisterPrior(
    int Size,
    double OnRegister,
    double Housemate,
    double SamePerson,
    double Siblings,
    string Source
);

/// <summary>Costs in minutes of a social worker's time, or what stands for it; only their ratios matter.</summary>
/// <param name="Review">A person looks at the pair and decides.</param>
/// <param name="WrongAlert">A council is notified of a child that is not theirs.</param>
/// <param name="MissedChild">A child on a plan attends and nobody is notified.</param>
/// <param name="Source">Who set them.</param>
public sealed record Costs(double Review, double WrongAlert, double MissedChild, string Source)
{
    /// <summary>The posterior from which an automatic match costs less than asking.</summary>
    [JsonIgnore]
    public double MatchAt => 1 - (Review / WrongAlert);

    /// <summary>The posterior from which asking costs less than keeping silent.</summary>
    [JsonIgnore]
    public double ReviewAt => Review / MissedChild;
}

/// <summary>The levels of one trait, best first.</summary>
/// <param name="Levels">The levels.</param>
/// <param name="Source">Where the figures come from.</param>
/// <param name="Given">Where strangers that agree on another trait agree on this one too; null where they do
/// not.</param>
public sealed record TraitLevels(IReadOnlyList<LevelFigures> Levels, string Source, Dependence? Given = null)
{
    /// <summary>The place of a level.</summary>
    public int IndexOf(string level)
    {
        for (var i = 0; i < Levels.Count; i++)
        {
            if (Levels[i].Level == level)
                return i;
        }

        throw new KeyNotFoundException($"The parameters have no level {level}.");
    }
}

/// <summary>
/// How a trait follows another: a town comes with its postcode, between strangers as well as in a person's own records,
/// who changes both with one move.
/// </summary>
/// <param name="On">The other trait.</param>
/// <param name="U">u of each level where the other trait agrees.</param>
/// <param name="MAgreeing">m of each level where the other trait agrees; null where it makes no difference.</param>
/// <param name="MDiffering">m of each level where the other trait differs; null where it makes no difference.</param>
public sealed record Dependence(
    string On,
    IReadOnlyList<double> U,
    IReadOnlyList<double>? MAgreeing = null,
    IReadOnlyList<double>? MDiffering = null
);

/// <summary>How often a level is seen.</summary>
/// <param name="Level">Its name.</param>
/// <param name="M">Given that both records are of one person.</param>
/// <param name="U">Given that they are of strangers; where values have known frequencies, this is the share in
/// <see cref="Population"/>.</param>
/// <param name="Housemate">Given that they are of two people of one home, most of all brothers and sisters.</param>
public sealed record LevelFigures(string Level, double M, double U, double Housemate);
