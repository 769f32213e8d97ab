using System.Net;
using Microsoft.EntityFrameworkCore;
using Safeguarding.Hosting.Audit;
using Safeguarding.TestKit;

namespace Safeguarding.Hosting.Tests;

public sealed class Ids_of_a_request(HubServers servers)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("0193b2a4-7c1d-7f00-9b1e-2f5a6c7d8e9f", true)]
    [InlineData("epr:2026-11-28.42_a", true)]
    [InlineData("", false)]
    [InlineData("two words", false)]
    [InlineData("brackets<b>", false)]
    [InlineData("9000000009", false)]
    [InlineData("patient-900-000-0009", false)]
    [InlineData("a very long one", false, 129)]
    public async Task Every_answer_and_the_audit_row_have_the_callers_ids_or_made_ones(
        string sent,
        bool usable,
        int length = 0
    )
    {
        await using var service = await SampleService.StartAsync(servers);
        var text = length == 0 ? sent : new string('a', length);
        foreach (
            var (path, status) in new[]
            {
                ("/audited", HttpStatusCode.OK),
                ("/nowhere", HttpStatusCode.NotFound),
                ("/ops/parked", HttpStatusCode.Forbidden),
                ("/fails", HttpStatusCode.InternalServerError),
            }
        )
        {
            using var client = service.Client("note.write");
            client.DefaultRequestHeaders.TryAddWithoutValidation("X-Request-Id", text);
            client.DefaultRequestHeaders.TryAddWithoutValidation("X-Correlation-Id", text);
            var answer = await client.GetAsync(path, Cancelled);

            Assert.Equal(status, answer.StatusCode);
            var (request, correlation) = (
                Assert.Single(answer.Headers.GetValues("X-Request-Id")),
                Assert.Single(answer.Headers.GetValues("X-Correlation-Id"))
            );
            Assert.Equal(request, correlation);
            Assert.Equal(usable, request == text);
            Assert.True(usable || Guid.TryParse(request, out _));
            if (status == HttpStatusCode.OK)
            {
                var row = await service.Db(db => db.Set<AuditRecord>().SingleAsync(Cancelled));
                Assert.Equal((request, correlation), (row.RequestId, row.CorrelationId));
            }
        }
    }
}
