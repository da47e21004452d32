/** What the command line answers to whoever called it. */
export const exitCode = {
  ok: 0,
  /** The work failed: a run, or loading the project. */
  failed: 1,
  /** What was typed cannot be meant. */
  usage: 2,
  /** Ended by Ctrl-C (128 + the number of SIGINT). */
  interrupted: 130,
  /**
   * Ended by its own watch (128 + the number of SIGALRM): a step's time was over, and the main thread did not answer.
   * Never answered by a command: the process is no longer able to.
   */
  stuck: 142,
  /** Ended by SIGTERM. */
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
