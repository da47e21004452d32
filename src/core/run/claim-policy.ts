/**
 * What a step does whose place another live run has claimed (N15): wait until it is free, be skipped together with what
 * reads it, or fail.
 */
export const claimPolicies = ["wait", "skip", "fail"] as const;

export type ClaimPolicy = (typeof claimPolicies)[number];
