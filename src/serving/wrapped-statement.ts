import { SqlTree, type SqlPart } from "../core/sql/sql-tree.ts";

/**
 * A statement as the source of another one, with text before it and parts after it. It stands on lines of its own, so
 * that a comment at its end does not swallow what follows; a semicolon there is taken away.
 */
export function wrappedStatement(before: string, statement: SqlTree, after: readonly SqlPart[]): SqlTree {
  const { parts } = statement;
  const last = parts.at(-1);
  const inner: readonly SqlPart[] =
    last?.part === "text"
      ? [...parts.slice(0, -1), { part: "text", text: last.text.replace(/[\s;]+$/, "") }]
      : parts;
  return new SqlTree(
    [{ part: "text", text: `${before} (\n` }, ...inner, { part: "text", text: "\n)" }, ...after],
    "many",
    statement.assets,
  );
}
