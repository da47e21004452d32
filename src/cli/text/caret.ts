import type { ErrorPlace } from "../../core/errors.ts";
import { excerpt } from "../../core/selection/selection-error.ts";

/** The text, and below it a mark under the character that is meant. */
export function caretLines({ text, position }: NonNullable<ErrorPlace["selection"]>): readonly string[] {
  const shown = excerpt(text, position - 1);
  return [shown.text, `${" ".repeat(shown.at)}^`];
}
