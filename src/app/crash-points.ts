import { noCrashPoints, type CrashPoints } from "../ports/crash-points.ts";

/**
 * For tests of recovery: `MILLRACE_CRASH_AT=after-write` kills the process with SIGKILL where that point is first
 * reached; `after-write:3` the third time.
 */
export function crashPointsFrom(environment: NodeJS.ProcessEnv): CrashPoints {
  const [point, count] = environment["MILLRACE_CRASH_AT"]?.split(":") ?? [];
  if (point === undefined) return noCrashPoints;
  let left = Number(count ?? 1);
  return {
    reach(reached) {
      if (reached !== point) return;
      left -= 1;
      if (left === 0) process.kill(process.pid, "SIGKILL");
    },
  };
}
