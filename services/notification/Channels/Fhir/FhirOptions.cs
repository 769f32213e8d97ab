using System.ComponentModel.DataAnnotations;

namespace Safeguarding.Notification.Channels.Fhir;

/// <summary>Settings of the FHIR door (section <c>Fhir</c>).</summary>
internal sealed class FhirOptions
{
    public const string Section = "Fhir";

    /// <summary>
    /// Where councils reach this service's FHIR routes, such as <c>https://hub.example/fhir</c>; references in
    /// notifications begin with it. Relative where not given.
    /// </summary>
    [Url]
    public string? PublicUrl { get; set; }

    public string UrlOf(string type, string id) =>
        PublicUrl is null ? $"{type}/{id}" : $"{PublicUrl.TrimEnd('/')}/{type}/{id}";
}
