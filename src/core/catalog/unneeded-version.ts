import type { VersionState } from "./version.ts";

/** A version that is not current anywhere and never was. */
export interface UnpublishedVersion {
  readonly state: Exclude<VersionState, "published">;
  /** When it was staged; when it was begun, as long as it is not. */
  readonly madeAt: number;
  /** Its run, as it is now: absent when there is none any more. */
  readonly run: { readonly token: number; readonly ended: boolean } | undefined;
  /** The run's token when it was begun. */
  readonly token: number;
  /** A rollback holds its place (N17): it may be published when that is released. */
  readonly waits: boolean;
}

/**
 * May the content of a version that was never published go (N2)? Nobody completes what was abandoned, nor what was
 * begun under a token that is dead. What is complete but was rejected, came too late or was left staged is kept as long
 * as its asset, to be looked at, checked again or published after all. Never anything of a run that has not ended.
 */
export function isUnneeded(version: UnpublishedVersion, keepMs: number, now: number): boolean {
  const { state, run, token, waits, madeAt } = version;
  if (state === "abandoned") return true;
  const isLive = run !== undefined && !run.ended;
  if (state === "intended") return !isLive || run.token !== token;
  return !isLive && !waits && madeAt <= now - keepMs;
}
