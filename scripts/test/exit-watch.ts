import { AsyncResource } from "node:async_hooks";
import { after } from "node:test";

/**
 * Loaded into each test process. Node waits for a file's process for as long as anything in it is alive, so a leaked
 * server or pool would hang the run: here it fails the file, and says what was left open.
 */
const graceMs = 5_000;

/** The file's own hooks may take longer: on a busy disk a database is not dropped in no time. */
const hooksMs = 30_000;

let timer: NodeJS.Timeout | undefined;

function endAfter(ms: number, what: string): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const open = process.getActiveResourcesInfo().join(", ");
    process.stderr.write(`Still alive ${ms / 1000} s after its last ${what}; left open: ${open}\n`);
    process.exit(1);
  }, ms).unref();
}

// The runner itself loads this too; only its children are test files.
if (process.env["NODE_TEST_CONTEXT"] === "child-v8") {
  const watch = (): void => {
    endAfter(hooksMs, "test");
    // Hooks run in the order in which they were added: this one comes behind the file's own, unless one of them fails.
    after(() => endAfter(graceMs, "hook"));
  };
  // Bound to where it is now, or what it adds would be a hook of the hook itself.
  after(AsyncResource.bind(watch));
}
