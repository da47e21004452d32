/** Larger values lie in the store, not in state (N7). In bytes. */
export const inlineLimit = 64 * 1_024;
