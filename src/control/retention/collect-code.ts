import type { ControlContext } from "../control-context.ts";

/** What was removed from the code folder. */
export interface CollectedCode {
  /** Loads whose code nobody can go on with any longer. */
  readonly pins: number;
  /** Texts that neither a kept load nor a kept version names. */
  readonly texts: number;
}

/**
 * Removes code that no run which has not ended was launched with, that no kept version was made of, and that nobody has
 * put to use for the grace: a process that has just loaded it may be about to begin a run (N9).
 */
export async function collectCode(
  { state, scope, code, project }: ControlContext,
  { dryRun }: { readonly dryRun: boolean },
): Promise<CollectedCode> {
  if (!dryRun) await state.code.removeUnused();
  const pins = new Set(await state.code.pinsInUse(scope));
  return code.collect({ pins, texts: await state.code.textsInUse() }, project.graceMs, dryRun);
}
