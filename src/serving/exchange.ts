import type { IncomingMessage } from "node:http";
import { isQuery } from "../core/asset/query-definition.ts";
import { PageRequest } from "../core/endpoint/page.ts";
import { RequestProblem } from "../core/endpoint/problem.ts";
import { ReplyValue } from "../core/endpoint/reply.ts";
import { MillraceError, reasonOf } from "../core/errors.ts";
import { SqlTree } from "../core/sql/sql-tree.ts";
import { encodeCursor, nextPageLink, type CursorValue } from "../http/cursor.ts";
import { noneMatchNames, parseIfNoneMatch } from "../http/if-none-match.ts";
import type { ParsedRequest } from "../http/request-reader.ts";
import type { Reading } from "../ports/asset-reader.ts";
import { answerStatement, answerValue, givesRow, type AnswerBody } from "./answer.ts";
import { bodyTag, derivedTag } from "./derived-etag.ts";
import { HandlerContext, handlerLog } from "./handler-context.ts";
import { pageStatement } from "./page-statement.ts";
import { ClientLeft, RequestWork } from "./request-work.ts";
import { respond } from "./respond.ts";
import { csv, json, type ServedEndpoint } from "./served-endpoint.ts";
import type { Answered, EndpointRequest, ServingContext } from "./serving-context.ts";
import type { EndpointView } from "./snapshot-views.ts";

/** One request and its answer, at one snapshot. */
export class Exchange {
  readonly #context: ServingContext;
  readonly #served: ServedEndpoint;
  readonly #request: EndpointRequest;
  readonly #parsed: ParsedRequest;
  readonly #view: EndpointView;
  readonly #mediaType: string;
  readonly #unconfirmed: boolean;
  readonly #startedAt: number;
  /** Made when something begins that can be stopped. */
  #work: RequestWork | undefined;

  constructor(
    context: ServingContext,
    served: ServedEndpoint,
    request: EndpointRequest,
    parsed: ParsedRequest,
    view: EndpointView,
    mediaType: string,
    unconfirmed: boolean,
  ) {
    this.#context = context;
    this.#served = served;
    this.#request = request;
    this.#parsed = parsed;
    this.#view = view;
    this.#mediaType = mediaType;
    this.#unconfirmed = unconfirmed;
    this.#startedAt = performance.now();
  }

  answer(): Answered | Promise<Answered> {
    const { definition, isSafe, readsItself } = this.#served;
    const vouched = isSafe && definition.cache === "vouched" ? this.#tag([]) : undefined;
    if (this.#names(vouched)) return this.#notModified(vouched);

    const reading = readsItself ? this.#view.read({ signal: this.#begun.signal }) : this.#view.shared;
    const handlerContext = new HandlerContext(this.#parsed, this.#source);
    const result = this.#call(() => definition.handler(reading.handles, handlerContext));
    if (result instanceof SqlTree || result instanceof PageRequest || isQuery(result)) {
      return this.#answerSql(result, reading, handlerContext, vouched ?? "derive");
    }
    if (!isThenable(result)) return this.#answerResult(result, reading, handlerContext, vouched);
    this.#served.readsItself = true;
    return this.#answerPromise(result, reading, handlerContext, vouched);
  }

  async #answerPromise(
    promise: PromiseLike<unknown>,
    reading: Reading,
    handlerContext: HandlerContext,
    vouched: string | undefined,
  ): Promise<Answered> {
    const { timeLimitMs } = this.#served.definition;
    this.#begun.limit(
      timeLimitMs,
      () => new MillraceError("QUERY_TIMED_OUT", { limit: `${timeLimitMs} ms` }),
    );
    let result: unknown;
    try {
      result = await this.#begun.settle(Promise.resolve(promise));
    } catch (error) {
      throw this.#handlerFailure(error);
    }
    return this.#answerResult(result, reading, handlerContext, vouched);
  }

