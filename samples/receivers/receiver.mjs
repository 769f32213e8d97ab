// Receives the hub's webhooks: see README.md beside this file.
import { createHmac, timingSafeEqual } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { createServer } from "node:http";

const key = Buffer.from(process.env.HUB_WEBHOOK_SECRET.replace(/^whsec_/, ""), "base64");
const file = process.env.RECEIVED_FILE ?? "received.ndjson";
const largestBody = 1024 * 1024;
const toleranceSeconds = 300;

const known = new Set(
  existsSync(file)
    ? readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => line.split(" ", 1)[0])
    : [],
);

function isGenuine(headers, body) {
  const timestamp = headers["webhook-timestamp"] ?? "";
  if (!/^\d+$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > toleranceSeconds) return false;
  const expected = createHmac("sha256", key).update(`${headers["webhook-id"]}.${timestamp}.`).update(body).digest();
  // There are several after the secret was rotated, and one of each scheme.
  return (headers["webhook-signature"] ?? "").split(" ").some((signature) => {
    const given = signature.startsWith("v1,") ? Buffer.from(signature.slice(3), "base64") : Buffer.alloc(0);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}

function store(id, body) {
  if (known.has(id)) return;
  const received = openSync(file, "a");
  writeSync(received, Buffer.concat([Buffer.from(`${id} `), body, Buffer.from("\n")]));
  fsyncSync(received);
  closeSync(received);
  known.add(id);
}

createServer(async (request, response) => {
  const answer = (status) => response.writeHead(status).end();
  if (request.method !== "POST") return answer(405);
  const parts = [];
  let length = 0;
  for await (const part of request) {
    if ((length += part.length) > largestBody) return answer(413);
    parts.push(part);
  }

  const body = Buffer.concat(parts);
  if (!isGenuine(request.headers, body)) return answer(401);
  store(request.headers["webhook-id"], body);
  answer(204);
}).listen(Number(process.env.PORT ?? 8200), "127.0.0.1");
