using Safeguarding.TestKit;
using static Safeguarding.EncounterIngest.Tests.Hl7v2.When_a_sender_is_untidy;
using static Safeguarding.EncounterIngest.Tests.What_a_trust_was_refused;

namespace Safeguarding.EncounterIngest.Tests.Hl7v2;

/// <summary>One word stands in every field of a message that says anything of a person.</summary>
public sealed class Nothing_of_a_person_by_hl7_v2(Mllp mllp) : IClassFixture<Mllp>
{
    private const string Canary = "Zyxcanary";

    private const string Person =
        $"PID|1|{Canary}|{Canary}^^^RZZ^MR~{Canary}^^^NHS^NH||{Canary}^{Canary}^^^^^L|{Canary}|{Canary}|{Canary}|{Canary}^{Canary}||{Canary}^^^^{Canary}||{Canary}^PRN^PH|||||||||||||||||||{Canary}";

    public static TheoryData<string, string, string> Messages =>
        new()
        {
            { "stored", $"{Header("A04")}\r{Person}\r{Relative}\r{Visit($"{Canary}-1")}", "AA" },
            { "without a visit", $"{Header("A04")}\r{Person}\r{Visit("")}", "AR" },
            { "of two patients", $"{Header("A04")}\r{Person}\r{Person}\r{Visit($"{Canary}-2")}", "AR" },
            { "a merge of one", $"{Header("A40")}\r{Person}", "AR" },
            { "an event of its own", $"{Header(Canary)}\r{Person}", "AR" },
            { "a number that is no text", $"{Header("A04")}\r{Person}\r{Visit($"\\XE280AE\\{Canary}")}", "AR" },
            { "passed over", $"{Header("A60")}\r{Person}\rZPI|{Canary}", "AA" },
            { "of a person", $"{Header("A31")}\r{Person}", "AA" },
            {
                "of nobody's",
                Header("A04").Replace("|PAS|RZZ|", $"|{Canary}|{Canary}|", StringComparison.Ordinal),
                "AR"
            },
            { "no message", $"{Canary}|{Person}", "" },
        };

    private static string Relative => $"NK1|1|{Canary}^{Canary}|MTH|{Canary}|{Canary}|{Canary}||||||||||{Canary}";

    private static string Header(string trigger) =>
        $"MSH|^~\\&|PAS|RZZ|||{Canary}|{Canary}|ADT^{trigger}|E7|P|2.4\rEVN|{trigger}|{Canary}|||{Canary}|{Canary}";

    private static string Visit(string number) =>
        $"PV1|1|{Canary}|{Canary}^{Canary}^^{Canary}|{Canary}|||{Canary}^{Canary}|||{Canary}|||||||||{number}|||||||||||||||||||||||||{Canary}|{Canary}";

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task Is_in_no_log_line_refusal_metric_trace_or_answer(string what, string message, string answered)
    {
        using var overheard = Overheard.At(mllp.Under.Services);
        await using var trust = await mllp.ConnectAsync();
        var answer = await trust.SendAsync(message);

        Assert.StartsWith(answered, Msa(answer) ?? "", StringComparison.Ordinal);
        var isListed = answered == "AR" && what != "of nobody's";
        var rows = isListed
            ? (await RefusalsAsync(mllp.Under.Client("RZZ", "encounter.submit"), 1)).ToJsonString()
            : "";
        if (answered.Length > 0 && what != "of nobody's")
        {
            Assert.Contains(overheard.Said, said => said.StartsWith("metric: hub.hl7v2", StringComparison.Ordinal));
        }

        var echoed = answer is null ? 0 : answer.IndexOf("MSA", StringComparison.Ordinal);
        string[] told = [rows, answer?[echoed..] ?? "", .. overheard.Said];
        Assert.DoesNotContain(told, said => said.Contains(Canary, StringComparison.OrdinalIgnoreCase));
    }
}
