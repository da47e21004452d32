/** Loaded first into a measured process: says at its end how much memory it held at most. */
import { writeSync } from "node:fs";
import { resultPipe } from "./give-result.ts";

process.once("exit", () => {
  writeSync(resultPipe, `${JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024 })}\n`);
});
