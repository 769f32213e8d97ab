using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Safeguarding.Contracts;
using Safeguarding.Hosting.Access;
using Safeguarding.Hosting.Audit;
using Safeguarding.Hosting.Privacy;
using Safeguarding.Hosting.Storage;
using Safeguarding.Messaging;
using Safeguarding.Messaging.Inbox;
using Safeguarding.Messaging.Storage;
using Safeguarding.Operations;
using Safeguarding.Operations.Refusals;
using Safeguarding.TestKit;

[assembly: AssemblyFixture(typeof(HubServers))]

namespace Safeguarding.Hosting.Tests;

[Event("sample", "sample")]
public sealed record NoteWritten(int Number, string Text);

public sealed class Note
{
    public required int Number { get; init; }

    public required string Text { get; init; }

    public int Times { get; set; } = 1;

    /// <summary>A column of what people write.</summary>
    public string? Author { get; set; }

    /// <summary>Another.</summary>
    public string? Reason { get; set; }
}

public sealed class SampleDb(DbContextOptions<SampleDb> options) : HubDbContext(options)
{
    protected override string Schema => "sample";

    public override IReadOnlyList<SealedColumn> SealedColumns { get; } =
    [new("sample", "note", "author"), new("sample", "note", "reason", "author IS NOT NULL")];

    public DbSet<Note> Notes => Set<Note>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.Entity<Note>().HasKey(note => note.Number);
    }
}

/// <summary>Counts how often it wrote each note, and fails as it is told.</summary>
public sealed class RecordNoteConsumer(SampleDb db) : IConsumer<NoteWritten>
{
    public static ConcurrentDictionary<string, Func<NoteWritten, Exception?>> Faults { get; } = new();

    public static ConcurrentBag<ActivityTraceId> Traces { get; } = [];

    public async Task Consume(IReadOnlyList<Received<NoteWritten>> batch, CancellationToken cancellationToken)
    {
        var fault = Faults.GetValueOrDefault(db.Database.GetDbConnection().Database);
        foreach (var received in batch)
        {
            if (fault?.Invoke(received.Event) is { } exception)
                throw exception;
            var note = await db.Notes.FindAsync([received.Event.Number], cancellationToken);
            if (note is null)
                db.Add(new Note { Number = received.Event.Number, Text = received.Event.Text });
            else
                note.Times++;
        }
    }
}

/// <summary>The smallest service on hosting: it sends notes to itself over the real broker.</summary>
internal sealed class SampleService : IAsyncDisposable
{
    private readonly WebApplication _app;

    private SampleService(WebApplication app, Surroundings surroundings) => (_app, Surroundings) = (app, surroundings);

    public Surroundings Surroundings { get; }

    public IServiceProvider Services => _app.Services;

    public Uri Address => new(_app.Urls.Single());

    public string DatabaseName => new Npgsql.NpgsqlConnectionStringBuilder(Surroundings.Database).Database!;

    public static Task<SampleService> StartAsync(
        HubServers servers,
        Surroundings? surroundings = null,
        params (string Key, string Value)[] settings
    ) => StartAsync(servers, surroundings, TimeProvider.System, settings);

