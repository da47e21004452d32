/**
 * When what a run makes becomes current (N16): all that passed at its end, in one snapshot; or what a step has made as
 * soon as it has passed, each step in a snapshot of its own.
 */
export const publishPolicies = ["run", "step"] as const;

export type PublishPolicy = (typeof publishPolicies)[number];
