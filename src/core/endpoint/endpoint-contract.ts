import type { Column } from "../column/column.ts";
import { schemaChanges, shapeText, type SchemaChange } from "../column/schema-change.ts";
import { MillraceError } from "../errors.ts";

/** What an endpoint reads of one table, as it is served: it can answer from every version that has these columns (N20). */
export interface EndpointContract {
  /** Its route. */
  readonly endpoint: string;
  /** Key of the asset. */
  readonly asset: string;
  /** Those it reads, as its server declares them, without their rules. */
  readonly columns: readonly Column[];
}

/** A contract of a server that is at work. */
export interface LiveContract extends EndpointContract {
  /** "4711 on build-7" */
  readonly server: string;
}

/** The columns by these names; all of them when it is not known which are read. Rules do not decide what can be read. */
export function contractColumns(
  declared: readonly Column[],
  names: ReadonlySet<string> | undefined,
): readonly Column[] {
  return declared
    .filter(({ name }) => names === undefined || names.has(name))
    .map((column) => ({ ...column, rules: [] }));
}

/** What rows of these columns break in a contract; nothing when it can be kept. */
export function brokenBy(contract: EndpointContract, stored: readonly Column[]): readonly SchemaChange[] {
  return schemaChanges(stored, contract.columns);
}

/** @param broken a column that the contract would no longer find as it reads it */
export function contractBroken(contract: LiveContract, broken: SchemaChange): MillraceError {
  const { endpoint, server, asset } = contract;
  const { column, declared, stored } = broken;
  return new MillraceError(
    "CONTRACT_BROKEN",
    { endpoint, server, asset, column, wanted: shapeText(declared), found: shapeText(stored) },
    { place: { endpoint, asset, field: column } },
  );
}
