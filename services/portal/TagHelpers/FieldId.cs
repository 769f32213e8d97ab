using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Safeguarding.Portal.TagHelpers;

/// <summary>What the fields of a form have in common.</summary>
internal static class FieldId
{
    /// <summary>Of the field of that name, to which the error summary links.</summary>
    public static string Of(string name) =>
        string.Concat(name.Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')).ToLowerInvariant();

    /// <summary>The field's own fault, encoded; null where there is none.</summary>
    public static string? ErrorOf(ModelStateDictionary form, string name) =>
        form.TryGetValue(name, out var state) && state.Errors is [var first, ..]
            ? HtmlEncoder.Default.Encode(first.ErrorMessage)
            : null;
}
