import { progressLine } from "./progress-line.ts";
import type { RunDisplay } from "./run-display.ts";
import { startLines } from "./start-lines.ts";

/** A line for each thing that ends: for logs, pipes and terminals that cannot redraw. */
export function plainDisplay(print: (line: string) => void): RunDisplay {
  return {
    start: (start) => startLines(start).forEach(print),
    report(progress, tally) {
      const line = progressLine(progress, tally);
      if (line !== undefined) print(line);
    },
    say: print,
    end: () => undefined,
  };
}
