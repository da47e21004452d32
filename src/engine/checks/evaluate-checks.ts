import type { VersionInput } from "../../core/catalog/version.ts";
import { noAnswer, type CheckAnswer } from "../../core/check/check-answer.ts";
import type { CheckDefinition, RunRule } from "../../core/check/check-definition.ts";
import { checkReads } from "../../core/check/check-reads.ts";
import { answerOf, answersOf } from "../../core/check/check-result.ts";
import { isRecordedRule, recordedAnswer } from "../../core/check/recorded-answer.ts";
import { formatDuration } from "../../core/duration.ts";
import { MillraceError, reasonOf } from "../../core/errors.ts";
import { retryRequest } from "../../core/run/retry-request.ts";
import { auditRule, engineChecks } from "./audit-rules.ts";
import { checkContext, type KeptByCheck } from "./check-context.ts";
import type { CheckSubject } from "./check-subject.ts";
import { observeExternal, readableDependencies, recordedReads } from "../steps/dependencies.ts";
import type { EngineOptions } from "../engine-options.ts";
import { OutOfTime, withinTime } from "../within-time.ts";

/** A check, what it found, and what it read besides the versions under test. */
export interface Evaluated {
  readonly check: CheckDefinition;
  readonly answer: CheckAnswer;
  readonly reads: readonly VersionInput[];
}

type World = Pick<EngineOptions, "tables" | "reader" | "known" | "clock" | "sources">;

/** Asks all checks, whatever fails. @param answered what the engine has said already, by name */
export async function evaluateChecks(
  subject: CheckSubject,
  checks: readonly CheckDefinition[],
  answered: ReadonlyMap<string, CheckAnswer>,
  options: World,
): Promise<readonly Evaluated[]> {
  const answers = new Map(answered);
  const open = checks.filter(({ name }) => !answers.has(name));
  for (const [name, answer] of await engineAnswers(subject, engineChecks(open), options)) {
    answers.set(name, answer);
  }
  const byFunction = new Map<RunRule, CheckDefinition[]>();
  for (const check of open) {
    const { name, rule } = check;
    if (rule.rule === "run") byFunction.set(rule, [...(byFunction.get(rule) ?? []), check]);
    else if (isRecordedRule(rule))
      answers.set(name, recordedAnswer(rule, subject.facts, subject.before, options.clock.now()));
  }
  for (const [rule, asked] of byFunction) {
    for (const [name, answer] of await functionAnswers(subject, rule, asked, options))
      answers.set(name, answer);
  }
  const observed = await observeExternal(
    checks.flatMap(({ rule }) => [...checkReads(rule).values()]),
    options,
  );
  return checks.map((check) => {
    const answer = answers.get(check.name);
    if (answer === undefined)
      throw new MillraceError("INTERNAL", { reason: `the check ${check.name} was not answered` });
    const others = recordedReads(subject, checkReads(check.rule), observed, options);
    const { rule } = check.rule;
    const compares = rule === "row_count_change" || rule === "schema_unchanged";
    const before = compares ? subject.beforeReads : [];
    return { check, answer, reads: [...subject.ownReads, ...before, ...others] };
  });
}

const self = "asset";

async function engineAnswers(
  subject: CheckSubject,
  checks: readonly CheckDefinition[],
  options: World,
): Promise<ReadonlyMap<string, CheckAnswer>> {
  if (checks.length === 0) return new Map();
  const { asset, parts, many, signal } = subject;
  const { partition } = subject.circumstances;
  const dependencies = new Map(checks.flatMap(({ rule }) => [...checkReads(rule)]));
  const observed = await observeExternal(dependencies.values(), options);
  const others = readableDependencies(subject, dependencies, observed, options);
  // The one under test first: it is found by its name, whatever the others are called.
  const reading = options.reader.read([{ name: self, asset, parts, many }, ...others], { signal });
  const source = reading.source({ asset: asset.key, dependency: self });
  const about = {
    self: source,
    partition,
    now: options.clock.now(),
    source: (table: Parameters<typeof reading.source>[0]) => reading.source(table),
  };
  const rules = checks.map((check) => auditRule(check, about));
  const { answers } = await options.tables.check({ source, rules, signal });
  return new Map(
    checks.map(({ name }, index) => [name, answers[index] ?? noAnswer("the engine gave no answer")]),
  );
}

/** Asks a check in TypeScript. One that throws, takes too long or gives no result has failed, and says so. */
async function functionAnswers(
  subject: CheckSubject,
  rule: RunRule,
  checks: readonly CheckDefinition[],
  options: World,
): Promise<ReadonlyMap<string, CheckAnswer>> {
  const limitMs = Math.min(...checks.map(({ timeoutMs }) => timeoutMs));
  const all = (description: string): ReadonlyMap<string, CheckAnswer> =>
    new Map(checks.map(({ name }) => [name, noAnswer(description)]));
  const kept: KeptByCheck = { metadata: {} };
  const noticed = subject.limit?.(limitMs) ?? (() => undefined);
  let result: unknown;
  try {
    result = await withinTime(limitMs, subject.signal, async (signal) => {
      signal.addEventListener("abort", noticed, { once: true });
      const { asset, parts, many } = subject;
      const names = checks.map(({ name }) => name).join(", ");
      const observed = await observeExternal(rule.dependencies.values(), options);
      const others = readableDependencies(subject, rule.dependencies, observed, options);
      const { handles } = options.reader.read([...others, { name: self, asset, parts, many }], { signal });
      const { log, resources } = subject.circumstances;
      const given =
        rule.resources.size === 0
          ? handles
          : { ...handles, ...(await resources.instancesFor(rule.resources, { log, signal })) };
      return rule.run(given, checkContext(subject.circumstances, signal, kept, names));
    });
  } catch (error) {
    if (error instanceof OutOfTime) return all(`it took longer than its limit of ${formatDuration(limitMs)}`);
    if (subject.signal.aborted) throw error;
    if (subject.canBeMadeAgain === true && retryRequest(error)?.again === "after") throw error;
    return all(`the check threw: ${reasonOf(error)}`);
  } finally {
    noticed();
  }
  if (rule.names !== undefined) return answersOf(result, rule.names, kept.metadata);
  return new Map(checks.map(({ name }) => [name, answerOf(result, kept.metadata)]));
}
