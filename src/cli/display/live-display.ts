import { createLogUpdate } from "log-update";
import { formatDuration } from "../../core/duration.ts";
import { counted } from "../../core/counted.ts";
import { paint } from "../text/paint.ts";
import { progressLine } from "./progress-line.ts";
import type { RunDisplay } from "./run-display.ts";
import type { RunTally } from "./run-tally.ts";
import { startLines } from "./start-lines.ts";

/** Runs with more steps show only what is out of the ordinary above the bar. */
const mostLines = 60;
const barWidth = 24;
const refreshMs = 100;

/** A bar with what runs now, redrawn in place, below lines that stay. */
export function liveDisplay(stream: NodeJS.WriteStream): RunDisplay {
  // Without showCursor, a process that is killed would leave the terminal without one.
  const log = createLogUpdate(stream, { showCursor: true });
  const started = performance.now();
  let timer: NodeJS.Timeout | undefined;
  let shown: RunTally | undefined;
  const draw = (): void => {
    if (shown !== undefined) log(frame(shown, performance.now() - started).join("\n"));
  };
  return {
    start(start, tally) {
      shown = tally;
      log.persist(startLines(start).join("\n"));
      timer = setInterval(draw, refreshMs);
      timer.unref();
      draw();
    },
    report(progress, tally) {
      const ordinary =
        progress.progress === "step.succeeded" ||
        progress.progress === "step.skipped" ||
        (progress.progress === "published" && progress.step !== undefined);
      const line = ordinary && tally.total > mostLines ? undefined : progressLine(progress, tally);
      if (line !== undefined) log.persist(line);
    },
    say: (line) => log.persist(line),
    end() {
      clearInterval(timer);
      log.clear();
      log.done();
    },
  };
}

function frame(tally: RunTally, elapsed: number): readonly string[] {
  const share = tally.total === 0 ? 1 : tally.done / tally.total;
  const full = Math.round(share * barWidth);
  const bar = paint("green", "━".repeat(full)) + paint("dim", "─".repeat(barWidth - full));
  const rows = tally.rowCount === 0 ? [] : [counted(tally.rowCount, "row")];
  const facts = [`${tally.done}/${tally.total} steps`, ...rows, formatDuration(elapsed)];
  const running = [...tally.running];
  const now = performance.now();
  const lines = running
    .slice(0, 4)
    .map(([step, since]) => `  ${step}  ${paint("dim", formatDuration(now - since))}`);
  const more = running.length > 4 ? [paint("dim", `  and ${running.length - 4} more`)] : [];
  return [`${bar}  ${facts.join("  ")}`, ...lines, ...more];
}
