using Microsoft.Extensions.Options;
using Safeguarding.EncounterIngest.Contacts;
using Safeguarding.EncounterIngest.Encounters;
using Safeguarding.EncounterIngest.Hl7v2;
using Safeguarding.EncounterIngest.Http;
using Safeguarding.EncounterIngest.Organisations;
using Safeguarding.EncounterIngest.Storage;
using Safeguarding.Operations.Refusals;

namespace Safeguarding.EncounterIngest;

/// <summary>What this service has beside what every service has.</summary>
internal static class EncounterIngestRegistration
{
    public static void AddEncounterIngest(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<IntakeOptions>().BindConfiguration("Intake").ValidateDataAnnotations().ValidateOnStart();
        services
            .AddOptions<RetentionOptions>()
            .BindConfiguration("Retention")
            .ValidateDataAnnotations()
            .ValidateOnStart();
        // Before the hub's own writer, which takes every path.
        services.AddSingleton<IProblemDetailsWriter, FhirProblems>();
        services.AddSingleton<Intake>();
        services.AddSingleton<ReadBody>();
        services.AddSingleton<RecordRefusals>();
        services.AddRefusals();
        services.AddSingleton<Partitions>();
        services.AddSingleton(EncounterAccounts.Set);
        services.AddOptions<OrganisationOptions>().BindConfiguration("Organisations");
        services.AddSingleton<OrganisationDirectory>();
        services.AddSingleton<FollowOds>();
        services.AddHostedService(provider => provider.GetRequiredService<FollowOds>());
        services.AddSingleton<SiteCheck>();
        services.AddSingleton<SubmitContact>();
        services.AddSingleton<SubmitEncounter>();
        services.AddSingleton<ValidateEncounter>();
        services.AddScoped<SubmitTransaction>();
        services.AddScoped<ProcessMessage>();
        services.AddScoped<GetEncounter>();
        services.AddScoped<SearchEncounters>();
        services.AddScoped<StoreEncounters>();
        services.AddHostedService<PurgePartitions>();
        services.AddHostedService<CommitTogether>();
        services.AddHl7v2();
    }
}
