import type { IncomingMessage } from "node:http";
import { PageRequest } from "../core/endpoint/page.ts";
import type { RequestProblem } from "../core/endpoint/problem.ts";
import { ReplyValue } from "../core/endpoint/reply.ts";
import { MillraceError } from "../core/errors.ts";
import { SqlTree } from "../core/sql/sql-tree.ts";
import type { ParsedRequest } from "../http/request-reader.ts";
import type { Reading } from "../ports/asset-reader.ts";
import type { ResourceInstances } from "../ports/resource-pool.ts";
import { answerStatement, answerValue, type AnswerBody } from "./answer.ts";
import { ConditionalResponse } from "./conditional-response.ts";
import { bodyTag, derivedTag } from "./derived-etag.ts";
import { dependsOnLayout } from "./depends-on-layout.ts";
import type { EndpointView } from "./endpoint-view.ts";
import { givesRow, noSuchObject } from "./existence.ts";
import { HandlerContext, handlerLog } from "./handler-context.ts";
import { handlerFailure } from "./handler-failure.ts";
import { pageLink, pageStatement } from "./page-statement.ts";
import { RequestWork } from "./request-work.ts";
import type { ServedEndpoint } from "./served-endpoint.ts";
import type { Answered, EndpointRequest, ServingContext } from "./serving-context.ts";
import { isSqlResult, type SqlResult } from "./sql-result.ts";

