using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using OpenIddict.Server.AspNetCore;
using Safeguarding.Hosting.Access;
using Safeguarding.Identity.Assertions;
using Safeguarding.Identity.Clients;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Safeguarding.Identity.Tokens;

/// <summary>
/// A client that was written for NHS England's API platform may ask for the errors that it knows from there. Where it
/// is not let in that is <c>invalid_request</c>, by 400 where the request is malformed and by 401 where its sender is
/// not believed; and every error has a <c>message_id</c>.
/// </summary>
internal sealed class ShapeErrors(ClientRegister clients) : IOpenIddictServerHandler<ApplyTokenResponseContext>
{
    public const string MessageId = "message_id";

    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ApplyTokenResponseContext>()
            .UseSingletonHandler<ShapeErrors>()
            // Before the answer is written, and after its status was set by the error that it has had until now.
            .SetOrder(
                OpenIddictServerAspNetCoreHandlers.AttachHttpResponseCode<ApplyTokenResponseContext>.Descriptor.Order
                    + 500
            )
            .SetType(OpenIddictServerHandlerType.Custom)
            .Build();

    public ValueTask HandleAsync(ApplyTokenResponseContext context)
    {
        var answer = context.Response;
        if (
            answer.Error is null
            || clients.FindClaimed(context.Request) is not { HasNhsErrors: true }
            || context.Transaction.GetHttpRequest()?.HttpContext is not { } http
        )
        {
            return ValueTask.CompletedTask;
        }

        if (answer.Error == Errors.InvalidClient)
        {
            answer.Error = Errors.InvalidRequest;
            if (context.Transaction.GetProperty<ClientError>(nameof(ClientError)) is { IsMalformed: true })
                http.Response.StatusCode = StatusCodes.Status400BadRequest;
        }

        answer.ErrorUri = null;
        answer.SetParameter(MessageId, RequestIds.Get(http)!.RequestId);
        return ValueTask.CompletedTask;
    }
}
