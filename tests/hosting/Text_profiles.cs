namespace Safeguarding.Hosting.Tests;

public sealed class Text_profiles
{
    [Theory]
    [InlineData("Zoë O'Neill-Nguyễn", true, true, true)]
    [InlineData("یاس\u200Cمین", true, true, true)]
    [InlineData("first\r\n\tsecond", false, true, true)]
    [InlineData("soft\u00ADhyphen \uFEFF\u2028", false, false, true)]
    [InlineData("nul\0", false, false, false)]
    [InlineData("del\u007F", false, false, false)]
    [InlineData("\u202Eesrever", false, false, false)]
    [InlineData("private \uE000", false, false, false)]
    [InlineData("unassigned \u0378", false, false, false)]
    [InlineData("e\u0301\u0301\u0301\u0301", true, true, true)]
    [InlineData("e\u0301\u0301\u0301\u0301\u0301", false, false, false)]
    public void A_profile_allows_no_character_that_hides_or_breaks_text(
        string text,
        bool line,
        bool lines,
        bool message
    ) =>
        Assert.Equal(
            (line, lines, message),
            (TextProfile.Line.Allows(text), TextProfile.Lines.Allows(text), TextProfile.Message.Allows(text))
        );
}
