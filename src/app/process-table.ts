import { hostname } from "node:os";
import type { RunOwner } from "../core/run/run.ts";
import type { ProcessTable } from "../ports/process-table.ts";
import { killTree } from "./kill-tree.ts";
import { ownLineage, processStat } from "./process-stat.ts";

/** Processes of this machine. A pid alone may have been given to another process since: its start tells them apart. */
export function localProcesses(): ProcessTable {
  const processStart = processStat(process.pid)?.start ?? "";
  const self: RunOwner = { host: hostname(), pid: process.pid, processStart };
  return {
    self,
    isAlive(owner) {
      if (owner.host !== self.host) return undefined;
      try {
        process.kill(owner.pid, 0);
      } catch (error) {
        // EPERM: it lives, but belongs to someone else.
        if (!(error instanceof Error && "code" in error && error.code === "EPERM")) return false;
      }
      const found = processStat(owner.pid);
      if (found === undefined) return true;
      return !found.dead && (owner.processStart === "" || found.start === owner.processStart);
    },
    async kill(owner) {
      if (owner.host !== self.host || owner.processStart === "") return false;
      const found = processStat(owner.pid);
      if (found?.start !== owner.processStart || ownLineage().has(owner.pid)) return false;
      return killTree(found);
    },
  };
}
