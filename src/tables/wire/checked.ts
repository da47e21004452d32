import type { Column } from "../../core/column/column.ts";
import { text } from "../sql/literal.ts";
import { faultsOf, type Fault } from "./faults.ts";
import { stored } from "./stored.ts";

/** Begins the engine's message when a value breaks its column, so that it can be told from other failures. */
const mark = "millrace-fault:";

/**
 * SQL for a value as it is stored, failing over NaN and infinities, which no reader could be shown. Rules and
 * nullability are left to the audit, which says how many rows are concerned.
 */
export function checkedNumber(column: Column, value: string): string {
  const kept = stored(value, column.type);
  if (column.type.kind !== "float" && column.type.kind !== "double") return kept;
  const faults = faultsOf({ ...column, nullable: true, rules: [] });
  const branches = faults.map((fault) => `when ${fault.when(value, 0)} then ${failure(column, fault)}`);
  return `case ${branches.join(" ")} else ${kept} end`;
}

function failure(column: Column, fault: Fault): string {
  return `error(${text(`${mark}the column ${column.name} has a value that ${fault.says}`)})`;
}

/** What a query that failed over {@link checkedNumber} found wrong; undefined when it failed otherwise. */
export function faultFound(message: string): string | undefined {
  const at = message.indexOf(mark);
  return at === -1 ? undefined : message.slice(at + mark.length);
}
