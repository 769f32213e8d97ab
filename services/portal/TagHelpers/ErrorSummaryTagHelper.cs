using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Safeguarding.Portal.TagHelpers;

/// <summary>
/// <c>&lt;govuk-error-summary /&gt;</c>: the faults of the form, each a link to its field; nothing where there are
/// none.
/// </summary>
[HtmlTargetElement("govuk-error-summary", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ErrorSummaryTagHelper : TagHelper
{
    /// <summary>Set by Razor.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var faults = ViewContext
            .ModelState.SelectMany(field => field.Value!.Errors.Select(error => (field.Key, error.ErrorMessage)))
            .ToList();
        if (faults is [])
        {
            output.SuppressOutput();
            return;
        }

        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("class", "govuk-error-summary");
        output.Attributes.SetAttribute("data-module", "govuk-error-summary");
        output.Content.AppendHtml(
            "<div role=\"alert\"><h2 class=\"govuk-error-summary__title\">There is a problem</h2>"
                + "<div class=\"govuk-error-summary__body\"><ul class=\"govuk-list govuk-error-summary__list\">"
        );
        foreach (var (field, message) in faults)
        {
            var text = HtmlEncoder.Default.Encode(message);
            output.Content.AppendHtml(
                field is [] ? $"<li>{text}</li>" : $"<li><a href=\"#{FieldId.Of(field)}\">{text}</a></li>"
            );
        }

        output.Content.AppendHtml("</ul></div></div>");
    }
}
