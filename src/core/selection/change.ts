/**
 * In what an asset is defined otherwise than when what an environment's base has of it was made:
 *
 * - `new`: the base has nothing of it
 * - `code`: what counts for its code version
 * - `inputs`: which assets it reads
 * - `partitions`: how it is partitioned
 */
export const changes = ["new", "code", "inputs", "partitions"] as const;

export type Change = (typeof changes)[number];
