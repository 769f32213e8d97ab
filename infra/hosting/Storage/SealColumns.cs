using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Safeguarding.Hosting.Privacy;

namespace Safeguarding.Hosting.Storage;

/// <summary>Gives the properties of sealed columns the converter that seals and opens them.</summary>
internal sealed class SealColumns(IReadOnlyList<SealedColumn> columns, Sealer sealer) : IModelFinalizingConvention
{
    public void ProcessModelFinalizing(
        IConventionModelBuilder modelBuilder,
        IConventionContext<IConventionModelBuilder> context
    )
    {
        var properties = modelBuilder
            .Metadata.GetEntityTypes()
            .SelectMany(entity => entity.GetDeclaredProperties())
            .ToLookup(property => (property.DeclaringType.GetTableName(), property.GetColumnName()));
        foreach (var column in columns)
        {
            foreach (var property in properties[(column.Table, column.Column)])
            {
                property.SetValueConverter(
                    new ValueConverter<string, string>(
                        text => column.Seal(sealer, text),
                        stored => column.Open(sealer, stored)
                    )
                );
            }
        }
    }
}

/// <summary>A model holds the sealer of its key ring, so each key ring has a model.</summary>
internal sealed class ModelOfKeyRing : IModelCacheKeyFactory
{
    public object Create(DbContext context, bool designTime) =>
        (context.GetType(), (context as HubDbContext)?.Sealer?.KeyRingFile, designTime);
}
