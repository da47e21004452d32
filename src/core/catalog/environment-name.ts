import { MillraceError } from "../errors.ts";

/** The environment that a project begins with. */
export const rootEnvironment = "main";

const environmentName = /^[A-Za-z0-9][\w./-]{0,99}$/;

/** A name that a snapshot token can carry. @throws ENVIRONMENT_NAME_INVALID */
export function checkEnvironmentName(name: string): void {
  if (environmentName.test(name)) return;
  const shown = name.length > 50 ? `${name.slice(0, 50)}…` : name;
  throw new MillraceError("ENVIRONMENT_NAME_INVALID", { name: shown });
}
