import type { PublishResult } from "../../ports/state/run-store.ts";
import type { EngineOptions } from "../engine-options.ts";
import type { PublishedPart } from "./publish-steps.ts";

/** What has become of the versions of a run, over all its publishes. */
export interface PublishSummary {
  /** Steps whose versions stay staged, because a rollback holds their place or that of what they read (N17). */
  readonly held: readonly string[];
  /** Steps whose versions came too late (N15). */
  readonly superseded: readonly string[];
  /** After the last publish; absent when nothing was published. */
  readonly snapshot?: number;
}

/** Tells of the publishes of a run, and keeps what they came to. */
export class PublishLog {
  readonly #report: EngineOptions["report"];
  /** By step, in the order in which they were first left out. */
  readonly #leftOut = new Map<string, "held" | "superseded">();
  #snapshot: number | undefined;

  constructor(report: EngineOptions["report"]) {
    this.#report = report;
  }

  /** @param step The only one that was to be published */
  add({ outcomes, result }: PublishedPart, step?: string): void {
    if (result === undefined) return;
    const stepOf = new Map(
      [...outcomes].flatMap(([key, outcome]) =>
        outcome.outcome === "success" ? outcome.versionIds.map((id) => [id, key] as const) : [],
      ),
    );
    const stepsOf = (ids: PublishResult["held"]): readonly string[] => [
      ...new Set(ids.flatMap((id) => stepOf.get(id) ?? [])),
    ];
    const { snapshot, published } = result;
    const [held, superseded] = [stepsOf(result.held), stepsOf(result.superseded)];
    for (const key of stepsOf(published)) this.#leftOut.delete(key);
    for (const key of held) this.#leftOut.set(key, "held");
    for (const key of superseded) this.#leftOut.set(key, "superseded");
    this.#snapshot = snapshot;
    const only = step === undefined ? {} : { step };
    this.#report({ progress: "published", snapshot, versions: published.length, held, superseded, ...only });
  }

  get summary(): PublishSummary {
    const of = (why: string): readonly string[] =>
      [...this.#leftOut].flatMap(([step, left]) => (left === why ? [step] : []));
    return {
      held: of("held"),
      superseded: of("superseded"),
      ...(this.#snapshot === undefined ? {} : { snapshot: this.#snapshot }),
    };
  }
}
