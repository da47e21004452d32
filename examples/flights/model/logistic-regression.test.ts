import assert from "node:assert/strict";
import { suite, test } from "node:test";
import {
  gradient,
  logOdds,
  objective,
  probability,
  train,
  type Observations,
} from "./logistic-regression.ts";

/** Two features with three and two categories; every pair of categories once. */
const observations: Observations = {
  categories: [Int32Array.of(0, 0, 1, 1, 2, 2), Int32Array.of(0, 1, 0, 1, 0, 1)],
  sizes: [3, 2],
  trials: Float64Array.of(40, 30, 50, 20, 60, 10),
  successes: Float64Array.of(4, 9, 15, 11, 30, 8),
};
const exactly = { penalty: 0.5, maxRounds: 10_000, tolerance: 1e-12 };

suite("logistic regression", () => {
  test("the gradient agrees with differences of the objective", () => {
    const parameters = {
      intercept: -0.7,
      weights: [Float64Array.of(0.3, -0.2, 0.9), Float64Array.of(-0.4, 0.1)],
    };
    const scores = logOdds(observations, parameters);
    const step = 1e-5;
    parameters.weights.forEach((weights, feature) => {
      const slopes = gradient(observations, scores, feature, weights, 2);
      weights.forEach((weight, category) => {
        const objectiveAt = (moved: number): number => {
          const changed = parameters.weights.map((values) => values.slice());
          changed[feature]?.set([moved], category);
          return objective(observations, { ...parameters, weights: changed }, 2);
        };
        const measured = (objectiveAt(weight + step) - objectiveAt(weight - step)) / (2 * step);
        assert.ok(Math.abs(measured - (slopes[category] ?? Number.NaN)) < 1e-5);
      });
    });
  });

  test("training ends where the objective is flat", () => {
    const trained = train(observations, exactly);
    const scores = logOdds(observations, trained);
    trained.weights.forEach((weights, feature) => {
      for (const slope of gradient(observations, scores, feature, weights, exactly.penalty)) {
        assert.ok(Math.abs(slope) < 1e-6, `slope ${slope}`);
      }
    });
  });

  test("the objective falls in every round", () => {
    const after = (maxRounds: number): number =>
      objective(observations, train(observations, { ...exactly, maxRounds }), exactly.penalty);
    const objectives = Array.from({ length: 12 }, (_, rounds) => after(rounds));
    objectives.slice(1).forEach((value, i) => assert.ok(value < (objectives[i] ?? Number.NaN)));
  });

  test("without a penalty a single feature gets the log-odds of its categories", () => {
    const trained = train(
      {
        categories: [Int32Array.of(0, 1)],
        sizes: [2],
        trials: Float64Array.of(100, 100),
        successes: Float64Array.of(10, 40),
      },
      { ...exactly, penalty: 1e-9 },
    );
    const [low = 0, high = 0] = trained.weights[0] ?? [];
    assert.ok(Math.abs(probability(trained.intercept + low) - 0.1) < 1e-6);
    assert.ok(Math.abs(probability(trained.intercept + high) - 0.4) < 1e-6);
  });

  test("categories that tell everything are told apart, with finite weights", () => {
    const trained = train(
      {
        categories: [Int32Array.of(0, 1)],
        sizes: [2],
        trials: Float64Array.of(500, 500),
        successes: Float64Array.of(0, 500),
      },
      exactly,
    );
    const [never = 0, always = 0] = trained.weights[0] ?? [];
    assert.ok(probability(trained.intercept + never) < 0.01);
    assert.ok(probability(trained.intercept + always) > 0.99);
    assert.ok(Number.isFinite(never) && Number.isFinite(always));
  });

  test("a category with little evidence stays close to the average", () => {
    const trained = train(
      {
        categories: [Int32Array.of(0, 1, 2)],
        sizes: [3],
        trials: Float64Array.of(3, 1_000, 1_000),
        successes: Float64Array.of(3, 100, 500),
      },
      { ...exactly, penalty: 5 },
    );
    const [rare = 0] = trained.weights[0] ?? [];
    assert.ok(probability(trained.intercept + rare) < 0.6, "three late flights of three are no certainty");
  });

  test("equal observations give equal parameters, to the last bit", () => {
    assert.deepEqual(train(observations, exactly), train(structuredClone(observations), exactly));
  });

  test("training refuses flights that all had the same outcome", () => {
    assert.throws(() => train({ ...observations, successes: observations.trials }, exactly), RangeError);
    assert.throws(() => train({ ...observations, successes: new Float64Array(6) }, exactly), RangeError);
  });
});
