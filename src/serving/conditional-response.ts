import { noneMatchNames, parseIfNoneMatch } from "../http/if-none-match.ts";
import { snapshotHeader } from "./asked-snapshot.ts";
import type { AnswerBody } from "./answer.ts";
import type { EndpointView } from "./endpoint-view.ts";
import { respond } from "./respond.ts";
import { csv, json } from "./served-endpoint.ts";
import type { Answered, EndpointRequest, ServingContext } from "./serving-context.ts";

/** What an answer depends on besides its address. */
const varies = `Accept, ${snapshotHeader}`;
const csvType = "text/csv; charset=utf-8; header=present";

/** The sending side of one exchange: freshness headers, and 304 where the client has the answer already (RFC 9110 §13). */
export class ConditionalResponse {
  readonly #context: ServingContext;
  readonly #request: EndpointRequest;
  readonly #view: EndpointView;
  readonly #mediaType: string;
  readonly #unconfirmed: boolean;

  /** @param unconfirmed whether the snapshot is the last one known, because state does not answer */
  constructor(
    context: ServingContext,
    request: EndpointRequest,
    view: EndpointView,
    mediaType: string,
    unconfirmed: boolean,
  ) {
    this.#context = context;
    this.#request = request;
    this.#view = view;
    this.#mediaType = mediaType;
    this.#unconfirmed = unconfirmed;
  }

  /** Does the client bring this tag back? `*` does not count: only an answer that exists is met by it. */
  names(tag: string | undefined): tag is string {
    return tag !== undefined && noneMatchNames(this.#request.message.headers["if-none-match"], tag);
  }

  notModified(tag: string, own: readonly string[] = []): Answered {
    respond(this.#request.response, 304, [...this.#headers(tag), ...own]);
    return { status: 304 };
  }

  /** @param own headers of the answer's own, names and values in turn */
  send(status: number, answer: AnswerBody, tag: string | undefined, own: readonly string[] = []): Answered {
    if (tag !== undefined) {
      const header = this.#request.message.headers["if-none-match"];
      const brought = header !== undefined && parseIfNoneMatch(header) === "*";
      if (brought || this.names(tag)) return this.notModified(tag, own);
    }
    const named = new Set(own.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase()));
    const type = named.has("content-type") ? [] : ["Content-Type", this.#mediaType === csv ? csvType : json];
    respond(this.#request.response, status, [...this.#headers(tag), ...type, ...own], answer.body);
    return { status, ...(answer.rowCount === undefined ? {} : { rowCount: answer.rowCount }) };
  }

  /** Of every answer, a 304 too: how fresh the data is may change while the data does not. */
  #headers(tag: string | undefined): string[] {
    const { fixed, asOf } = this.#view.headers;
    const isPrivate = this.#context.options.tokens.length > 0;
    const headers = [...fixed];
    if (asOf !== undefined) {
      const age = Math.max(0, Math.floor((this.#context.now() - asOf) / 1000));
      headers.push("Millrace-Age", String(age));
    }
    if (this.#unconfirmed) headers.push("Millrace-Unconfirmed", "state-unavailable");
    if (tag !== undefined) headers.push("ETag", tag);
    headers.push("Vary", isPrivate ? `${varies}, Authorization` : varies);
    headers.push("Cache-Control", isPrivate ? "private, no-cache" : "no-cache");
    return headers;
  }
}
