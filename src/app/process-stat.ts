import { readdirSync, readFileSync } from "node:fs";

/** What Linux says of a process. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** When it began: the boot it belongs to and clock ticks since, so that no two processes have it and the pid in common. */
  readonly start: string;
  /** It is dead, and only waits for its parent to hear of it. */
  readonly dead: boolean;
}

/** Undefined when there is none, or the system does not tell: no /proc, or one that hides the processes of others. */
export function processStat(pid: number): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces; after it come the state, the parent and, 19 fields later, the start.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const dead = fields[0] === "Z" || fields[0] === "X";
    return { pid, parent: Number(fields[1]), start: `${boot()}:${fields[19] ?? ""}`, dead };
  } catch {
    return undefined;
  }
}

/** A process and whatever descends from it, children after their parents. */
export function processTree(root: ProcessStat): readonly ProcessStat[] {
  const children = Map.groupBy(allProcesses(), ({ parent }) => parent);
  const tree = [root];
  for (const { pid } of tree) tree.push(...(children.get(pid) ?? []));
  return tree;
}

/** This process, its parent, and so on. */
export function ownLineage(): ReadonlySet<number> {
  const lineage = new Set<number>();
  for (let pid = process.pid; pid > 0 && !lineage.has(pid); pid = processStat(pid)?.parent ?? 0)
    lineage.add(pid);
  return lineage;
}

function allProcesses(): readonly ProcessStat[] {
  return readdirSync("/proc").flatMap((name) =>
    /^\d+$/.test(name) ? (processStat(Number(name)) ?? []) : [],
  );
}

let bootId: string | undefined;

function boot(): string {
  return (bootId ??= readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8));
}
