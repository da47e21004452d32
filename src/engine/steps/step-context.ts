import type { AssetDefinition } from "../../core/asset/asset-definition.ts";
import type { Redactor } from "../../core/config/redactor.ts";
import { MillraceError } from "../../core/errors.ts";
import { keepMetadata } from "../../core/metadata/keep-metadata.ts";
import type { StoredMetadata } from "../../core/metadata/metadata-value.ts";
import type { PlanStep } from "../../core/plan/plan.ts";
import type { Statement } from "../../ports/table-engine.ts";
import { knownAsset } from "../../core/plan/known-asset.ts";
import { refuseSecrets } from "../refuse-secrets.ts";
import { stepCheckpoints } from "./step-checkpoints.ts";
import { stepLog } from "./step-log.ts";
import { triedStep } from "./tried-step.ts";
import type { Attempt, Execution } from "../execution.ts";

/** What code has said of one output. */
export interface SaidOfOutput {
  readonly metadata: StoredMetadata;
  /** What the author gives in place of what is found out. */
  readonly given: { readonly dataVersion?: string };
}

/** What Millrace gives to `run` beside its dependencies, and what it collects from there. */
export interface StepContextBundle {
  readonly context: object;
  readonly ofOutput: (asset: AssetDefinition) => SaidOfOutput;
}

/** @param previous What an appending asset has so far */
export function stepContext(attempt: Attempt, previous?: object): StepContextBundle {
  const { step, execution } = attempt;
  const { computation } = step;
  const ofAll = speaker(computation.key, attempt.base !== undefined, execution.redactor);
  const ofOne = new Map(
    computation.outputs.map(({ asset }) => [asset, speaker(asset.key, false, execution.redactor)]),
  );
  const partition = partitionOf(step, execution);
  const made = new Set(step.outputs.map(({ asset }) => asset));
  const named = {
    wanted: new Set(computation.outputs.flatMap(({ name, asset }) => (made.has(asset) ? name : []))),
    outputs: Object.freeze(
      Object.fromEntries(computation.outputs.map(({ name, asset }) => [name, ofOne.get(asset)?.says])),
    ),
  };
  const context = Object.freeze({
    log: stepLog(step, execution),
    signal: attempt.signal,
    attempt: attempt.number,
    run: { id: execution.runId, snapshot: execution.view.snapshot },
    ...ofAll.says,
    checkpoint: stepCheckpoints(triedStep(step, execution), attempt.signal, execution),
    ...(computation.named ? named : {}),
    ...(previous === undefined ? {} : { previous }),
    ...(partition === undefined ? {} : { partition }),
    ...(computation.config === undefined
      ? {}
      : { config: execution.config.assets.get(computation.key)?.value }),
  });
  return {
    context,
    ofOutput: (asset) => {
      const own = ofOne.get(asset)?.said;
      return {
        metadata: together(asset.key, ofAll.said.metadata, own?.metadata),
        given: { ...ofAll.said.given, ...own?.given },
      };
    },
  };
}

const nothing: StoredMetadata = Object.freeze({});

/** What was said of all outputs, and of this one. */
function together(key: string, ofAll: StoredMetadata, own: StoredMetadata = nothing): StoredMetadata {
  if (own === nothing) return ofAll;
  return ofAll === nothing ? own : keepMetadata(ofAll, own, key);
}

interface Speaker {
  readonly says: {
    readonly metadata: (values: unknown) => void;
    readonly dataVersion: (text: unknown) => void;
  };
  readonly said: { metadata: StoredMetadata; given: { dataVersion?: string } };
}

/** Collects what code says of what it makes. */
function speaker(key: string, appends: boolean, redactor: Redactor): Speaker {
  const said: Speaker["said"] = { metadata: nothing, given: {} };
  return {
    said,
    says: Object.freeze({
      metadata: (values: unknown) => {
        said.metadata = keepMetadata(said.metadata, values, key);
      },
      dataVersion: (text: unknown) => {
        const refuse = (reason: string): never => {
          throw new MillraceError("INVALID_OPTION", { what: "asset", key, reason });
        };
        if (appends) refuse("the data version of an appending asset is counted from its rows, not given");
        if (typeof text !== "string" || text === "") refuse("dataVersion must be a text that is not empty");
        refuseSecrets(String(text), key, "the data version", redactor);
        said.given.dataVersion = `given:${String(text)}`;
      },
    }),
  };
}

/** The step's partition with its bounds, as `run` and SQL get it. */
export function partitionOf(step: PlanStep, { options }: Execution): Statement["partition"] {
  const [output] = step.outputs;
  if (step.partition === undefined || output === undefined) return undefined;
  const window = knownAsset(options.known, output.asset).space.windowOf(step.range.from);
  return { key: step.partition, ...window };
}
