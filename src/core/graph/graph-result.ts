import type { DefinitionSite } from "../definition-site.ts";
import type { Template } from "./graph-data.ts";
import { recordedRef } from "./recorded-ref.ts";
import type { Frame, Recording } from "./recording.ts";
import { takeTemplate } from "./take-template.ts";

/** Calls a function of the author in a frame, and takes what it gives back. */
export function resultWithin(
  recording: Recording,
  frame: Frame,
  work: () => unknown,
  site: DefinitionSite,
): Template {
  return recording.within(frame, () => {
    let given = work();
    if (isPromise(given)) {
      recording.report("GRAPH_FUNCTION_ASYNC", { what: frame.what }, site);
      // What it still does after its first await fails, for no graph is at work then; that was told just now.
      void Promise.resolve(given).catch(() => undefined);
      given = undefined;
    }
    return takeTemplate(recording, given, { what: frame.what, name: "result", site });
  });
}

function isPromise(given: unknown): given is PromiseLike<unknown> {
  return (
    typeof given === "object" &&
    given !== null &&
    recordedRef(given) === undefined &&
    "then" in given &&
    typeof given.then === "function"
  );
}
