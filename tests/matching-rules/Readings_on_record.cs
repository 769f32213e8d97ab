using System.Globalization;
using Safeguarding.Contracts.Persons;
using Safeguarding.Matching.Rules.Measures;
using Safeguarding.Matching.Rules.Model;
using Safeguarding.Matching.Rules.Names;
using Safeguarding.Matching.Rules.Traits;
using Safeguarding.TestKit;

namespace Safeguarding.Matching.Tests.Rules;

/// <summary>
/// How each of a list of names, postcodes, telephones and columns is read (<c>Record/readings.txt</c>: the text, then
/// what is made of it). A new case is a line with the text alone; <c>HUB_RECORD_WRITE=1</c> completes it.
/// </summary>
public sealed class Readings_on_record
{
    private const string Is = " => ";

    private static readonly string[] Texts =
    [
        .. File.ReadAllLines(Path.Combine(Repository.Root, "tests/matching-rules/Record/readings.txt"))
            .Select(line => line.Split(Is)[0]),
    ];

    [Fact]
    public void Are_read_as_they_were()
    {
        var read = Enumerable.Range(0, Texts.Length).Select(i => Texts[i] + Is + Read(Texts[i], Before(i))).ToList();

        OnRecord.Compare("tests/matching-rules/Record", "readings.txt", read, i => read[i]);
    }

    // Measured against the line before, so that lines which belong together stand together.
    private static string Before(int place) => place == 0 ? "" : Texts[place - 1];

    private static string Read(string text, string before) =>
        text.Split(' ', 2) switch
        {
            ["postcode", var postcode] => Postcode.From(postcode) is { } read
                ? $"{read.Text}, outcode {read.Outcode}, area {read.Area}, sector {read.Sector}, "
                    + Number(
                        Postcode.From(before.Split(' ', 2)[^1]) is { } other ? PostcodeAreas.Between(read, other) : null
                    )
                : "none",
            ["phone", var phone] => Phone.From(phone) ?? "none",
            ["column", var column] => FurtherTrait.From("text", column) is { } read
                ? $"{read.Text}: {string.Join('|', read.Words)}"
                : "none",
            ["family", var family] => Name(ComparedName.From(new(NameUse.Usual, family, ["Zebedee"]))),
            ["given", var given] => Name(ComparedName.From(new(NameUse.Usual, "Zebedee", given.Split(' ')))),
            ["both", var both] => Name(ComparedName.From(new(NameUse.Usual, both, both.Split(' ')))),
            ["word", var word] => Word(word, before.Split(' ', 2)[^1]),
            _ => "no kind",
        };

    private static string Name(ComparedName name) =>
        $"{Words(name.Given)} | {Words(name.Family)} | {name.BirthOrder} | {Words(name.MotherGiven)}";

    private static string Words(NameWords name) =>
        name.IsEmpty
            ? "none"
            : $"{string.Join(' ', name.Words)} ({name.Joined}; {string.Join(' ', name.ConsonantKeys)}; "
                + $"{string.Join(' ', name.PhoneticKeys)}; {name.InUse} {name.InUseAt} {name.InUseLength})";

    private static string Word(string word, string other) =>
        $"{PhoneticKey.Of(word)} {ConsonantKey.Of(word)}; nicknames {List(Nicknames.GroupsOf(word, searching: true))} "
        + $"{List(Nicknames.GroupsOf(word, searching: false))} {Nicknames.Agree(word, other)}; given "
        + $"{List(Spellings.OfGiven.OthersOf(word))} {Spellings.OfGiven.Agree(word, other)}; family "
        + $"{List(Spellings.OfFamily.OthersOf(word))} {Spellings.OfFamily.Agree(word, other)}; like {other} "
        + $"{Number(JaroWinkler.Similarity(word, other))}, may reach {JaroWinkler.MayReach(0.8, word, other)} "
        + $"{JaroWinkler.MayReach(0.9, word, other)}, edits {EditDistance.Between(word, other, 2)} "
        + $"{EditDistance.Between(word, other, 1)}";

    private static string List(IEnumerable<string> words) =>
        $"[{string.Join(' ', words.Order(StringComparer.Ordinal))}]";

    private static string Number(double? value) => value?.ToString("F3", CultureInfo.InvariantCulture) ?? "none";
}
