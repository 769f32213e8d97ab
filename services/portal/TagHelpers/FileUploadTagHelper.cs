using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Safeguarding.Portal.TagHelpers;

/// <summary>
/// <c>&lt;govuk-file-upload name="File" label="The file" hint="…" accept=".csv" /&gt;</c>: a file is chosen, or dragged
/// onto it.
/// </summary>
[HtmlTargetElement("govuk-file-upload", TagStructure = TagStructure.WithoutEndTag)]
public sealed class FileUploadTagHelper : TagHelper
{
    /// <summary>Under which the form sends it.</summary>
    public string Name { get; set; } = "";

    /// <summary>What is asked.</summary>
    public string Label { get; set; } = "";

    /// <summary>What it must be.</summary>
    public string? Hint { get; set; }

    /// <summary>The kinds of file that the browser offers.</summary>
    public string? Accept { get; set; }

    /// <summary>Set by Razor.</summary>
    [ViewContext]
    [HtmlAttributeNotBound]
    public ViewContext ViewContext { get; set; } = null!;

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var field = new FormField(Name, Hint, ViewContext.ModelState);
        var encode = HtmlEncoder.Default;
        field.Write(
            output,
            $"<label class=\"govuk-label govuk-label--m\" for=\"{field.Id}\">{encode.Encode(Label)}</label>",
            $"<input class=\"govuk-file-upload{(field.IsWrong ? " govuk-file-upload--error" : "")}\" id=\"{field.Id}\" "
                + $"name=\"{encode.Encode(Name)}\" type=\"file\""
                + (Accept is null ? "" : $" accept=\"{encode.Encode(Accept)}\"")
                + $"{field.DescribedBy}>"
        );
    }
}
