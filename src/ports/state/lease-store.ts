import type { RunStore } from "./run-store.ts";

/** As much of a state as a lease needs: opened beside the state, by a thread that must not wait for the others. */
export interface LeaseStore extends Pick<RunStore, "renew" | "apply"> {
  close(): Promise<void>;
}
