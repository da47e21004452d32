import { MillraceError } from "../../core/errors.ts";
import type { RunRecord } from "../../core/run/run.ts";
import type { ControlContext } from "../control-context.ts";

/**
 * @param id A run's id, or the beginning of one that no other run shares
 * @throws RUN_NOT_FOUND, RUN_AMBIGUOUS
 */
export async function findRun(id: string, context: ControlContext): Promise<RunRecord> {
  return (await context.state.runs.get(context.scope, id)) ?? findByPrefix(id, context);
}

async function findByPrefix(prefix: string, context: ControlContext): Promise<RunRecord> {
  const found: RunRecord[] = [];
  let before: string | undefined;
  if (prefix === "") throw new MillraceError("RUN_NOT_FOUND", { run: prefix });
  // A few letters are enough for people; nobody types the beginning of a run older than thousands of others.
  for (let page = 0; page < 10; page += 1) {
    const runs = await context.state.runs.list(context.scope, {
      limit: 500,
      ...(before === undefined ? {} : { before }),
    });
    found.push(...runs.filter((run) => run.id.startsWith(prefix)));
    before = runs.at(-1)?.id;
    if (runs.length < 500) break;
  }
  const [only, ...others] = found;
  if (only === undefined) throw new MillraceError("RUN_NOT_FOUND", { run: prefix });
  if (others.length > 0) {
    const runs = found
      .slice(0, 5)
      .map((run) => run.id)
      .join(", ");
    throw new MillraceError("RUN_AMBIGUOUS", { run: prefix, runs });
  }
  return only;
}
