import { stripTypeScriptTypes } from "node:module";

/**
 * A module's text without types, comments and layout, so that changing those makes nothing stale (N8). Text that is no
 * JavaScript or TypeScript, or cannot be read as such, stays as it is.
 */
export function plainCode(path: string, text: string): string {
  if (!/\.[cm]?[jt]s$/.test(path)) return text;
  const emitWarning = Object.getOwnPropertyDescriptor(process, "emitWarning");
  // Node calls this function experimental. Should it write code otherwise one day, all is stale once.
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(text, { mode: "transform" });
  } catch {
    return text;
  } finally {
    if (emitWarning !== undefined) Object.defineProperty(process, "emitWarning", emitWarning);
  }
}
