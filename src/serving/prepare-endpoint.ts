import { isQuery } from "../core/asset/query-definition.ts";
import { PageRequest } from "../core/endpoint/page.ts";
import { SqlTree } from "../core/sql/sql-tree.ts";
import type { Statement } from "../ports/table-engine.ts";
import { statementOver } from "./answer.ts";
import { HandlerContext, handlerLog } from "./handler-context.ts";
import { pageStatement } from "./page-statement.ts";
import { sampleRequest } from "./sample-request.ts";
import type { ServedEndpoint } from "./served-endpoint.ts";
import type { ServingContext } from "./serving-context.ts";

/** The statements of an endpoint, bound at the current snapshot; or why there was nothing to prepare. */
export type Preparation = { readonly statements: readonly Statement[] } | { readonly reason: string };

/**
 * Binds an endpoint's SQL at the current snapshot, for a request that is made up.
 *
 * @throws ASSET_NOT_MATERIALIZED, and whatever shows that the SQL does not fit the data
 */
export async function prepareEndpoint(context: ServingContext, served: ServedEndpoint): Promise<Preparation> {
  const { definition } = served;
  const { engine, log } = context.options;
  const { head } = await context.heads.read();
  const view = await context.views.view(head, served);
  // It might do something to them that nobody has asked for.
  if (definition.resources.size > 0) return { reason: "its handler works with resources" };
  if (served.readsItself || !served.isSafe) return { reason: "its handler does more than write SQL" };
  const sample = sampleRequest(definition);
  if (sample === undefined) return { reason: "no request could be made up for it" };
  const request = new HandlerContext(sample, {
    signal: () => new AbortController().signal,
    log: () => handlerLog(log, { endpoint: served.label }),
    url: () => new URL("http://localhost"),
  });
  let result: unknown;
  let exists: unknown;
  try {
    result = definition.handler(view.shared.handles, request);
    exists = definition.exists?.sql(view.shared.handles, request);
  } catch {
    return { reason: "its handler refused the request that was made up for it" };
  }
  const sql = statementOf(result, served);
  if (sql === undefined) return { reason: "its handler does more than write SQL" };
  const { columns } = served;
  const statement = statementOver(sql, view.shared);
  await engine.prepare({ statement, ...(columns === undefined ? {} : { columns }) });
  if (!(exists instanceof SqlTree)) return { statements: [statement] };
  const existence = statementOver(exists, view.shared);
  await engine.prepare({ statement: existence });
  return { statements: [statement, existence] };
}

function statementOf(result: unknown, served: ServedEndpoint): SqlTree | undefined {
  if (result instanceof SqlTree) return result;
  if (isQuery(result)) return result.sql;
  if (result instanceof PageRequest && served.columns !== undefined)
    return pageStatement(result, served.columns);
  // A promise that nobody waits for must not bring the process down.
  if (result instanceof Promise) result.catch(() => undefined);
  return undefined;
}
