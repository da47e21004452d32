import { isFence, readFences, type Fence } from "./fences.ts";

/** What a reader of a guide does, in order. */
export type GuideStep = { readonly line: number } & (
  | { readonly step: "write"; readonly file: string; readonly text: string }
  | {
      readonly step: "run";
      readonly command: string;
      /** What it prints, where the guide shows that. */
      readonly output?: string;
      readonly exitCode: number;
      /** Folder beside the reader's own; the reader's own when absent. */
      readonly folder?: string;
    }
  /** Goes on until the next server starts, a `<!-- stop -->` or the guide's end. */
  | { readonly step: "serve"; readonly command: string; readonly output?: string }
  | { readonly step: "stop" }
);

const outputs: ReadonlySet<string> = new Set(["text", "http", "json", "csv"]);
const known: ReadonlySet<string> = new Set(["title", "server", "exit", "in"]);

/**
 * A guide as steps. A fence with a title is a file; `sh` is typed, and a fence of text, http, json or csv right after it
 * is what it prints; TypeScript without a title is only shown (and type-checked, see snippet-modules.ts). Anything else is an error, so that
 * nothing on the page is passed over by mistake.
 */
export function guideSteps(markdown: string): readonly GuideStep[] {
  const steps: GuideStep[] = [];
  let command: Fence | undefined;
  let output: string | undefined;
  const flush = (): void => {
    if (command !== undefined) steps.push(commandStep(command, output));
    command = output = undefined;
  };
  for (const found of readFences(markdown)) {
    if (!isFence(found)) {
      flush();
      if (found.directive !== "stop")
        throw new Error(`line ${found.line}: there is no directive ${found.directive}`);
      steps.push({ step: "stop", line: found.line });
      continue;
    }
    const { language, options, text, line } = found;
    for (const option of options.keys())
      if (!known.has(option)) throw new Error(`line ${line}: there is no option ${option}`);
    const file = options.get("title");
    if (file !== undefined) {
      flush();
      steps.push({ step: "write", file, text, line });
    } else if (language === "sh") {
      flush();
      command = found;
    } else if (outputs.has(language)) {
      if (command === undefined || output !== undefined)
        throw new Error(`line ${line}: this is printed by no command right above it`);
      output = text;
    } else if (language === "ts") {
      flush();
    } else {
      throw new Error(
        `line ${line}: a fence of ${language || "no language"} is neither file, command nor output`,
      );
    }
  }
  flush();
  return steps;
}

function commandStep({ options, text, line }: Fence, output: string | undefined): GuideStep {
  const shown = { command: text, line, ...(output === undefined ? {} : { output }) };
  if (options.has("server")) return { step: "serve", ...shown };
  const folder = options.get("in");
  return {
    step: "run",
    ...shown,
    exitCode: Number(options.get("exit") ?? 0),
    ...(folder === undefined ? {} : { folder }),
  };
}
