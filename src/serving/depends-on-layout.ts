import type { SqlTree } from "../core/sql/sql-tree.ts";
import type { PackedLayout } from "../ports/table-parts.ts";

/**
 * May rows come in another order, or sums of floating point end in another digit, when the same versions lie otherwise
 * (N1, N28)? The engine reads files in their order and rows in theirs, so what only filters and computes stays as it is. How it
 * groups, joins and breaks ties goes by what it knows of the files: then a tag stands for their layout, too. In doubt yes:
 * a client that has the answer already gets it once more.
 *
 * @param statements the SQL that gives the answer; none for one that code makes
 */
export function dependsOnLayout(
  { isCut }: PackedLayout,
  statements: readonly (SqlTree | undefined)[],
): boolean {
  const known = statements.filter((statement) => statement !== undefined);
  return isCut || known.length === 0 || known.some(leavesOrderOpen);
}

/** Words without which a SELECT over one table neither groups, nor joins, nor sorts. In a comment they count, too. */
const opening =
  /\b(?:group|distinct|join|order|over|window|qualify|union|intersect|except|with|sample|tablesample|pivot|unpivot|using|recursive|unnest)\b/i;

function leavesOrderOpen({ parts }: SqlTree): boolean {
  const tables = parts.filter(({ part }) => part === "table").length;
  const text = parts.map((part) => (part.part === "text" ? part.text : " ")).join("");
  const selects = text.match(/\bselect\b/gi)?.length ?? 0;
  return tables !== 1 || selects !== 1 || opening.test(text);
}
