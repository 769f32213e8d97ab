using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Hosting.Audit;

/// <summary>What a service's audit needs beside the first columns of <c>audit_record</c>, for its migration.</summary>
public static class AuditTables
{
    /// <summary>
    /// Makes it. All of it is additive: a replica of the release before writes its records as it
    /// did.
    /// </summary>
    public static void CreateAuditTables(this MigrationBuilder migration, string schema)
    {
        migration.Sql(
            $"""
            ALTER TABLE {schema}.audit_record
                ADD COLUMN person text, ADD COLUMN role text, ADD COLUMN assurance text, ADD COLUMN concerning text[],
                ADD COLUMN purpose text, ADD COLUMN lawful_basis text, ADD COLUMN subject_type text,
                ADD COLUMN outcome text, ADD COLUMN code text, ADD COLUMN times integer;
            """
        );
        migration.Sql(Sql(schema));
    }

    /// <summary>
    /// Has records deleted that are old, from the front of the chains and by the owner's function alone. Younger ones
    /// nobody deletes.
    /// </summary>
    public static void AddAuditRetention(this MigrationBuilder migration, string schema) =>
        migration.Sql(RetentionSql(schema));

    /// <summary>Drops it.</summary>
    public static void DropAuditTables(this MigrationBuilder migration, string schema) =>
        migration.Sql(
            $"""
            DROP TABLE {schema}.audit_chain, {schema}.audit_root, {schema}.audit_seal;
            DROP TRIGGER audit_insert_only ON {schema}.audit_record;
            DROP FUNCTION {schema}.refuse_audit_change;
            GRANT ALL ON {schema}.audit_record TO CURRENT_USER;
            ALTER TABLE {schema}.audit_record
                DROP COLUMN person, DROP COLUMN role, DROP COLUMN assurance, DROP COLUMN concerning,
                DROP COLUMN purpose, DROP COLUMN lawful_basis, DROP COLUMN subject_type, DROP COLUMN outcome,
                DROP COLUMN code, DROP COLUMN times, DROP COLUMN number;
            """
        );

    // A link goes after its record; that of the last record that goes stays, as what the chain went on from.
    internal static string RetentionSql(string schema) =>
        $"""
            ALTER TABLE {schema}.audit_seal ADD COLUMN purged_to_root bigint NOT NULL DEFAULT 0;
            CREATE FUNCTION {schema}.refuse_audit_delete() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF TG_TABLE_NAME = 'audit_record' THEN
                        IF OLD.at < now() - interval '{PurgeAudit.FewestYears} years' THEN RETURN OLD; END IF;
                    ELSIF NOT EXISTS (SELECT FROM {schema}.audit_record WHERE id = OLD.record_id) THEN
                        RETURN OLD;
                    END IF;
                    RAISE EXCEPTION 'audit is insert only' USING ERRCODE = 'insufficient_privilege';
                END $$;
            DROP TRIGGER audit_insert_only ON {schema}.audit_record;
            DROP TRIGGER audit_insert_only ON {schema}.audit_chain;
            CREATE TRIGGER audit_insert_only BEFORE UPDATE OR TRUNCATE ON {schema}.audit_record
                FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_audit_change();
            CREATE TRIGGER audit_insert_only BEFORE UPDATE OR TRUNCATE ON {schema}.audit_chain
                FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_audit_change();
            CREATE TRIGGER audit_deletes_old BEFORE DELETE ON {schema}.audit_record
                FOR EACH ROW EXECUTE FUNCTION {schema}.refuse_audit_delete();
            CREATE TRIGGER audit_deletes_old BEFORE DELETE ON {schema}.audit_chain
                FOR EACH ROW EXECUTE FUNCTION {schema}.refuse_audit_delete();
            CREATE FUNCTION {schema}.purge_audit(root bigint, organisations text[], positions bigint[])
                RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
                DECLARE purged bigint;
                BEGIN
                    GRANT DELETE ON {schema}.audit_record, {schema}.audit_chain TO CURRENT_USER;
                    DELETE FROM {schema}.audit_record AS record
                        USING {schema}.audit_chain AS chain, unnest(organisations, positions) AS head (name, position)
                        WHERE chain.organisation = head.name AND chain.position <= head.position
                            AND record.id = chain.record_id;
                    GET DIAGNOSTICS purged = ROW_COUNT;
                    DELETE FROM {schema}.audit_chain AS chain
                        USING unnest(organisations, positions) AS head (name, position)
                        WHERE chain.organisation = head.name AND chain.position < head.position;
                    UPDATE {schema}.audit_seal SET purged_to_root = root;
                    REVOKE DELETE ON {schema}.audit_record, {schema}.audit_chain FROM CURRENT_USER;
                    RETURN purged;
                END $$;
            """;

    // The trigger refuses whoever a grant does not bind, the owner's other tools and a superuser among them.
    internal static string Sql(string schema) =>
        $"""
            ALTER TABLE {schema}.audit_record ADD COLUMN number bigint GENERATED BY DEFAULT AS IDENTITY;
            CREATE UNIQUE INDEX ix_audit_record_number ON {schema}.audit_record (number);
            CREATE INDEX ix_audit_record_organisation ON {schema}.audit_record (organisation, id);
            CREATE INDEX ix_audit_record_concerning ON {schema}.audit_record USING gin (concerning)
                WHERE concerning IS NOT NULL;
            CREATE TABLE {schema}.audit_chain (
                organisation text NOT NULL, position bigint NOT NULL, record_id uuid NOT NULL, hash bytea NOT NULL,
                PRIMARY KEY (organisation, position));
            CREATE UNIQUE INDEX ix_audit_chain_record_id ON {schema}.audit_chain (record_id);
            CREATE TABLE {schema}.audit_root (
                number bigint PRIMARY KEY, at timestamptz NOT NULL, line text NOT NULL);
            CREATE TABLE {schema}.audit_seal (sealed_to bigint NOT NULL);
            INSERT INTO {schema}.audit_seal VALUES (0);
            CREATE FUNCTION {schema}.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'audit is insert only' USING ERRCODE = 'insufficient_privilege'; END $$;
            CREATE TRIGGER audit_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.audit_record
                FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_audit_change();
            CREATE TRIGGER audit_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.audit_chain
                FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_audit_change();
            CREATE TRIGGER audit_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.audit_root
                FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_audit_change();
            REVOKE UPDATE, DELETE, TRUNCATE ON {schema}.audit_record, {schema}.audit_chain, {schema}.audit_root
                FROM CURRENT_USER;
            """;
}
