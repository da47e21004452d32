import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import type { RunOwner } from "../core/run/run.ts";
import type { ProcessTable } from "../ports/process-table.ts";

/** Processes of this machine. A pid alone may have been given to another process since: its start tells them apart. */
export function localProcesses(): ProcessTable {
  const self: RunOwner = { host: hostname(), pid: process.pid, processStart: startOf(process.pid) ?? "" };
  return {
    self,
    isAlive(owner) {
      if (owner.host !== self.host) return undefined;
      try {
        process.kill(owner.pid, 0);
      } catch (error) {
        // EPERM: it lives, but belongs to someone else.
        return error instanceof Error && "code" in error && error.code === "EPERM";
      }
      const start = startOf(owner.pid);
      return start === undefined || owner.processStart === "" || start === owner.processStart;
    },
  };
}

/** When a process began, in clock ticks since boot; undefined where the system does not tell (no /proc). */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces; after it the state is field 3, the start time field 22.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? "gone" : fields[19];
  } catch {
    return undefined;
  }
}
