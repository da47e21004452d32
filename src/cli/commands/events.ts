import { once } from "node:events";
import { InvalidArgumentError, type Command } from "commander";
import type { FollowRequest } from "../../control/follow-events.ts";
import { eventTypes, type EventType } from "../../core/run/event.ts";
import { suggest } from "../../core/suggest.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { catchInterruption } from "../interruption.ts";
import { invocationOf, usingProject, type Invocation } from "../invocation.ts";

interface Options {
  readonly follow?: boolean;
  readonly run?: string;
  readonly asset?: string;
  readonly type?: readonly EventType[];
  readonly since?: number;
}

/** `millrace events`: the log of what happened and why. */
export function addEvents(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("events")
    .summary("print what happened and why, or follow it")
    .description(
      "Prints the event log in order. With --json each event is a line of JSON with its position; --since takes up again " +
        "after the last position that was read, and misses nothing.",
    )
    .option("-f, --follow", "go on with what happens next, until Ctrl-C")
    .option("--run <id>", "of one run: its id, or the beginning of it")
    .option("--asset <key>", "about one asset")
    .option(
      "--type <type>",
      "of one type, step.failed, or of a group, step; may be given several times",
      someTypes,
    )
    .option(
      "--since <position>",
      "only after this position (default: from the beginning; with --follow: from now on)",
      position,
    )
    .action(async (options: Options, self: Command) => {
      await events(options, invocationOf(self));
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace events -f", does: "what happens from now on" },
    { line: "millrace events --run 3f2a91c4", does: "what one run did" },
    {
      line: "millrace events --asset daily_delays --type version",
      does: "what became of an asset's versions",
    },
    { line: "millrace events --json", does: "all of it, a line of JSON for each" },
    { line: "millrace events --json --since 4711", does: "what came after that" },
  ]);
}

async function events({ type: types, ...options }: Options, invocation: Invocation): Promise<void> {
  const { followEvents } = await import("../../control/follow-events.ts");
  const { eventLine } = await import("../display/event-line.ts");
  using interruption = catchInterruption(() => undefined);
  const request: FollowRequest = {
    ...options,
    ...(types === undefined ? {} : { types }),
    signal: interruption.signal,
  };
  await usingProject(invocation, async ({ context }) => {
    for await (const page of followEvents(request, context)) {
      invocation.print(...page.map((event) => (invocation.json ? JSON.stringify(event) : eventLine(event))));
      if (!(await isRead(process.stdout))) break;
    }
  });
}

/** Waits until what was printed has been taken; false once nobody reads it any more, as after `| head`. */
async function isRead(output: NodeJS.WriteStream): Promise<boolean> {
  if (output.writableNeedDrain) await once(output, "drain").catch(() => undefined);
  return output.writable;
}

function someTypes(wanted: string, before: readonly EventType[] = []): readonly EventType[] {
  const found = eventTypes.filter((type) => type === wanted || type.startsWith(`${wanted}.`));
  if (found.length > 0) return [...before, ...found];
  const near = suggest(wanted, eventTypes);
  throw new InvalidArgumentError(
    near.length === 0 ? `The types are ${eventTypes.join(", ")}.` : `Did you mean ${near.join(" or ")}?`,
  );
}

function position(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError("A position is a whole number from 0 on.");
  return Number(text);
}
