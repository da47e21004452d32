/**
 * What an unpartitioned asset does about partitions of what it reads that are not there (N24): it cannot be made until
 * they are, or it does without them.
 */
export const missingPolicies = ["block", "skip"] as const;

export type MissingPolicy = (typeof missingPolicies)[number];
