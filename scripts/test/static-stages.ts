import { runCommand, type Stage } from "./stage.ts";

const command = (name: string, binary: string, ...args: string[]): Stage => ({
  name,
  run: async () => runCommand(binary, args),
});

const tool = (name: string) => `node_modules/.bin/${name}`;

/** What is checked without running the code; the slowest first, since two run at a time. */
export const staticStages: readonly Stage[] = [
  command("types", tool("tsc"), "-p", "tsconfig.json"),
  command("lint", tool("oxlint")),
  command("unused", tool("knip"), "--no-progress"),
  command("layers", process.execPath, "scripts/layers.ts"),
  command("format", tool("oxfmt"), "--check"),
];
