// With the types that openapi-typescript makes of docs/openapi: uploads a register, posts an encounter, claims its alert,
// acknowledges it and reads its match. Prints what a council would see; ends with 1 where anything differs from the documents.
import createClient from "openapi-fetch";
import type { paths as EncounterIngest } from "./generated/encounter-ingest.js";
import type { paths as Matching } from "./generated/matching.js";
import type { paths as Notification } from "./generated/notification.js";
import type { paths as PlanRegistry } from "./generated/plan-registry.js";

const register =
  "reference,kind,start_date,nhs_number,family_name,given_names,birth_date\n" +
  "CP-2026-0042,child-protection,2026-01-05,9000000009,Fhirwood,Alba,2016-04-04\n";

const encounter = {
  resourceType: "Encounter",
  identifier: [{ system: "https://epr.example/encounter", value: "E-4711" }],
  status: "in-progress",
  class: { system: "http://terminology.hl7.org/CodeSystem/v3-ActCode", code: "EMER" },
  subject: { reference: "#p" },
  period: { start: "2026-11-20T09:30:00Z" },
  contained: [
    {
      resourceType: "Patient",
      id: "p",
      identifier: [{ system: "https://fhir.nhs.uk/Id/nhs-number", value: "9000000009" }],
      name: [{ family: "Fhirwood", given: ["Alba"] }],
      birthDate: "2016-04-04",
    },
  ],
};

const setting = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is missing`);
  return value;
};

const at = (service: string) => ({
  baseUrl: setting(`HUB_${service}_URL`),
  headers: { Authorization: `Bearer ${setting(`HUB_${service}_TOKEN`)}` },
});

const plans = createClient<PlanRegistry>(at("PLAN_REGISTRY"));
const encounters = createClient<EncounterIngest>(at("ENCOUNTER_INGEST"));
const alerts = createClient<Notification>(at("NOTIFICATION"));
const matches = createClient<Matching>(at("MATCHING"));

const upload = await plans.POST("/uploads", {
  params: { query: { mode: "full", sequence: "1" } },
  headers: { "Content-Type": "text/csv" },
  body: register,
  bodySerializer: (body) => body as string,
});
if (!upload.data) throw new Error(`upload: ${upload.error.status} ${upload.error.code}`);
for (let registered = 0; registered !== 1; ) {
  const { data, error } = await plans.GET("/uploads/{id}", { params: { path: { id: upload.data.id } } });
  if (!data) throw new Error(`upload: ${error.status} ${error.code}`);
  registered = data.counts.registered;
}

const posted = await encounters.POST("/fhir/Encounter", {
  headers: { "Content-Type": "application/fhir+json" },
  body: encounter,
});
if (!posted.data) throw new Error(`encounter: ${JSON.stringify(posted.error)}`);
console.log(`posted ${posted.data.resourceType}: ${posted.response.status}`);

for (;;) {
  const { data, error, response } = await alerts.POST("/alerts/claim", { body: { max: 10, waitSeconds: 20 } });
  if (error) throw new Error(`claim: ${error.status} ${error.code}`);
  if (response.status === 204 || !data) continue;
  for (const alert of data.alerts) {
    const { data: standing, error: refused } = await alerts.POST("/alerts/{id}/acknowledge", {
      params: { path: { id: alert.id } },
      body: { kind: "system", version: alert.version },
    });
    if (!standing) throw new Error(`acknowledge: ${refused.status} ${refused.code}`);
    console.log(`${alert.plans.map((plan) => plan.reference).join()}: ${standing.state}`);
    if (!alert.encounter) throw new Error("the alert has no encounter");
    const match = await matches.GET("/matches/{encounterId}", {
      params: { path: { encounterId: alert.encounter.id } },
    });
    if (!match.data) throw new Error(`match: ${match.error.status} ${match.error.code}`);
    console.log(`decided: ${match.data.decisions.map((decision) => decision.outcome).join()}`);
  }
  break;
}

const tooMany = await alerts.GET("/alerts", { params: { query: { limit: 1000 } } });
console.log(`refused: ${tooMany.response.status} ${tooMany.error?.code}`);
