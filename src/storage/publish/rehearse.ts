import { MillraceError } from "../../core/errors.ts";
import type { Database } from "../database/database.ts";
import type { Script } from "../database/script.ts";

/** What a script would come to: it runs in a transaction of which nothing remains. */
export async function rehearse<T>(database: Database, script: () => Script<T>): Promise<T> {
  const undone = new Error("undone on purpose");
  const seen: { result?: { readonly is: T } } = {};
  try {
    await database.write(function* () {
      seen.result = { is: yield* script() };
      throw undone;
    });
  } catch (error) {
    if (error !== undone) throw error;
  }
  if (seen.result === undefined) throw new MillraceError("INTERNAL", { reason: "a rehearsal was kept" });
  return seen.result.is;
}
