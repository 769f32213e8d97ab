using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Safeguarding.Portal.TagHelpers;

/// <summary><c>&lt;govuk-tag colour="red"&gt;Overdue&lt;/govuk-tag&gt;</c></summary>
[HtmlTargetElement("govuk-tag")]
public sealed class TagTagHelper : TagHelper
{
    /// <summary>Of GOV.UK Frontend; blue where not given.</summary>
    public string? Colour { get; set; }

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = "strong";
        output.Attributes.SetAttribute("class", Colour is null ? "govuk-tag" : $"govuk-tag govuk-tag--{Colour}");
    }
}
