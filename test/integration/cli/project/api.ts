import { setTimeout as sleep } from "node:timers/promises";
import { endpoint, sql } from "millrace";
import * as z from "zod";
import { revenue } from "./assets.ts";

export const revenues = endpoint("GET /revenue", {
  description: "Revenue of each thing",
  returns: z.array(z.object({ thing: z.string(), revenue: z.int() })),
  reads: { revenue },
  handler: ({ revenue }) => sql`select thing, revenue from ${revenue} order by thing`,
});

export const greeting = endpoint("GET /greeting", {
  returns: z.object({ text: z.string() }),
  handler: () => ({ text: "hello" }),
});

export const slow = endpoint("GET /slow/:ms", {
  params: z.object({ ms: z.coerce.number() }),
  returns: z.object({ waited: z.number() }),
  handler: async (_, { params, signal }) => {
    signal.addEventListener("abort", () => process.stderr.write("slow: the client left\n"));
    await sleep(params.ms);
    return { waited: params.ms };
  },
});

export const crash = endpoint("POST /crash", {
  returns: z.object({}),
  handler: () => process.exit(3),
});

export const echo = endpoint("POST /echo", {
  body: z.object({ text: z.string() }),
  returns: z.object({ text: z.string() }),
  handler: (_, { body }) => ({ text: body.text }),
});
