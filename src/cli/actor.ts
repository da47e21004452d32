import { userInfo } from "node:os";

export interface ActorFlags {
  readonly by?: string;
  readonly reason?: string;
}

/** Who is at work, and why: what state keeps of a rollback, a release or a pin. */
export function actorOf({ by, reason = "" }: ActorFlags): { readonly by: string; readonly reason: string } {
  return { by: by ?? userName(), reason };
}

/** Not every process has a name: a container may run under a number that nobody has registered. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env["USER"] ?? process.env["USERNAME"] ?? "unknown";
  }
}
