/** What the command line answers to whoever called it. */
export const exitCode = {
  ok: 0,
  /** The work failed: a run, or loading the project. */
  failed: 1,
  /** What was typed cannot be meant. */
  usage: 2,
  /** Ended by Ctrl-C (128 + the number of SIGINT). */
  interrupted: 130,
  /** Ended by SIGTERM. */
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];
