import type { Tagged } from "../brand.ts";
import { SqlTree } from "../sql/sql-tree.ts";
import type { Sql } from "../sql/sql.ts";

/** One page of a statement's rows, in a total order. */
export interface Page<out Reads extends string = never> extends Tagged<"page"> {
  readonly reads?: readonly Reads[];
}

export interface PageOptions {
  /** Columns of the result that order it and together tell its rows apart; ascending. */
  readonly by: readonly [string, ...string[]];
  /** Rows on the page: a whole number above 0. */
  readonly limit: number;
  /** The cursor of the page before, as it stood in that answer's `Link` header; absent for the first page. */
  readonly after?: string | undefined;
}

export class PageRequest {
  readonly sql: SqlTree;
  readonly by: readonly string[];
  readonly limit: number;
  readonly after: string | undefined;

  constructor(sql: SqlTree, options: PageOptions) {
    this.sql = sql;
    this.by = options.by;
    this.limit = options.limit;
    this.after = options.after;
    Object.freeze(this);
  }
}

/**
 * Keyset pages: the answer is a plain list, ordered by `by`; its `Link` header (RFC 8288) names the next page by
 * `rel="next"`, whose `after` parameter is an opaque cursor. Unlike offsets, the cost of a page does not grow with its
 * number, and rows are neither skipped nor shown twice.
 *
 * @throws TypeError, RangeError for what is no statement, or no limit
 * @example
 * handler: ({ dailyDelays }, { query }) =>
 *   page(sql`select * from ${dailyDelays}`, { by: ["day", "origin"], limit: query.limit, after: query.after }),
 */
export function page<R extends string = never>(statement: Sql<R>, options: PageOptions): Page<R> {
  const tree: unknown = statement;
  if (!(tree instanceof SqlTree)) throw new TypeError("page: the first argument must be an sql`…` statement");
  if (!Number.isInteger(options.limit) || options.limit < 1) {
    throw new RangeError(`page: the limit ${options.limit} is no whole number above 0`);
  }
  return new PageRequest(tree, options) as PageRequest & Page<R>;
}
