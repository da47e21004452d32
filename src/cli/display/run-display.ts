import type { RunStart } from "../../control/runs/materialize.ts";
import type { RunProgress } from "../../core/run/run-progress.ts";
import type { RunTally } from "./run-tally.ts";

/** Shows a run while it works. The tally has noted what is reported before it is shown. */
export interface RunDisplay {
  start(start: RunStart, tally: RunTally): void;
  report(progress: RunProgress, tally: RunTally): void;
  /** A line of the command's own, in between. */
  say(line: string): void;
  end(): void;
}

/** For `--json`, which tells everything at the end. */
export const silentDisplay: RunDisplay = {
  start: () => undefined,
  report: () => undefined,
  say: () => undefined,
  end: () => undefined,
};
