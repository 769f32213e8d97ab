using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Safeguarding.Portal.TagHelpers;

/// <summary>
/// <c>&lt;govuk-row key="Where"&gt;…&lt;/govuk-row&gt;</c>, within <c>&lt;dl class="govuk-summary-list"&gt;</c>.
/// </summary>
[HtmlTargetElement("govuk-row")]
public sealed class SummaryRowTagHelper : TagHelper
{
    /// <summary>What the value is.</summary>
    public string Key { get; set; } = "";

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = "div";
        output.Attributes.SetAttribute("class", "govuk-summary-list__row");
        output.PreContent.SetHtmlContent(
            $"<dt class=\"govuk-summary-list__key\">{HtmlEncoder.Default.Encode(Key)}</dt>"
                + "<dd class=\"govuk-summary-list__value\">"
        );
        output.PostContent.SetHtmlContent("</dd>");
    }
}
