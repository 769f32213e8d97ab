using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Safeguarding.Portal.TagHelpers;

/// <summary>What every field of a form has around it: its group, its hint, its error, and what describes it.</summary>
internal sealed class FormField
{
    private readonly string? _hint;
    private readonly string? _error;

    public FormField(string name, string? hint, ModelStateDictionary form)
    {
        Id = FieldId.Of(name);
        _hint = hint is null
            ? null
            : $"<div id=\"{Id}-hint\" class=\"govuk-hint\">{HtmlEncoder.Default.Encode(hint)}</div>";
        _error = FieldId.ErrorOf(form, name) is { } error
            ? $"<p id=\"{Id}-error\" class=\"govuk-error-message\">"
                + $"<span class=\"govuk-visually-hidden\">Error:</span> {error}</p>"
            : null;
        string[] describing = [hint is null ? "" : $"{Id}-hint", _error is null ? "" : $"{Id}-error"];
        var describedBy = string.Join(' ', describing.Where(one => one.Length > 0));
        DescribedBy = describedBy.Length == 0 ? "" : $" aria-describedby=\"{describedBy}\"";
    }

    public string Id { get; }

    public bool IsWrong => _error is not null;

    /// <summary>The attribute of what is filled in; empty where nothing describes it.</summary>
    public string DescribedBy { get; }

    /// <summary>Makes the tag the group: label, hint, error and control, in this order.</summary>
    public void Write(TagHelperOutput output, string label, string control)
    {
        Open(output);
        output.Content.AppendHtml(label + HintAndError + control);
    }

    /// <summary>Makes the tag the group, to be filled by the caller.</summary>
    public void Open(TagHelperOutput output)
    {
        output.TagName = "div";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute(
            "class",
            IsWrong ? "govuk-form-group govuk-form-group--error" : "govuk-form-group"
        );
    }

    public string HintAndError => _hint + _error;
}
