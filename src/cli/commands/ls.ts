import type { Command } from "commander";
import { withExamples } from "../examples.ts";
import { exitCode, type ExitCode } from "../exit-code.ts";
import { invocationOf, usingProject } from "../invocation.ts";

/** `millrace ls`: what there is, and how it stands. */
export function addLs(program: Command, finish: (code: ExitCode) => void): void {
  const command = program
    .command("ls")
    .summary("list assets and endpoints, and what is stale")
    .description("Lists assets with what is current and stale of them, and the endpoints that read them.")
    .argument(
      "[selection...]",
      "which assets and endpoints; all when absent (see millrace materialize --help)",
    )
    .option(
      "--as-of <snapshot>",
      "what was current then: a number, a pinned name or a time; see millrace snapshot",
    )
    .action(async (selection: string[], { asOf }: { asOf?: string }, self: Command) => {
      const invocation = invocationOf(self);
      const chosen = selection.length === 0 ? undefined : selection.join(" ");
      const { listAssets } = await import("../../control/assets/list-assets.ts");
      const listing = await usingProject(invocation, ({ context }) => listAssets(chosen, context, asOf));
      await invocation.tell(listing, async () => {
        const { assetListing } = await import("../display/asset-listing.ts");
        return assetListing(listing, Date.now());
      });
      finish(exitCode.ok);
    });
  withExamples(command, [
    { line: "millrace ls", does: "everything" },
    { line: "millrace ls 'sales/*'", does: "assets whose key begins so" },
    { line: "millrace ls +daily_delays", does: "an asset and all that it reads" },
    { line: "millrace ls status:stale", does: "what is stale" },
    { line: `millrace ls '+endpoint:"GET /delays"'`, does: "an endpoint and all that it stands on" },
    { line: "millrace ls --as-of 2026-11-22T10:00:00Z", does: "what was current then" },
    { line: "millrace ls --json", does: "the same as data" },
  ]);
}
