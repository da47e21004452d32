import type { CatalogView } from "../../core/catalog/catalog-view.ts";
import type { MillraceError } from "../../core/errors.ts";
import { jointSteps } from "../../core/plan/joint-steps.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import type { PlanStep } from "../../core/plan/plan.ts";
import type { RunChange } from "../../ports/state/run-store.ts";
import type { RunRequest } from "../../ports/run-launcher.ts";
import type { Execution, StepOutcome } from "../execution.ts";
import type { PublishLog } from "./publish-log.ts";
import { isRefusal } from "./publish-run.ts";
import { publishSteps, stagedOutputs, type PublishPart } from "./publish-steps.ts";
import { placedStepError } from "../steps/step-error.ts";
import { triedStep } from "../steps/tried-step.ts";

/**
 * Publishes what each step has made as soon as it has passed, one step after the other (N16). A step that may not be
 * published counts as failed, and the run sees what was there before in its place. What did not become current for
 * another reason, and what is made from that, waits for the end of the run.
 */
export class StepPublisher {
  readonly #request: Pick<RunRequest, "plan" | "force">;
  readonly #execution: Execution;
  readonly #log: PublishLog;
  /** What the run saw before it made anything. */
  readonly #pinned: CatalogView;
  readonly #waiting: Set<string>;
  readonly #current = new Set<string>();
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    request: Pick<RunRequest, "plan" | "force">,
    execution: Execution,
    log: PublishLog,
    pinned: CatalogView,
  ) {
    this.#request = request;
    this.#execution = execution;
    this.#log = log;
    this.#pinned = pinned;
    this.#waiting = new Set(jointSteps(request.plan, pinned, execution.options.known));
  }

  /** What an earlier process of the run has made and not come to publish, all together. Gives how the steps have ended. */
  async catchUp(done: ReadonlyMap<string, StepOutcome>): Promise<ReadonlyMap<string, StepOutcome>> {
    const made = this.#request.plan.steps.filter(({ key }) => done.get(key)?.outcome === "success");
    const steps = made.filter((step) => !this.#waits(step));
    const left = new Set(stagedOutputs({ steps }, done, this.#execution).map(({ step }) => step.key));
    for (const { key } of steps) if (!left.has(key)) this.#current.add(key);
    if (left.size === 0) return done;
    try {
      return await this.#publish(
        steps.filter(({ key }) => left.has(key)),
        done,
      );
    } catch (error) {
      if (!isRefusal(error)) throw error;
      // Which of them is to blame is not known.
      for (const key of left) this.#waiting.add(key);
      return done;
    }
  }

  /** Gives how the step has ended in view of its publish. */
  async publish(step: PlanStep, made: StepOutcome): Promise<StepOutcome> {
    if (this.#waits(step) || made.outcome !== "success" || made.versionIds.length === 0) return made;
    const turn = this.#turn.then(async () => this.#publishStep(step, made));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** What is left for the end of the run. */
  rest(): PublishPart {
    const { plan, force = false } = this.#request;
    return { steps: plan.steps.filter(({ key }) => !this.#current.has(key)), retired: plan.retired, force };
  }

  #waits({ key, dependsOn }: PlanStep): boolean {
    if (dependsOn.some((upstream) => this.#waiting.has(upstream))) this.#waiting.add(key);
    return this.#waiting.has(key);
  }

  async #publishStep(step: PlanStep, made: StepOutcome): Promise<StepOutcome> {
    // What it has written has to be in state by then.
    await this.#execution.writer.write([]);
    try {
      return (await this.#publish([step], new Map([[step.key, made]]))).get(step.key) ?? made;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return this.#refuse(step, error, made);
    }
  }

  async #publish(
    steps: readonly PlanStep[],
    made: ReadonlyMap<string, StepOutcome>,
  ): Promise<ReadonlyMap<string, StepOutcome>> {
    const { force = false } = this.#request;
    const published = await publishSteps({ steps, retired: [], force }, made, this.#execution);
    const { outcomes, result } = published;
    this.#log.add(published, steps.length === 1 ? steps[0]?.key : undefined);
    const current = new Set(result?.published);
    for (const step of steps) {
      const outcome = outcomes.get(step.key);
      if (outcome?.outcome !== "success") this.#takeBack(step);
      else if (outcome.versionIds.every((id) => current.has(id))) this.#current.add(step.key);
      else this.#waiting.add(step.key);
    }
    return outcomes;
  }

  async #refuse(step: PlanStep, error: MillraceError, made: StepOutcome): Promise<StepOutcome> {
    const { writer, options } = this.#execution;
    const reason = error.message;
    const outputs = stagedOutputs({ steps: [step] }, new Map([[step.key, made]]), this.#execution);
    const rejected = outputs.map(({ asset, version }): RunChange => {
      return { change: "version.rejected", step: step.key, asset: asset.key, versionId: version.id, reason };
    });
    await writer.write([...rejected, { change: "step.failed", step: step.key, reason, code: error.code }]);
    this.#takeBack(step);
    options.report({ progress: "step.failed", step: step.key, reason });
    this.#execution.hooks.stepFailed(triedStep(step, this.#execution), error);
    return { outcome: "failure", error: placedStepError(triedStep(step, this.#execution), error) };
  }

  /** What was rejected is not what the run goes on with. */
  #takeBack({ outputs, range }: PlanStep): void {
    const { view, options } = this.#execution;
    for (const { asset } of outputs) {
      const place = knownAsset(options.known, asset);
      view.place(place, range, this.#pinned.exactly(place, range)?.version);
    }
  }
}
