import { createHash } from "node:crypto";
import { quoteName } from "../../core/column/engine-type.ts";
import { MillraceError } from "../../core/errors.ts";
import type { SqlValue } from "../../core/sql/sql-tree.ts";
import type { Statement, TableSource } from "../../ports/table-engine.ts";
import { sourceAlias } from "./source-alias.ts";

/** A value bound to a parameter; `local` marks a partition's bound, which is a wall-clock time in UTC. */
export type BoundValue = SqlValue | { readonly local: Date };

/** A statement as text with `$1…`, the values of those, and the sources whose views the text names. */
export interface Rendered {
  readonly text: string;
  readonly values: readonly BoundValue[];
  readonly sources: readonly TableSource[];
}

/** The schema that holds a source's view. Ids are hashed so that any text can be one. */
export function viewSchema(source: TableSource): string {
  let name = viewSchemas.get(source);
  if (name === undefined) {
    name = `v_${createHash("sha256").update(source.id).digest("hex").slice(0, 24)}`;
    viewSchemas.set(source, name);
  }
  return name;
}
const viewSchemas = new WeakMap<TableSource, string>();

/**
 * The text depends on the tree and the sources' ids alone, never on values, so equal statements share what the engine
 * prepared.
 *
 * @throws SQL_NO_PARTITION, SQL_UNKNOWN_TABLE, SQL_VALUE_UNSUPPORTED
 */
export function render(statement: Statement): Rendered {
  let text = "";
  const values: BoundValue[] = [];
  const sources: TableSource[] = [];
  for (const part of statement.sql.parts) {
    switch (part.part) {
      case "text":
        text += part.text;
        break;
      case "identifier":
        text += identifier(part.name);
        break;
      case "table": {
        const source = statement.source(part.table);
        if (!sources.includes(source)) sources.push(source);
        text += `${quoteName(viewSchema(source))}.${identifier(sourceAlias(source))}`;
        break;
      }
      case "value":
        text += `$${values.push(part.value)}`;
        break;
      case "bound":
        text += `$${values.push(boundOf(statement, part.bound))}`;
        break;
    }
  }
  // A zero byte would end the text early in the engine, so nothing that contains one may reach it.
  if (text.includes("\0"))
    throw new MillraceError("SQL_NOT_A_SELECT", { reason: "it contains a zero character" });
  return { text, values, sources };
}

function boundOf({ partition }: Statement, bound: "start" | "end" | "key"): BoundValue {
  if (bound === "key" && partition !== undefined) return partition.key;
  const instant = bound === "start" ? partition?.start : partition?.end;
  if (instant === undefined) throw new MillraceError("SQL_NO_PARTITION");
  return { local: instant };
}

function identifier(name: string): string {
  if (name === "")
    throw new MillraceError("SQL_NOT_A_SELECT", { reason: "it names something by an empty name" });
  return quoteName(name);
}
