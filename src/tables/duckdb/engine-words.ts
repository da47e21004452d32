/**
 * What the engine said, without what its message shows of the text that ran: that was rendered by Millrace around the
 * user's own, so its lines, views and paths say nothing to anybody.
 */
export function engineWords(message: string): string {
  return message
    .replace(/^Failed to extract statements: /, "")
    .replace(/\n+LINE \d+:[\s\S]*$/, "")
    .replaceAll(/"?\bv_[0-9a-f]{24}"?\./g, "")
    .trimEnd();
}