    public static async Task<SampleService> StartAsync(
        HubServers servers,
        Surroundings? surroundings,
        TimeProvider clock,
        params (string Key, string Value)[] settings
    )
    {
        surroundings ??= await Surroundings.CreateAsync(servers);
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(surroundings.Settings);
        builder.Configuration.AddInMemoryCollection(
            settings.Select(s => new KeyValuePair<string, string?>(s.Key, s.Value))
        );
        builder.Configuration["Migrations:AtStart"] = "false";
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{builder.Configuration["Port"] ?? "0"}");
        builder.Services.AddSingleton(clock);
        builder.AddHub<SampleDb>("sample");
        builder.Services.AddOperations();
        builder.Services.AddRefusals();
        var app = builder.Build();
        app.MapHub();
        app.MapOperations();
        app.MapRefusals("note.write");
        // Counted, not recorded: what is recorded is the matter of a few tests.
        var routes = app.MapGroup("").WithMetadata(new RouteAct("note.read", AuditOutcome.Success, IsPolled: true));
        routes.MapPost("/notes/{number:int}", Write).RequireScope("note.write");
        routes.MapPut("/forms/{id:guid}", Fill).RequireScope("note.write");
        routes
            .MapGet("/pages", (int limit, Colour? colour, Guid? after, DateTimeOffset? from, int[]? number) =>
                TypedResults.Ok(limit)
            )
            .RequireScope("note.write");
        routes.MapGet("/audited", Audited).RequireScope("note.write");
        routes.MapGet("/me", (Caller caller) => TypedResults.Ok(caller.Person)).RequireScope("lookup.person");
        routes.MapPost("/made", () => TypedResults.Created("/made/1")).RequireScope("note.write");
        routes
            .MapGet("/seen", (HttpContext context, PublicAddress address) =>
                TypedResults.Ok(
                    new
                    {
                        Caller = $"{context.Connection.RemoteIpAddress} {context.Request.Scheme}",
                        Address = address.Root,
                    }
                )
            )
            .RequireScope("note.write");
        switch (builder.Configuration["OpenRoute"])
        {
            case "nothing said":
                routes.MapGet("/open", () => TypedResults.Ok());
                break;
            case "any token":
                routes.MapGet("/open", () => TypedResults.Ok()).RequireAuthorization();
                break;
            case "no handler of its own":
                routes.MapHealthChecks("/open");
                break;
            case "no act":
                app.MapGet("/open", () => TypedResults.Ok()).RequireScope("note.write");
                break;
        }

        routes.MapGet("/system", (Caller caller) => TypedResults.Ok(caller.Person)).RequireScope("note.write");
        routes.MapGet("/searches", () => TypedResults.Ok()).RequireScope("note.write").LimitsSearches();
        routes.MapGet("/searches/more", () => TypedResults.Ok()).RequireScope("note.write").LimitsSearches();
        routes.MapGet("/lookups", () => TypedResults.Ok()).RequireScope("lookup.person").LimitsLookups();
        routes.MapGet("/uploads", () => TypedResults.Ok()).RequireScope("note.write").LimitsUploads();
        routes.MapGet("/uploads/more", () => TypedResults.Ok()).RequireScope("note.write").LimitsUploads();
        routes
            .MapGet("/waits", async (HttpContext context) => await Waiting.OfAsync(context.RequestAborted))
            .RequireScope("note.write");
        routes
            .MapGet("/me/waits", async (HttpContext context) => await Waiting.OfAsync(context.RequestAborted))
            .RequireScope("lookup.person");
        routes
            .MapGet("/fails", string () => throw new InvalidOperationException("as the test wants it"))
            .RequireScope("note.write");
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<SampleDb>().Database;
            if (await database.EnsureCreatedAsync())
            {
                await database.ExecuteSqlRawAsync(ParkedOnce.Sql("sample"));
                await database.ExecuteSqlRawAsync(RefusalTables.Sql("sample"));
                await database.ExecuteSqlRawAsync(AuditTables.Sql("sample"));
                await database.ExecuteSqlRawAsync(AuditTables.RetentionSql("sample"));
            }
        }

        await app.StartAsync();
        return new SampleService(app, surroundings);
    }

    public RefusalLog Refusals => _app.Services.GetRequiredService<RefusalLog>();

    public async Task<T> Db<T>(Func<SampleDb, Task<T>> act)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await act(scope.ServiceProvider.GetRequiredService<SampleDb>());
    }

    public Task<bool> Publish(params NoteWritten[] notes) =>
        Db(async db =>
        {
            foreach (var note in notes)
                db.Publish(note);
            await db.SaveChangesAsync();
            return true;
        });

    public Task ParkAsync(ParkedMessage message) =>
        _app.Services.GetRequiredService<Parking>().ParkAsync(message, CancellationToken.None);

    /// <summary>A system of a trust, or of the hub where only that can have the scope.</summary>
    public HttpClient Client(params string[] scopes) =>
        WithToken(Surroundings.Servers.Issuer.Token(scopes.Contains("ops") ? "HUB" : "RXX", scopes));

    public HttpClient WithToken(string token)
    {
        var client = new HttpClient { BaseAddress = Address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static async Task<IResult> Write(
        int number,
        Caller caller,
        SampleDb db,
        CancellationToken cancellationToken
    )
    {
        db.Publish(new NoteWritten(number, caller.Organisation));
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Accepted((string?)null);
    }

    internal static int Filled { get; private set; }

    /// <summary>Requests to /waits, until the test ends them.</summary>
    internal static class Waiting
    {
        private static readonly TaskCompletionSource Ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private static int _count;

        public static async Task OfAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            await Ended.Task.WaitAsync(cancellationToken);
        }

        public static Task AreAsync(int count) =>
            Eventually.UntilAsync(() => Task.FromResult(Volatile.Read(ref _count) == count));

        public static void End() => Ended.SetResult();
    }

    internal enum Colour
    {
        DeepBlue,
        Red,
    }

    internal sealed record Form(
        string? Name,
        Colour? Colour,
        int? Count,
        DateOnly? Day,
        Part? Part,
        IReadOnlyList<Part>? Parts,
        IReadOnlyDictionary<string, Part>? ByName
    );

    internal sealed record Part(Colour? Colour, bool? Enabled);

    private static NoContent Fill(Guid id, Form form)
    {
        Filled++;
        return TypedResults.NoContent();
    }

    private static async Task<IResult> Audited(Caller caller, SampleDb db, CancellationToken cancellationToken)
    {
        db.Audit(caller, "note.read", Guid.CreateVersion7());
        await db.SaveChangesAsync(cancellationToken);
        return TypedResults.Ok();
    }
}
