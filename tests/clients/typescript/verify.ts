// A receiver's check with the package standardwebhooks: CASES has what arrived, and each gets a line.
import { Webhook } from "standardwebhooks";

type Arrived = { secret: string; headers: Record<string, string>; body: string; secondsLate: number };

for (const { secret, headers, body, secondsLate } of JSON.parse(process.env.CASES!) as Arrived[]) {
  Date.now = () => (Number(headers["webhook-timestamp"]) + secondsLate) * 1000;
  try {
    const event = new Webhook(secret).verify(body, headers) as { type: string };
    console.log(`verified ${event.type}`);
  } catch (error) {
    console.log((error as Error).message);
  }
}
