import { columnsOf } from "../core/column/columns-of.ts";
import { brokenBy, contractColumns, type EndpointContract } from "../core/endpoint/endpoint-contract.ts";
import { describeChange } from "../core/column/schema-change.ts";
import { MillraceError } from "../core/errors.ts";
import type { Statement, TableEngine } from "../ports/table-engine.ts";
import type { ServedEndpoint } from "./served-endpoint.ts";
import type { ServingContext } from "./serving-context.ts";

/**
 * What endpoints read of tables, endpoint by endpoint (N20): the columns that the SQL of one needs, as the engine binds
 * it; of a handler that does more than write SQL, all that are declared. Values and files have no columns to promise.
 *
 * @param prepared the statements of those endpoints whose whole reading is known
 */
export async function endpointContracts(
  endpoints: readonly ServedEndpoint[],
  prepared: ReadonlyMap<ServedEndpoint, readonly Statement[]>,
  engine: TableEngine,
): Promise<readonly EndpointContract[]> {
  const known = [...prepared];
  const read = await engine.columnsRead(known.flatMap(([, statements]) => statements));
  let next = 0;
  const needed = new Map(
    known.map(([served, statements]) => {
      const maps = read.slice(next, (next += statements.length));
      return [
        served,
        (key: string) => new Set(maps.flatMap((names) => [...(names.get(key) ?? [])])),
      ] as const;
    }),
  );
  return endpoints.flatMap((served) => {
    const tables = new Map([...served.definition.reads.values()].map((asset) => [asset.key, asset.columns]));
    return [...tables].flatMap(([asset, schema]): EndpointContract[] => {
      if (schema === undefined) return [];
      const columns = contractColumns(columnsOf(asset, schema).columns, needed.get(served)?.(asset));
      return [{ endpoint: served.definition.route, asset, columns }];
    });
  });
}

/** The first column that the current snapshot does not give, by endpoint. */
export async function unreadableNow(
  contracts: readonly EndpointContract[],
  { options, heads }: ServingContext,
): Promise<ReadonlyMap<string, MillraceError>> {
  const { head } = await heads.read();
  const byId = new Map(
    contracts.map((contract) => [options.assets.get(contract.asset)?.assetId ?? -1, contract.asset]),
  );
  const current = await options.state.catalog.current(options.scope, head.number, [...byId.keys()]);
  const schemas = Map.groupBy(
    new Set(current.map(({ version }) => version)),
    ({ assetId }) => byId.get(assetId) ?? "",
  );
  const found = new Map<string, MillraceError>();
  for (const contract of contracts) {
    for (const columns of new Set(schemas.get(contract.asset)?.map((version) => version.columns))) {
      const [change] = brokenBy(contract, columns ?? []);
      if (change === undefined || found.has(contract.endpoint)) continue;
      const details = { key: contract.asset, reason: describeChange(change) };
      found.set(contract.endpoint, new MillraceError("SCHEMA_CHANGED", details));
    }
  }
  return found;
}
