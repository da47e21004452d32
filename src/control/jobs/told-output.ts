import { Redactor } from "../../core/config/redactor.ts";
import type { ParsedRunConfig } from "../../core/config/run-config.ts";
import { NotSerializable, serialize } from "../../core/serial/serialize.ts";

/**
 * What a job gave as it may be told: in the notation in which values are kept, so that it can be read back, and without
 * the secrets that its config may have brought into it. Undefined for what cannot be written down.
 */
export function toldOutput(output: unknown, { secrets }: Pick<ParsedRunConfig, "secrets">): unknown {
  if (output === undefined) return undefined;
  try {
    return new Redactor(secrets).data(JSON.parse(serialize(output, "output")) as unknown);
  } catch (error) {
    if (error instanceof NotSerializable) return undefined;
    throw error;
  }
}
