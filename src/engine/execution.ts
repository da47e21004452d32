import type { CatalogView } from "../core/catalog/catalog-view.ts";
import type { Redactor } from "../core/config/redactor.ts";
import type { ParsedRunConfig } from "../core/config/run-config.ts";
import type { PlanStep } from "../core/plan/plan.ts";
import type { ClaimPolicy } from "../core/run/claim-policy.ts";
import type { StepPolicy } from "../core/run/step-policy.ts";
import type { Observed } from "../ports/external-sources.ts";
import type { ResourceSession } from "../ports/resource-pool.ts";
import type { Watch } from "../ports/run-watch.ts";
import type { RunLease } from "../ports/state/run-store.ts";
import type { AppendBase } from "./versions/append-base.ts";
import type { ChangeWriter } from "./change-writer.ts";
import type { EngineOptions } from "./engine-options.ts";
import type { HookCalls } from "./hook-calls.ts";
import type { RunHistory } from "./run-history.ts";
import type { Slots } from "./slots.ts";

/** External assets that a step reads, by key, as they were just before. */
export type ObservedInputs = ReadonlyMap<string, Observed>;

/** One run in this process: what all its steps share. */
export interface Execution {
  readonly runId: string;
  readonly lease: RunLease;
  readonly view: CatalogView;
  readonly writer: ChangeWriter;
  readonly watch: Watch;
  readonly resources: ResourceSession;
  readonly signal: AbortSignal;
  readonly options: EngineOptions;
  readonly config: ParsedRunConfig;
  /** Keeps secrets out of what is written and told. */
  readonly redactor: Redactor;
  readonly claims: ClaimPolicy;
  /** Appending assets are made anew instead of being added to. */
  readonly fullRefresh: boolean;
  readonly slots: Slots;
  readonly hooks: HookCalls;
  /** How steps are tried that do not say so themselves. */
  readonly defaults: StepPolicy;
  /** What earlier processes of the run have had of its steps (N37). */
  readonly history: RunHistory;
}

export type StepOutcome =
  | {
      readonly outcome: "success";
      readonly versionIds: readonly string[];
      /** Assets that came out different. */
      readonly changed: ReadonlySet<string>;
      /** Assets that it left out. */
      readonly omitted: ReadonlySet<string>;
    }
  /** All it reads is as it was (N22). */
  | { readonly outcome: "unchanged" }
  /** Its own code said so, or something above it was skipped and is not there. */
  | { readonly outcome: "skipped" }
  | { readonly outcome: "failure"; readonly error: unknown }
  /** Or it is being made by another run, and what reads it is left to that one too. */
  | { readonly outcome: "upstream failed" };

/** A step that has ended, and how. */
export interface EndedStep {
  readonly step: PlanStep;
  readonly outcome: StepOutcome;
}

/** One attempt at a step: what it has and where it says what happens. */
export interface Attempt {
  readonly step: PlanStep;
  readonly number: number;
  readonly signal: AbortSignal;
  /** External assets it reads, as they were just before. */
  readonly observed: ObservedInputs;
  /** What it adds rows to; undefined when it replaces what there is. */
  readonly base?: AppendBase | undefined;
  /** What the graph gave that makes it; undefined where its own code does. */
  readonly content?: (() => Promise<unknown>) | undefined;
  readonly execution: Execution;
}
