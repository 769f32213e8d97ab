using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;

namespace Safeguarding.Messaging.Storage;

/// <summary>
/// Names tables, columns, keys and indexes as PostgreSQL people write them, so that no query needs
/// quotes.
/// </summary>
internal sealed class SnakeCaseConvention : IModelFinalizingConvention
{
    public void ProcessModelFinalizing(
        IConventionModelBuilder modelBuilder,
        IConventionContext<IConventionModelBuilder> context
    )
    {
        foreach (var entity in modelBuilder.Metadata.GetEntityTypes())
        {
            if (
                entity.GetTableName() is { } table
                && entity.GetTableNameConfigurationSource() is not ConfigurationSource.Explicit
            )
            {
                entity.SetTableName(SnakeCase(entity.BaseType is null ? entity.ClrType.Name : table));
            }

            foreach (var property in entity.GetDeclaredProperties())
            {
                if (property.GetColumnNameConfigurationSource() is not ConfigurationSource.Explicit)
                    property.SetColumnName(SnakeCase(property.GetColumnName()));
            }

            foreach (var key in entity.GetDeclaredKeys())
                key.SetName(SnakeCase(key.GetName()!));
            foreach (var key in entity.GetDeclaredForeignKeys())
                key.SetConstraintName(SnakeCase(key.GetConstraintName()!));
            foreach (var index in entity.GetDeclaredIndexes())
                index.SetDatabaseName(SnakeCase(index.GetDatabaseName()!));
        }
    }

    internal static string SnakeCase(string name)
    {
        var result = new StringBuilder(name.Length + 8);
        for (var i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]))
            {
                if (
                    i > 0
                    && name[i - 1] != '_'
                    && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])))
                )
                {
                    result.Append('_');
                }

                result.Append(char.ToLowerInvariant(name[i]));
            }
            else
            {
                result.Append(name[i]);
            }
        }

        return result.ToString();
    }
}
