using System.Text.Json;
using Safeguarding.TestKit;

namespace Safeguarding.Contracts.Tests;

public sealed class NhsNumbers
{
    [Theory]
    [InlineData("9434765919")]
    [InlineData("943 476 5919")]
    [InlineData("943-476-5919")]
    [InlineData("  943 476 5919 ")]
    public void Are_read_spaced_and_unspaced(string text)
    {
        Assert.True(NhsNumber.TryParse(text, out var number));
        Assert.Equal("9434765919", number.Reveal());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("9434765918")] // wrong check digit
    [InlineData("4943765919")] // two digits exchanged
    [InlineData("943476591")]
    [InlineData("94347659199")]
    [InlineData("943 476-5919")]
    [InlineData("94 3476 5919")]
    [InlineData("943476591X")]
    [InlineData("٩٤٣٤٧٦٥٩١٩")] // digits of another script
    [InlineData("0000000000")] // passes Modulus 11, and means "none"
    public void Are_refused_when_not_ten_digits_that_pass_modulus_11(string? text) =>
        Assert.False(NhsNumber.TryParse(text, out _));

    [Fact]
    public void A_single_wrong_digit_or_two_neighbours_exchanged_never_pass()
    {
        for (var n = 0; n < 500; n++)
        {
            var digits = Synthetic.NhsNumber(n * 7919).Reveal();
            for (var i = 0; i < 10; i++)
            {
                for (var d = '0'; d <= '9'; d++)
                {
                    if (d != digits[i])
                        Assert.False(NhsNumber.TryParse($"{digits[..i]}{d}{digits[(i + 1)..]}", out _));
                }

                if (i < 9 && digits[i] != digits[i + 1])
                {
                    Assert.False(
                        NhsNumber.TryParse($"{digits[..i]}{digits[i + 1]}{digits[i]}{digits[(i + 2)..]}", out _)
                    );
                }
            }
        }
    }

    [Fact]
    public void Hide_their_digits_in_every_text_made_by_accident()
    {
        var number = NhsNumber.Parse("9434765919");

        Assert.DoesNotContain(
            "9434765919",
            $"{number} {number:G} {new Persons.PersonIdentifier.Known(number)}",
            StringComparison.Ordinal
        );
        Assert.DoesNotContain(
            "943",
            Assert.Throws<FormatException>(() => NhsNumber.Parse("9434765918")).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("4444444444", true)]
    [InlineData("9990000026", true)]
    [InlineData("9434765919", false)]
    public void Are_nobodys_where_they_pass_the_check_and_are_never_given_out(string text, bool nobodys) =>
        Assert.Equal(nobodys, NhsNumber.Parse(text).IsNobodys);

    [Fact]
    public void Travel_as_ten_digits_and_a_wrong_one_is_not_read()
    {
        Assert.Equal("\"9434765919\"", JsonSerializer.Serialize(NhsNumber.Parse("943 476 5919")));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<NhsNumber>("\"9434765918\""));
    }
}
