import { InvalidArgumentError, type Command } from "commander";
import { actorOf, type ActorFlags } from "../actor.ts";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

type Metadata = Readonly<Record<string, unknown>>;

interface Options extends Pick<ActorFlags, "by"> {
  readonly dataVersion: string;
  readonly metadata?: Metadata;
  readonly key?: string;
}

/** `millrace report`: tells of a materialization that happened elsewhere. */
export function addReport(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("report")
    .summary("tell that an external asset was made anew")
    .description(
      "Notes that whoever makes an external asset (source.reported()) has made it anew. What was made from other content is " +
        "stale from then on. With --key the same report may be sent again, and counts once.",
    )
    .argument("<asset>", "the key of the asset")
    .requiredOption("--data-version <text>", "names the content: another text is other content")
    .option(
      "--metadata <name=value>",
      "what is worth keeping about it; a value that is JSON is kept as such; may be given several times",
      withPair,
    )
    .option("--key <text>", "names the report, so that it counts once however often it is sent")
    .option("--by <name>", "who; the name of the user when absent")
    .action(async (asset: string, { dataVersion, metadata, key, ...actor }: Options, self: Command) => {
      const invocation = invocationOf(self);
      const { report } = await import("../../control/sources/report.ts");
      const request = {
        key: asset,
        dataVersion,
        by: actorOf(actor).by,
        ...(metadata === undefined ? {} : { metadata }),
        ...(key === undefined ? {} : { idempotencyKey: key }),
      };
      const reported = await usingProject(invocation, ({ context }) => report(request, context));
      await invocation.tell(reported, () => [
        reported.repeated
          ? `${reported.key} had been reported as ${reported.dataVersion} by ${reported.by} before; nothing is noted twice`
          : `${reported.key} is ${reported.dataVersion}, reported by ${reported.by}`,
      ]);
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace report warehouse/orders --data-version 2026-11-22", does: "it was made anew" },
    {
      line: "millrace report prices --data-version v7 --metadata rows=120 --key load-4711",
      does: "once, however often it is sent",
    },
  ]);
}

function withPair(text: string, before: Metadata = {}): Metadata {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) throw new InvalidArgumentError("Write it as name=value.");
  return Object.fromEntries([...Object.entries(before), [name, jsonOrText(value)]]);
}

function jsonOrText(value: string): unknown {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
}
