import * as z from "zod";
import { MillraceError } from "../errors.ts";
import type { AnySchema } from "../schema.ts";

/** Name of the string format that marks a decimal. */
export const engineDecimal = "decimal";

interface DecimalFormat {
  readonly format: typeof engineDecimal;
  readonly precision: number;
  readonly scale: number;
}

/**
 * An exact decimal number, met as a string: `decimal(10, 2)` holds "-12345678.90". In the engine it is DECIMAL, in
 * JSON a string, so no digit is lost on the way.
 *
 * @param precision digits in all, 1 to 38
 * @param scale digits after the point, 0 to `precision`
 * @throws INVALID_OPTION when the two do not fit
 * @example
 * z.object({ order: z.int(), amount: decimal(12, 2) })
 */
export function decimal(precision: number, scale: number): z.ZodCustomStringFormat<"decimal"> {
  const whole = precision - scale;
  if (
    !(
      Number.isInteger(precision) &&
      Number.isInteger(scale) &&
      precision >= 1 &&
      precision <= 38 &&
      scale >= 0 &&
      whole >= 0
    )
  ) {
    throw new MillraceError("INVALID_OPTION", {
      what: "decimal",
      key: `(${precision}, ${scale})`,
      reason: "it needs a precision of 1 to 38 and a scale of 0 to the precision",
    });
  }
  const integer = whole === 0 ? "0" : whole === 1 ? "[0-9]" : `(?:0|[1-9][0-9]{0,${whole - 1}})`;
  const fraction = scale === 0 ? "" : `(?:\\.[0-9]{1,${scale}})?`;
  // The two numbers ride on the format's definition, which survives .nullable(), .meta() and further checks.
  const marks = { precision, scale } as unknown as z.core.$ZodStringFormatParams;
  return z.stringFormat(engineDecimal, new RegExp(`^-?${integer}${fraction}$`), marks);
}

/** Precision and scale of a schema that {@link decimal} made. */
export function decimalOf(schema: AnySchema): { precision: number; scale: number } | undefined {
  const def = schema._zod.def as unknown as Partial<DecimalFormat>;
  if (def.format !== engineDecimal || def.precision === undefined || def.scale === undefined)
    return undefined;
  return { precision: def.precision, scale: def.scale };
}
