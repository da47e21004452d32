import type { Column } from "../core/column/column.ts";
import { columnsOf } from "../core/column/columns-of.ts";
import type { EndpointDefinition } from "../core/endpoint/endpoint-definition.ts";
import { objectSchema, rowSchema } from "../core/endpoint/returned-columns.ts";
import { RequestReader } from "../http/request-reader.ts";

export const json = "application/json";
export const csv = "text/csv";

/** The constructor of functions written with `async`. */
const AsyncFunction = (async () => undefined).constructor;

/** An endpoint with what is worked out once. Nothing of it costs anything before the first request. */
export class ServedEndpoint {
  readonly definition: EndpointDefinition;
  /** Its path below `/api`, for logs and metrics. */
  readonly label: string;
  readonly offered: readonly string[];
  /**
   * True when the handler reads through its handles, or may: each request then needs handles of its own, which stop with
   * it. A handler that only writes SQL shares one set among all requests of a snapshot.
   */
  readsItself: boolean;
  readonly isSafe: boolean;
  #reader: RequestReader | undefined;
  #columns: readonly Column[] | undefined;

  constructor(definition: EndpointDefinition) {
    this.definition = definition;
    this.label = `/api${definition.path}`;
    this.offered = rowSchema(definition.returns) === undefined ? [json] : [json, csv];
    this.readsItself = definition.handler instanceof AsyncFunction;
    this.isSafe = definition.method === "GET";
  }

  get reader(): RequestReader {
    return (this.#reader ??= new RequestReader(this.definition));
  }

  /** Columns of a row (or of the one object) that is returned; undefined where nothing was declared. */
  get columns(): readonly Column[] | undefined {
    if (this.#columns !== undefined || this.definition.returns === undefined) return this.#columns;
    const { returns, route } = this.definition;
    const schema = rowSchema(returns) ?? objectSchema(returns);
    if (schema === undefined) return undefined;
    const { columns, problems } = columnsOf(route, schema);
    const [problem] = problems;
    if (problem !== undefined) throw problem;
    return (this.#columns = columns);
  }
}
