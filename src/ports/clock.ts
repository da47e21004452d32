/** Time, as something that can be given. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after that many milliseconds, or rejects when aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
