import assert from "node:assert/strict";
import { test } from "node:test";
import * as fc from "fast-check";
import { definedPolicy, stepPolicy, type StepPolicy } from "./step-policy.ts";

const reasonsOf = (options: Parameters<typeof definedPolicy>[0]): readonly string[] => {
  const reasons: string[] = [];
  definedPolicy(options, (reason) => reasons.push(reason));
  return reasons;
};
const retry = (max: number) => definedPolicy({ retry: { max } }, () => undefined).retry;

test("N37: what is said nowhere leaves a step without tries and without a limit", () => {
  assert.deepEqual(stepPolicy(), {});
  assert.deepEqual(stepPolicy({}, undefined, {}), {});
});

test("N37: a layer that wants no tries is one that says so, and the next is not asked", () => {
  const none = definedPolicy({ retry: { max: 0 } }, () => undefined);
  assert.equal(stepPolicy(none, { ...definedPolicy({ retry: { max: 3 } }, () => undefined) }).retry?.max, 0);
});

test("N37: retry and timeout are each said by the first layer that says anything of them", () => {
  const layer = fc.record(
    { retry: fc.nat(9).map((max) => retry(max) ?? assert.fail()), timeoutMs: fc.nat(1_000) },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(fc.option(layer, { nil: undefined }), { maxLength: 5 }), (layers) => {
      const found = stepPolicy(...layers);
      const firsts = (part: keyof StepPolicy) => layers.flatMap((one) => one?.[part] ?? [])[0];
      assert.deepEqual(found.retry, firsts("retry"));
      assert.deepEqual(found.timeoutMs, firsts("timeoutMs"));
    }),
  );
});

test("mistakes are told, each by itself", () => {
  assert.deepEqual(reasonsOf({ retry: { max: -1 }, timeout: "soon" }), [
    'retry needs max (a whole number) and a delay such as "2s"',
    'the timeout "soon" is no duration; write it like "30s" or "10m"',
  ]);
  assert.deepEqual(reasonsOf({ timeout: "25d" }), [
    'the timeout "25d" is longer than 24 days, the longest there is',
  ]);
  assert.deepEqual(reasonsOf({ retry: { max: 2 }, timeout: "24d" }), []);
});
