import type { Command } from "commander";
import { paint } from "./text/paint.ts";

export interface Example {
  /** What to type, beginning with `millrace`. */
  readonly line: string;
  /** What it does. */
  readonly does: string;
}

const examplesByCommand = new WeakMap<Command, readonly Example[]>();

/** Adds examples to a command's help; tests run them through the parser, and the reference page shows them. */
export function withExamples(command: Command, examples: readonly Example[]): Command {
  examplesByCommand.set(command, examples);
  const longest = Math.max(...examples.map(({ line }) => line.length));
  const lines = examples.map(({ line, does }) => `  ${line.padEnd(longest)}  ${paint("dim", does)}`);
  return command.addHelpText("after", `\n${paint("bold", "Examples:")}\n${lines.join("\n")}`);
}

export function examplesOf(command: Command): readonly Example[] {
  return examplesByCommand.get(command) ?? [];
}
