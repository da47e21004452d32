/** What earlier processes of a run have had of a step that is still to be made (N37). */
export interface StepHistory {
  readonly step: string;
  /** Attempts begun. */
  readonly attempts: number;
  /** How often a process ended, and not because it was asked to, while the step was at work. */
  readonly interruptions: number;
  /** Attempts that failed and count against its retry policy. */
  readonly failures: number;
  /** Milliseconds from taking over until it may be tried again; absent: at once. */
  readonly waitMs?: number;
}
