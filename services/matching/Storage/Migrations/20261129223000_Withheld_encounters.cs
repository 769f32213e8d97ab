using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Safeguarding.Matching.Storage.Migrations;

/// <summary>
/// Which encounters are, or may be, of a child whom another council restricted first. Whose plan that is, a council's
/// request does not learn.
/// </summary>
[DbContext(typeof(MatchingDb))]
[Migration("20261129223000_Withheld_encounters")]
internal sealed class Withheld_encounters : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql(
            """
            CREATE FUNCTION matching.withheld_encounters(asked uuid[], council text) RETURNS SETOF uuid
                LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
                SELECT encounter_id FROM (
                    SELECT told.encounter_id, plan_id, plan.council_code FROM matching.council_match AS told
                        JOIN matching.plan ON plan_id = ANY(told.plan_ids)
                        WHERE told.encounter_id = ANY(asked) AND restricted
                    UNION SELECT member.encounter_id, plan_id, plan.council_code
                        FROM matching.review_member AS member
                        JOIN matching.review USING (review_id)
                        JOIN matching.plan ON plan_id = ANY(review.plan_ids)
                        WHERE member.encounter_id = ANY(asked) AND restricted
                    ) AS restricting
                GROUP BY encounter_id HAVING (array_agg(council_code ORDER BY plan_id))[1] <> council
                $$;
            """
        );

    protected override void Down(MigrationBuilder migrationBuilder) =>
        migrationBuilder.Sql("DROP FUNCTION matching.withheld_encounters;");
}
