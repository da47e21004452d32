/**
 * Loaded into each test process. Node waits for a file's process for as long as anything in it is alive, so a leaked
 * server or pool would hang the run: here it fails the file, and says what was left open.
 */
import { after } from "node:test";

const graceMs = 5_000;

// The runner itself loads this too; only its children are test files.
if (process.env["NODE_TEST_CONTEXT"] === "child-v8") {
  after(() => {
    setTimeout(() => {
      const open = process.getActiveResourcesInfo().join(", ");
      process.stderr.write(`Still alive ${graceMs / 1000} s after its last test; left open: ${open}\n`);
      process.exit(1);
    }, graceMs).unref();
  });
}
