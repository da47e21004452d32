import type { MetadataValue, StoredMetadata } from "../metadata/metadata-value.ts";
import { storeMetadata } from "../metadata/store-metadata.ts";
import { isRecord } from "../option-rules.ts";
import { noAnswer, type CheckAnswer } from "./check-answer.ts";

/** What a check in TypeScript found. */
export interface CheckResult {
  readonly passed: boolean;
  /** For people: what was found. */
  readonly description?: string;
  /** Numbers are shown over time. */
  readonly metadata?: Readonly<Record<string, MetadataValue>>;
  /** Instead of the check's own: a failure that is only a warning blocks nothing. */
  readonly severity?: "warn" | "error";
}

/**
 * The answers to the checks of these names. What is no result is told in words, and has failed.
 *
 * @param kept metadata that the function gave for all of them
 */
export function answersOf(
  result: unknown,
  names: readonly string[],
  kept: StoredMetadata = {},
): ReadonlyMap<string, CheckAnswer> {
  if (!isRecord(result)) {
    const wanted = `run must give a result for each of ${names.join(", ")}, but gave ${kindOf(result)}`;
    return new Map(names.map((name) => [name, noAnswer(wanted)]));
  }
  const undeclared = Object.keys(result).filter((name) => !names.includes(name));
  if (undeclared.length > 0) {
    const reason = `run gave a result for ${undeclared.join(", ")}, which is not among the checks ${names.join(", ")}`;
    return new Map(names.map((name) => [name, noAnswer(reason)]));
  }
  return new Map(
    names.map((name) => [
      name,
      Object.hasOwn(result, name) && result[name] !== undefined
        ? answerOf(result[name], kept)
        : noAnswer("run gave no result for it"),
    ]),
  );
}

/** The answer behind what one check's function gave. */
export function answerOf(found: unknown, kept: StoredMetadata = {}): CheckAnswer {
  const result = typeof found === "boolean" ? { passed: found } : found;
  if (!isRecord(result) || typeof result["passed"] !== "boolean")
    return noAnswer(`run must give true, false or { passed }, but gave ${kindOf(result)}`);
  const { passed, description, metadata: own = {}, severity }: Readonly<Record<string, unknown>> = result;
  if (description !== undefined && typeof description !== "string")
    return noAnswer(`the description it gave is ${kindOf(description)}, not a text`);
  if (severity !== undefined && severity !== "warn" && severity !== "error")
    return noAnswer('the severity it gave is neither "warn" nor "error"');
  if (!isRecord(own)) return noAnswer(`the metadata it gave is ${kindOf(own)}, not an object`);
  const { stored: metadata, flaw } = storeMetadata(own, kept);
  if (flaw !== undefined)
    return noAnswer(`the metadata it gave cannot be kept: ${flaw.name}: ${flaw.reason}`);
  return {
    passed,
    description: description ?? (passed ? "passed" : "failed"),
    metadata,
    ...(severity === undefined ? {} : { severity }),
  };
}

function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (value === undefined) return "nothing";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object without passed";
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  return typeof value === "number" ? `the number ${value}` : `a ${typeof value}`;
}
