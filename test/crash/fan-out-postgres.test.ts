import { test } from "node:test";
import { killedFanOut } from "../../examples/ops/test/killed-fan-out.ts";
import { testDatabase } from "../postgres-server.ts";

test(
  "a fan-out of 5,000 items over PostgreSQL that is killed in the middle, twice, does all of them and none again that was committed (promise 3)",
  {
    timeout: 240_000,
  },
  async (t) => killedFanOut({ MILLRACE_STATE: await testDatabase(t) }),
);
