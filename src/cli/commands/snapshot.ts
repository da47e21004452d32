import type { Command } from "commander";
import type { ExitCode } from "../exit-code.ts";
import { addSnapshotLs } from "./snapshot-ls.ts";
import { addSnapshotPin } from "./snapshot-pin.ts";
import { addSnapshotUnpin } from "./snapshot-unpin.ts";

/** `millrace snapshot`: the commands about snapshots. */
export function addSnapshot(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("snapshot")
    .summary("list snapshots, or keep one under a name")
    .description(
      "A snapshot is the catalog after one publish. Wherever one is asked for, it is named by its number (12), a token " +
        "(main@12), a pinned name, or a time with its zone (2026-11-22T10:00:00Z): the newest published until then.",
    );
  addSnapshotLs(command, finish);
  addSnapshotPin(command, finish);
  addSnapshotUnpin(command, finish);
}
