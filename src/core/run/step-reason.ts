/** Why a step failed, beside its name: without saying the name again. */
export function stepReason(step: string, reason: string): string {
  for (const prefix of [`${step}: `, `${step} failed: `]) {
    if (reason.startsWith(prefix)) return reason.slice(prefix.length);
  }
  return reason.startsWith(`${step} `) ? `it ${reason.slice(step.length + 1)}` : reason;
}
