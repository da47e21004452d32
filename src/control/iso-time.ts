/** Milliseconds since the epoch as ISO 8601, as every answer of a use case shows times. */
export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
