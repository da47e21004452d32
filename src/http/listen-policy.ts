import { isIPv4, isIPv6 } from "node:net";
import { MillraceError } from "../core/errors.ts";

/** Is nothing but this machine behind the address? */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  if (name === "localhost" || name === "::1") return true;
  const address = name.replace(/^::ffff:/, "");
  if (isIPv6(name) && address === name) return false;
  return isIPv4(address) && address.startsWith("127.");
}

/**
 * The embedded default binds to loopback; binding wider needs authentication.
 *
 * @throws BIND_REFUSED
 */
export function checkListen(host: string, tokens: readonly unknown[]): void {
  if (tokens.length === 0 && !isLoopback(host)) throw new MillraceError("BIND_REFUSED", { host });
}
