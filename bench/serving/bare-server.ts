/**
 * A Fastify with nothing around it: `bare-server.ts <Parquet file of daily_delays>`. The endpoint through the driver, and
 * a constant of the same size. Says where it listens; ends with the signal.
 */
import Fastify from "fastify";
import { BareDelays } from "./bare-delays.ts";
import { delaysRequest } from "./request.ts";

const delays = await BareDelays.open(process.argv[2] ?? "");
const constant = await delays.json(delaysRequest);
const app = Fastify();
app.get<{ Params: { iata: string }; Querystring: { from: string; to: string } }>(
  "/api/airports/:iata/delays",
  async ({ params, query }, reply) => {
    const body = await delays.json({ ...params, ...query });
    return reply.type("application/json").send(body);
  },
);
app.get("/constant", (_, reply) => reply.type("application/json").send(constant));
const url = await app.listen({ host: "127.0.0.1", port: 0 });
console.log(JSON.stringify({ url }));
process.once("SIGTERM", () => {
  void app.close().then(() => delays.close());
});
