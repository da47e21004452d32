import { conditionsOf, faultsOf, type Fault } from "./faults.ts";
import type { FittedColumn } from "./fit.ts";
import { rowsOf } from "./rows-of.ts";

interface ColumnFault {
  readonly column: string;
  readonly value: string;
  readonly fault: Fault;
}

function faultsOfRow(columns: readonly FittedColumn[]): ColumnFault[] {
  return columns.flatMap(({ column, value }) =>
    faultsOf(column).map((fault) => ({ column: column.name, value, fault })),
  );
}

/**
 * SQL that is true for a row in which a value breaks its column, and false or NULL for any other. It does not say
 * which: that would make every query dearer, so it is asked afterwards, by {@link faultCounts}.
 */
export function rowIsFaulty(columns: readonly FittedColumn[]): string {
  const faults = columns.flatMap(({ column, value }) => conditionsOf(column).map((when) => when(value, 0)));
  return faults.length === 0 ? "false" : `(${faults.join(" or ")})`;
}

/** Aggregates that count the faulty rows, one for each way, and what they mean. */
export function faultCounts(columns: readonly FittedColumn[]): {
  readonly aggregates: readonly string[];
  /** Sentences on the counts that are not 0. */
  readonly report: (counts: readonly number[], rowCount: number) => string[];
} {
  const faults = faultsOfRow(columns);
  return {
    aggregates: faults.map(({ value, fault }) => `count_if(${fault.when(value, 0)})`),
    report: (counts, rowCount) =>
      faults.flatMap(({ column, fault }, index) => {
        const count = counts[index] ?? 0;
        return count === 0 ? [] : [`${rowsOf(count, rowCount)} a value in ${column} that ${fault.says}`];
      }),
  };
}
