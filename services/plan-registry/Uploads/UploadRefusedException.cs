namespace Safeguarding.PlanRegistry.Uploads;

/// <summary>The body as a whole cannot be used. Its words never quote the body.</summary>
internal sealed class UploadRefusedException(int status, string code, string words) : Exception(words)
{
    public int Status { get; } = status;

    public string Code { get; } = code;
}
