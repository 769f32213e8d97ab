using System.Text;
using Safeguarding.Notification.Deliveries;

namespace Safeguarding.Notification.Tests;

public sealed class Signature
{
    // Published with Standard Webhooks 1.0.0.
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static readonly DateTimeOffset At = DateTimeOffset.FromUnixTimeSeconds(1614265330);
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("{\"test\": 2432232314}");

    [Fact]
    public void The_published_vector_of_Standard_Webhooks_comes_out() =>
        Assert.Equal("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", WebhookSignature.Sign(WebhookSignature.KeyOf(Secret), Id, At, Body));

    [Fact]
    public void While_a_rotation_overlaps_both_secrets_sign_the_new_one_first()
    {
        var fresh = WebhookSignature.NewSecret();

        var header = WebhookSignature.Header([WebhookSignature.KeyOf(fresh), WebhookSignature.KeyOf(Secret)], Id, At, Body);

        Assert.Equal(
            $"{WebhookSignature.Sign(WebhookSignature.KeyOf(fresh), Id, At, Body)} v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", header);
    }

    [Fact]
    public void No_two_secrets_are_alike_and_each_has_256_bits()
    {
        var secrets = Enumerable.Range(0, 100).Select(_ => WebhookSignature.NewSecret()).ToHashSet();

        Assert.Equal(100, secrets.Count);
        Assert.All(secrets, secret => Assert.Equal(32, WebhookSignature.KeyOf(secret).Length));
    }
}
