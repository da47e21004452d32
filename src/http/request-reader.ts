import type { AnyObject, AnySchema } from "../core/schema.ts";
import { RequestInvalid, type RequestMistake, type RequestPart } from "./request-invalid.ts";
import {
  bodyReader,
  namedPartReader,
  undeclaredPartReader,
  type PartRead,
  type PartReader,
} from "./request-part.ts";

/** What a request carries, as HTTP gives it. */
export interface RawRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
}

/** The same, as the schemas say. */
export interface ParsedRequest {
  readonly params: unknown;
  readonly query: unknown;
  readonly headers: unknown;
  readonly body: unknown;
}

export interface RequestSchemas {
  readonly params: AnyObject | undefined;
  readonly query: AnyObject | undefined;
  readonly headers: AnyObject | undefined;
  readonly body: AnySchema | undefined;
}

const parts = ["params", "query", "headers", "body"] as const satisfies readonly RequestPart[];

/** Reads the requests of one endpoint. */
export class RequestReader {
  readonly #readers: Readonly<Record<RequestPart, PartReader | undefined>>;

  constructor(schemas: RequestSchemas) {
    const named = (part: "params" | "query" | "headers"): PartReader | undefined => {
      const schema = schemas[part];
      if (schema !== undefined) return namedPartReader(part, schema);
      return part === "headers" ? undefined : undeclaredPartReader(part);
    };
    this.#readers = {
      params: named("params"),
      query: named("query"),
      headers: named("headers"),
      body: schemas.body === undefined ? undefined : bodyReader(schemas.body),
    };
  }

  /** A promise only where a schema needs one. @throws REQUEST_INVALID with every mistake of every part */
  read(raw: RawRequest): ParsedRequest | Promise<ParsedRequest> {
    const params = this.#readers.params?.read(raw.params);
    const query = this.#readers.query?.read(raw.query);
    const headers = this.#readers.headers?.read(raw.headers);
    const body = this.#readers.body?.read(raw.body);
    if ([params, query, headers, body].some((read) => read instanceof Promise)) {
      return Promise.all([params, query, headers, body]).then((reads) => together(reads));
    }
    return together([params, query, headers, body] as (PartRead | undefined)[]);
  }
}

function together(reads: readonly (PartRead | undefined)[]): ParsedRequest {
  const parsed: Record<RequestPart, unknown> = {
    params: undefined,
    query: undefined,
    headers: undefined,
    body: undefined,
  };
  let mistakes: RequestMistake[] | undefined;
  for (const [index, part] of parts.entries()) {
    const read = reads[index];
    if (read === undefined) continue;
    if ("mistakes" in read) (mistakes ??= []).push(...read.mistakes);
    else parsed[part] = read.value;
  }
  if (mistakes !== undefined) throw new RequestInvalid(mistakes);
  return parsed;
}
