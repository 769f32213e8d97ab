using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Matching.Storage.Migrations;

/// <summary>
/// Which encounters are, or may be, of a restricted child is asked of the plans of all councils, which a council's
/// request does not reach.
/// </summary>
[DbContext(typeof(MatchingDb))]
[Migration("20261129191000_Restricted_encounters")]
internal sealed class Restricted_encounters : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            CREATE FUNCTION matching.restricted_encounters(asked uuid[]) RETURNS SETOF uuid
                LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
                SELECT told.encounter_id FROM matching.council_match AS told
                    JOIN matching.plan ON plan_id = ANY(told.plan_ids)
                    WHERE told.encounter_id = ANY(asked) AND restricted
                UNION SELECT member.encounter_id FROM matching.review_member AS member
                    JOIN matching.review USING (review_id)
                    JOIN matching.plan ON plan_id = ANY(review.plan_ids)
                    WHERE member.encounter_id = ANY(asked) AND restricted
                $$;
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("DROP FUNCTION matching.restricted_encounters;");
}
