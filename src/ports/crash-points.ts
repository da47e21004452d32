/**
 * Named places between the statements that matter, so that a test can stop the world exactly there. In production each
 * is one call of an empty function.
 */
export type CrashPoint =
  | "before-intent"
  | "after-intent"
  | "after-checkpoint"
  | "after-write"
  | "after-stage"
  | "after-checks"
  | "after-step"
  | "before-publish"
  | "after-publish"
  | "after-end"
  | "after-condemn"
  | "after-prune"
  | "before-remove"
  | "after-remove"
  | "after-forget"
  | "after-sweep"
  | "after-pack-intent"
  | "after-pack-write"
  | "before-rewrite"
  | "after-rewrite";

export interface CrashPoints {
  reach(point: CrashPoint): void;
}

export const noCrashPoints: CrashPoints = Object.freeze({ reach: () => undefined });
