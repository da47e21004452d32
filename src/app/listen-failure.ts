import { MillraceError, reasonOf } from "../core/errors.ts";

/** Why a server cannot listen, in words of ours where it is the port or the address. */
export function listenFailure<E>(error: E, host: string, port: number): E | MillraceError {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return new MillraceError("PORT_IN_USE", { host, port }, { cause: error });
  if (code === "EACCES" || code === "EADDRNOTAVAIL") {
    return new MillraceError("INTERNAL", { reason: `cannot listen on ${host}:${port}: ${reasonOf(error)}` });
  }
  return error;
}
