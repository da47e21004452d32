import { isExternal, type AssetDefinition } from "../asset/asset-definition.ts";
import type { Computation } from "../asset/computation.ts";
import { schemaMismatches } from "../catalog/schema-mismatch.ts";
import type { VersionInput, VersionRecord } from "../catalog/version.ts";
import type { PartitionRange } from "../partition/range.ts";
import { knownAsset } from "./known-asset.ts";
import type { PlanRequest } from "./plan-request.ts";
import { staleCauses, type StaleCause } from "./stale-cause.ts";
import { stepInputs, versionInput, type StepInput } from "./step-inputs.ts";

/**
 * Why versions of one computation's outputs are stale. Each is compared with what would be read now in its place: over
 * all partitions that it was made for, of which it may have lost some since. What is the same for all partitions is
 * looked at once, and causes that are equal are one object.
 */
export class CauseFinder {
  readonly #computation: Computation;
  readonly #request: PlanRequest;
  readonly #interned = new Map<string, readonly StaleCause[]>();
  readonly #numbers = new Map<readonly StaleCause[], number>();
  readonly #missing: readonly StaleCause[];
  readonly #shared = new Map<string, VersionInput | undefined>();
  readonly #codeVersions = new Map<AssetDefinition, string>();
  /** By the keys that they are recorded under. */
  readonly #reads: ReadonlyMap<string, AssetDefinition>;
  #lastInputs: { readonly range: PartitionRange; readonly inputs: readonly VersionInput[] } | undefined;
  #lastVersion: { readonly version: VersionRecord; readonly causes: readonly StaleCause[] } | undefined;

  constructor(computation: Computation, request: PlanRequest) {
    this.#computation = computation;
    this.#request = request;
    this.#missing = this.#intern([{ cause: "missing" }]);
    this.#reads = new Map(
      [...computation.dependencies.values()].map((input) => [
        request.known.get(input.key)?.recordedAs ?? input.key,
        input,
      ]),
    );
  }

  of(asset: AssetDefinition, version: VersionRecord | undefined): readonly StaleCause[] {
    if (version === undefined) return this.#missing;
    if (this.#lastVersion?.version === version) return this.#lastVersion.causes;
    const found = staleCauses(
      version,
      this.#codeVersionOf(asset),
      this.#inputsOver(version.range),
      (since) => this.#request.codeChangesOf?.(asset, since) ?? [],
      schemaMismatches(asset, version),
    );
    const causes = this.#intern(found.flatMap((cause) => this.#ofWhatIsRead(cause)));
    this.#lastVersion = { version, causes };
    return causes;
  }

  /**
   * What it still reads but nobody has made yet is no input that went away: the step will be blocked, or it is made in
   * the same run. To what does without missing partitions (N24), all of them missing is another input.
   */
  #ofWhatIsRead(cause: StaleCause): readonly StaleCause[] {
    if (cause.cause !== "input removed") return [cause];
    const input = this.#reads.get(cause.input);
    if (input === undefined) return [cause];
    const doesWithout = this.#computation.missing === "skip" && input.partitions.kind !== "none";
    return doesWithout ? [{ cause: "input changed", input: cause.input }] : [];
  }

  /** A number that stands for causes that this has given. */
  numberOf(causes: readonly StaleCause[]): number {
    return this.#numbers.get(causes) ?? -1;
  }

  #intern(causes: readonly StaleCause[]): readonly StaleCause[] {
    const key = causes.length === 0 ? "" : JSON.stringify(causes);
    const known = this.#interned.get(key);
    if (known !== undefined) return known;
    this.#interned.set(key, causes);
    this.#numbers.set(causes, this.#numbers.size);
    return causes;
  }

  #codeVersionOf(asset: AssetDefinition): string {
    let version = this.#codeVersions.get(asset);
    if (version === undefined) this.#codeVersions.set(asset, (version = this.#request.codeVersionOf(asset)));
    return version;
  }

  #inputsOver(range: PartitionRange): readonly VersionInput[] {
    const last = this.#lastInputs;
    if (last !== undefined && isSame(last.range, range)) return last.inputs;
    const { known, now } = this.#request;
    const inputs = stepInputs(this.#computation, range, known, now).flatMap(
      (input) => this.#version(input, range) ?? [],
    );
    this.#lastInputs = { range, inputs };
    return inputs;
  }

  #version(input: StepInput, range: PartitionRange): VersionInput | undefined {
    if (!isExternal(input.asset) && input.ranges[0] === range) return this.#find(input);
    if (!this.#shared.has(input.asset.key)) this.#shared.set(input.asset.key, this.#find(input));
    return this.#shared.get(input.asset.key);
  }

  #find(input: StepInput): VersionInput | undefined {
    const { view, known, observedOf } = this.#request;
    return versionInput(input, view, knownAsset(known, input.asset), observedOf(input.asset));
  }
}

function isSame(a: PartitionRange, b: PartitionRange): boolean {
  return a.from === b.from && a.to === b.to && a.slice === b.slice;
}
