/**
 * How often a step may be interrupted: its process ended, and not because it was asked to, while the step was at work.
 * Then the step fails, so that one which ends its process itself is not begun again for ever (N37).
 */
export const interruptionLimit = 3;