/** One request and its answer, at one snapshot: what the handler gives decides how it is answered. */
export class Exchange {
  readonly #context: ServingContext;
  readonly #served: ServedEndpoint;
  readonly #request: EndpointRequest;
  readonly #parsed: ParsedRequest;
  readonly #view: EndpointView;
  readonly #mediaType: string;
  readonly #response: ConditionalResponse;
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
    this.#response = new ConditionalResponse(context, request, view, mediaType, unconfirmed);
    this.#startedAt = performance.now();
  }

  answer(): Answered | Promise<Answered> {
    const { definition, isSafe } = this.#served;
    const vouched = isSafe && definition.cache === "vouched" ? this.#tag([]) : undefined;
    if (this.#response.names(vouched)) return this.#response.notModified(vouched);

    if (definition.resources.size === 0) return this.#ask(vouched, undefined);
    const instances = this.#context.resources.known(definition);
    return instances === undefined ? this.#askLater(vouched) : this.#ask(vouched, instances);
  }

  /** Its resources are still being made, or could not be. */
  async #askLater(vouched: string | undefined): Promise<Answered> {
    const { resources } = this.#context;
    this.#limitTime();
    const { signal } = this.#begun;
    return this.#ask(vouched, await resources.instancesFor(this.#served.definition, signal));
  }

  #ask(vouched: string | undefined, instances: ResourceInstances | undefined): Answered | Promise<Answered> {
    const { definition, readsItself } = this.#served;
    const reading = readsItself ? this.#view.read({ signal: this.#begun.signal }) : this.#view.shared;
    const handlerContext = new HandlerContext(this.#parsed, this.#source);
    const handles = instances === undefined ? reading.handles : { ...reading.handles, ...instances };
    const result = this.#call(() => definition.handler(handles, handlerContext));
    if (isSqlResult(result)) {
      // What a resource gives is no part of the data: only an author knows whether the answer is a function of it (N27).
      const tag = vouched ?? (instances === undefined ? "derive" : undefined);
      return this.#answerSql(result, reading, handlerContext, tag);
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
    this.#limitTime();
    let result: unknown;
    try {
      result = await this.#begun.settle(Promise.resolve(promise));
    } catch (error) {
      throw handlerFailure(this.#served.definition, error);
    }
    return this.#answerResult(result, reading, handlerContext, vouched);
  }

  #limitTime(): void {
    const { timeLimitMs } = this.#served.definition;
    this.#begun.limit(
      timeLimitMs,
      () => new MillraceError("QUERY_TIMED_OUT", { limit: `${timeLimitMs} ms` }),
    );
  }

  async #answerResult(
    result: unknown,
    reading: Reading,
    handlerContext: HandlerContext,
    vouched: string | undefined,
  ): Promise<Answered> {
    if (isSqlResult(result)) {
      return this.#answerSql(result, reading, handlerContext, vouched);
    }
    if (result instanceof ReplyValue) return this.#answerReply(result, vouched);
    const answer = await answerValue(this.#served, result, this.#mediaType);
    // Only a list with rows answers by itself whether there is such a thing.
    if ((answer.rowCount ?? 0) === 0) {
      await this.#checkExists(this.#existsSql(reading, handlerContext), reading);
    }
    return this.#response.send(200, answer, this.#tagFor(answer, vouched));
  }

  /**
   * @param tag "derive": it is made of the statement and the request, which only a handler that was called anew and is
   * no async function may do: nothing but its SQL can then have reached the answer
   */
  async #answerSql(
    result: SqlResult,
    reading: Reading,
    handlerContext: HandlerContext,
    tag: string | undefined,
  ): Promise<Answered> {
    const page = result instanceof PageRequest ? result : undefined;
    const sql = result instanceof SqlTree ? result : page === undefined ? result.sql : this.#pageOf(page);
    const derives = tag === "derive" && this.#served.isSafe;
    const existsSql = this.#existsSql(reading, handlerContext);
    const derived = derives ? this.#tag([sql, existsSql]) : undefined;
    if (this.#response.names(derived)) return this.#response.notModified(derived);

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
    const link = page === undefined ? [] : pageLink(page, answer, this.#request.message.url ?? "/");
    return this.#response.send(200, answer, this.#tagFor(answer, issued), link);
  }

  #pageOf(page: PageRequest): SqlTree {
    const { columns } = this.#served;
    if (columns === undefined) {
      throw new MillraceError("RESPONSE_INVALID", {
        reason: "only a list of objects, as declared by returns, has pages",
      });
    }
    return pageStatement(page, columns);
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
    return noSuchObject(title, this.#parsed.params as Readonly<Record<string, unknown>>);
  }

  async #answerReply(reply: ReplyValue, vouched: string | undefined): Promise<Answered> {
    const own = Object.entries(reply.headers).flat();
    const { status, body } = reply;
    if (body === undefined || body === null || status === 204 || status === 304) {
      return this.#response.send(
        status,
        { body: "", rowCount: undefined, deterministic: false },
        undefined,
        own,
      );
    }
    const isOwn = Object.keys(reply.headers).some((name) => name.toLowerCase() === "content-type");
    if (isOwn && (typeof body === "string" || body instanceof Uint8Array)) {
      const bytes = typeof body === "string" ? body : Buffer.from(body);
      return this.#response.send(
        status,
        { body: bytes, rowCount: undefined, deterministic: false },
        undefined,
        own,
      );
    }
    const answer = await answerValue(this.#served, body, this.#mediaType);
    return this.#response.send(
      status,
      answer,
      status === 200 ? this.#tagFor(answer, vouched) : undefined,
      own,
    );
  }

  /** Only a 200 to GET and HEAD has a tag. */
  #tagFor(answer: AnswerBody, issued: string | undefined): string | undefined {
    return this.#served.isSafe ? (issued ?? bodyTag(answer.body, this.#mediaType)) : undefined;
  }

  #tag(statements: readonly (SqlTree | undefined)[]): string | undefined {
    const { seed, layout } = this.#view;
    const told =
      layout !== undefined && dependsOnLayout(layout, statements) ? `${seed} ${layout.text}` : seed;
    return derivedTag(told, this.#mediaType, this.#parsed, statements);
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
      throw handlerFailure(this.#served.definition, error);
    }
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

function urlOf(message: IncomingMessage): URL {
  const path = message.url ?? "/";
  const host = message.headers.host ?? "localhost";
  return URL.canParse(path, `http://${host}`)
    ? new URL(path, `http://${host}`)
    : new URL(path, "http://localhost");
}
