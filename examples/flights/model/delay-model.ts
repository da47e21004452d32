import * as z from "zod";
import { category, features, FeatureSpec, type Departure } from "./features.ts";
import { probability, train, type Observations } from "./logistic-regression.ts";
import { evaluate, Metrics } from "./metrics.ts";

/** Flights that are equal in what is known before they leave. */
export interface Cell extends Departure {
  readonly flights: number;
  readonly late: number;
}

/**
 * The penalty: with each of January to May left out in turn and predicted from the other four, 5 does better than 10, 20
 * and 100; 2 gains another 0.001 of log loss (on May nothing), with weights that a handful of flights decide.
 */
const training = { penalty: 5, maxRounds: 100, tolerance: 0.02 };

const Weights = z.record(z.string(), z.record(z.string(), z.number()));

const Fitted = z.object({
  features: FeatureSpec,
  intercept: z.number(),
  /** By feature and category, in log-odds. A category that is not here weighs 0: an average one. */
  weights: Weights,
  trained_on: z.object({ flights: z.int(), late: z.int(), cells: z.int() }),
  training: z.object({ penalty: z.number(), rounds: z.int() }),
});
export type Fitted = z.output<typeof Fitted>;

/** The whole file: all that serving needs, and what a person wants to know of it. */
const DelayModel = Fitted.extend({
  periods: z.object({ trained: z.string(), evaluated: z.string() }),
  metrics: Metrics,
});
type DelayModel = z.output<typeof DelayModel>;

export function parseDelayModel(text: string): DelayModel {
  return DelayModel.parse(JSON.parse(text));
}

export function serializeDelayModel(model: DelayModel): string {
  return JSON.stringify(DelayModel.parse(model));
}

export function probabilityLate({ features, intercept, weights }: Fitted, departure: Departure): number {
  const logOdds = Object.entries(features).reduce(
    (sum, [name, facts]) => sum + (weights[name]?.[category(departure, facts)] ?? 0),
    intercept,
  );
  return probability(logOdds);
}

export function evaluateDelayModel(model: Fitted, cells: readonly Cell[]): Metrics {
  return evaluate(
    cells.map((cell) => ({
      probability: probabilityLate(model, cell),
      flights: cell.flights,
      late: cell.late,
    })),
  );
}

/** @param cells In an order that equal data always has: sums of doubles depend on it */
export function trainDelayModel(cells: readonly Cell[]): Fitted {
  const { observations, categories } = encode(cells);
  const { intercept, weights, rounds } = train(observations, training);
  const weightsOf = (names: ReadonlyMap<string, number>, values: Float64Array | undefined) =>
    Object.fromEntries([...names].map(([name, index]) => [name, rounded(values?.[index] ?? 0)]));
  return {
    features,
    intercept: rounded(intercept),
    weights: Object.fromEntries(
      Object.keys(features).map((name, i) => [name, weightsOf(categories[i] ?? new Map(), weights[i])]),
    ),
    trained_on: {
      flights: cells.reduce((sum, { flights }) => sum + flights, 0),
      late: cells.reduce((sum, { late }) => sum + late, 0),
      cells: cells.length,
    },
    training: { penalty: training.penalty, rounds },
  };
}

/** Categories as numbers, in the order in which they are met. */
function encode(cells: readonly Cell[]): {
  observations: Observations;
  categories: readonly ReadonlyMap<string, number>[];
} {
  const encoded = Object.values(features).map((facts) => {
    const names = new Map<string, number>();
    const indices = Int32Array.from(cells, (cell) => {
      const name = category(cell, facts);
      const index = names.get(name) ?? names.size;
      names.set(name, index);
      return index;
    });
    return { names, indices };
  });
  return {
    observations: {
      categories: encoded.map(({ indices }) => indices),
      sizes: encoded.map(({ names }) => names.size),
      trials: Float64Array.from(cells, ({ flights }) => flights),
      successes: Float64Array.from(cells, ({ late }) => late),
    },
    categories: encoded.map(({ names }) => names),
  };
}

/** Four decimals of log-odds move no probability by more than 0.0002, and halve the file. */
const rounded = (weight: number): number => Number(weight.toFixed(4));
