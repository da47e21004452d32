import type { GivenAsset, GivenContent } from "./given.ts";
import type { TestTime } from "./fake-clock.ts";
import type { InsteadOfOp } from "./given-ops.ts";
import type { TestResource } from "./given-resources.ts";

/** What a test says of the world around what it tries. */
export interface TestOptions {
  /** Contents of assets: nothing upstream of them is needed. What is not given is made from what it depends on. */
  readonly given?: readonly GivenAsset[];
  /**
   * Instances in place of resources, made by `instead`, and what resources are configured with, by their `with`. Without
   * either a resource is opened with the defaults of its config.
   */
  readonly resources?: readonly TestResource[];
  /** Functions in place of those of ops, made by `instead`. */
  readonly ops?: readonly InsteadOfOp[];
  /**
   * What time it is; now when absent. Give a `fakeClock` where time is to pass between one call and another. Waits between
   * tries take no time, whatever is given: the clock is put on instead.
   */
  readonly now?: TestTime;
}

/** What a test says of a run besides. */
export interface RunTestOptions extends TestOptions {
  /**
   * Rows that assets with `write: "append"` have so far, made by `given`; none when absent. The run reads them as
   * `previous` and adds to them.
   */
  readonly previous?: readonly GivenAsset[];
  /** Stops the run when it is aborted, as Ctrl-C does. */
  readonly signal?: AbortSignal;
}

export function contentsOf(given: readonly GivenAsset[] = []): readonly GivenContent[] {
  return given as readonly (GivenAsset & GivenContent)[];
}