  async #answerResult(
    result: unknown,
    reading: Reading,
    handlerContext: HandlerContext,
    vouched: string | undefined,
  ): Promise<Answered> {
    if (result instanceof SqlTree || result instanceof PageRequest || isQuery(result)) {
      return this.#answerSql(result, reading, handlerContext, vouched);
    }
    if (result instanceof ReplyValue) return this.#answerReply(result, vouched);
    const answer = await answerValue(this.#served, result, this.#mediaType);
    // Only a list with rows answers by itself whether there is such a thing.
    if ((answer.rowCount ?? 0) === 0) {
      await this.#checkExists(this.#existsSql(reading, handlerContext), reading);
    }
    return this.#send(200, answer, this.#tagFor(answer, vouched));
  }

  /**
   * @param tag "derive": it is made of the statement and the request, which only a handler that was called anew and is
   * no async function may do: nothing but its SQL can then have reached the answer
   */
  async #answerSql(
    result: SqlTree | PageRequest | { readonly sql: SqlTree },
    reading: Reading,
    handlerContext: HandlerContext,
    tag: string | undefined,
  ): Promise<Answered> {
    const page = result instanceof PageRequest ? result : undefined;
    const sql =
      result instanceof SqlTree
        ? result
        : page === undefined
          ? (result as { sql: SqlTree }).sql
          : this.#page(page);
    const derives = tag === "derive" && this.#served.isSafe;
    const existsSql = this.#existsSql(reading, handlerContext);
    const derived = derives ? this.#tag([sql, existsSql]) : undefined;
    if (this.#names(derived)) return this.#notModified(derived);

    const answer = await answerStatement(this.#served, this.#context.options.engine, {
      sql,
      reading,
      mediaType: this.#mediaType,
      limits: this.#limits(),
      ...(page === undefined ? {} : { page }),
    });
    let deterministic = answer?.deterministic === true;
    if (answer === undefined || answer.rowCount === 0) {
      deterministic = (await this.#checkExists(existsSql, reading)) && deterministic;
      if (answer === undefined) throw this.#noSuchObject();
    }
    const issued = tag !== "derive" ? tag : deterministic ? derived : undefined;
    return this.#send(200, answer, this.#tagFor(answer, issued), this.#link(page, answer));
  }

  #page(page: PageRequest): SqlTree {
    const { columns } = this.#served;
    if (columns === undefined) {
      throw new MillraceError("RESPONSE_INVALID", {
        reason: "only a list of objects, as declared by returns, has pages",
      });
    }
    return pageStatement(page, columns);
  }

  #link(page: PageRequest | undefined, answer: AnswerBody): readonly string[] {
    if (page === undefined || answer.last === undefined) return [];
    const more = answer.more ?? (answer.rowCount ?? 0) >= page.limit;
    if (!more) return [];
    const { last } = answer;
    const cursor = encodeCursor(page.by.map((name) => last[name] as CursorValue));
    return ["Link", nextPageLink(this.#request.message.url ?? "/", cursor)];
  }

  #existsSql(reading: Reading, handlerContext: HandlerContext): SqlTree | undefined {
    const { exists } = this.#served.definition;
    if (exists === undefined) return undefined;
    const statement = this.#call(() => exists.sql(reading.handles, handlerContext));
    if (statement instanceof SqlTree) return statement;
    throw new MillraceError("HANDLER_FAILED", { reason: "exists.sql gave no sql`…` statement" });
  }

  /**
   * Asked when an answer has no row: is there nothing to say of it, or is there no such thing? A list with rows answers
   * the question by itself. Gives whether the answer to it is fixed by the data.
   */
  async #checkExists(statement: SqlTree | undefined, reading: Reading): Promise<boolean> {
    if (statement === undefined) return true;
    const { found, deterministic } = await givesRow(
      this.#context.options.engine,
      statement,
      reading,
      this.#limits(),
    );
    if (!found) throw this.#noSuchObject();
    return deterministic;
  }

  #noSuchObject(): RequestProblem {
    const title = this.#served.definition.exists?.title ?? "Not found";
    const params = this.#parsed.params as Readonly<Record<string, unknown>>;
    const shown = Object.entries(params).map(([name, value]) => `${name} ${String(value)}`);
    return new RequestProblem(404, title, {
      detail: shown.length === 0 ? title : `${title}: ${shown.join(", ")}`,
      code: "NOT_FOUND",
      params: Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])),
    });
  }

  async #answerReply(reply: ReplyValue, vouched: string | undefined): Promise<Answered> {
    const own = Object.entries(reply.headers).flat();
    const { status, body } = reply;
    if (body === undefined || body === null || status === 204 || status === 304) {
      return this.#send(status, { body: "", rowCount: undefined, deterministic: false }, undefined, own);
    }
    const isOwn = Object.keys(reply.headers).some((name) => name.toLowerCase() === "content-type");
    if (isOwn && (typeof body === "string" || body instanceof Uint8Array)) {
      const bytes = typeof body === "string" ? body : Buffer.from(body);
      return this.#send(status, { body: bytes, rowCount: undefined, deterministic: false }, undefined, own);
    }
    const answer = await answerValue(this.#served, body, this.#mediaType);
    return this.#send(status, answer, status === 200 ? this.#tagFor(answer, vouched) : undefined, own);
  }

  /** Only a 200 to GET and HEAD has a tag. */
  #tagFor(answer: AnswerBody, issued: string | undefined): string | undefined {
    return this.#served.isSafe ? (issued ?? bodyTag(answer.body, this.#mediaType)) : undefined;
  }

  #tag(statements: readonly (SqlTree | undefined)[]): string | undefined {
    return derivedTag(this.#view.seed, this.#mediaType, this.#parsed, statements);
  }

  #names(tag: string | undefined): tag is string {
    return tag !== undefined && noneMatchNames(this.#request.message.headers["if-none-match"], tag);
  }

  #notModified(tag: string): Answered {
    respond(this.#request.response, 304, this.#headers(tag));
    return { status: 304 };
  }

  #send(status: number, answer: AnswerBody, tag: string | undefined, own: readonly string[] = []): Answered {
    const { message, response } = this.#request;
    if (tag !== undefined) {
      const header = message.headers["if-none-match"];
      if (header !== undefined && (noneMatchNames(header, tag) || parseIfNoneMatch(header) === "*")) {
        respond(response, 304, [...this.#headers(tag), ...own]);
        return { status: 304 };
      }
    }
    const named = new Set(own.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase()));
    const type = named.has("content-type") ? [] : ["Content-Type", this.#mediaType === csv ? csvType : json];
    respond(response, status, [...this.#headers(tag), ...type, ...own], answer.body);
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
    headers.push("Vary", isPrivate ? "Accept, Authorization" : "Accept");
    headers.push("Cache-Control", isPrivate ? "private, no-cache" : "no-cache");
    return headers;
  }

  get #begun(): RequestWork {
    return (this.#work ??= new RequestWork(this.#request.response, this.#context.running));
  }

  /** What is left of the time that the endpoint has. */
  #limits(): { readonly signal: AbortSignal; readonly timeLimitMs: number } {
    const elapsed = performance.now() - this.#startedAt;
    const timeLimitMs = Math.max(1, Math.ceil(this.#served.definition.timeLimitMs - elapsed));
    return { signal: this.#begun.signal, timeLimitMs };
  }

  get #source() {
    return {
      signal: () => this.#begun.signal,
      log: () =>
        handlerLog(this.#context.options.log, { requestId: this.#request.id, endpoint: this.#served.label }),
      url: () => urlOf(this.#request.message),
    };
  }

  #call<T>(handler: () => T): T {
    try {
      return handler();
    } catch (error) {
      throw this.#handlerFailure(error);
    }
  }

  /** Problems and errors of ours go on as they are; anything else means that the handler failed. */
  #handlerFailure(error: unknown): unknown {
    if (error instanceof RequestProblem || error instanceof MillraceError || error instanceof ClientLeft)
      return error;
    const place = { endpoint: this.#served.definition.route, ...this.#served.definition.site.place };
    return new MillraceError("HANDLER_FAILED", { reason: reasonOf(error) }, { place, cause: error });
  }

  /** Work that was stopped failed because of that, whatever the engine or the handler then said. */
  failure(error: unknown): unknown {
    const signal = this.#work?.signal;
    return signal?.aborted === true ? signal.reason : error;
  }

  end(): void {
    this.#work?.end();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

const csvType = "text/csv; charset=utf-8; header=present";

function urlOf(message: IncomingMessage): URL {
  const path = message.url ?? "/";
  const host = message.headers.host ?? "localhost";
  return URL.canParse(path, `http://${host}`)
    ? new URL(path, `http://${host}`)
    : new URL(path, "http://localhost");
}
