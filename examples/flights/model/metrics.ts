import * as z from "zod";

/** For a group of flights: the predicted probability to be late, how many there were, and how many were late. */
export interface Prediction {
  readonly probability: number;
  readonly flights: number;
  readonly late: number;
}

export const Metrics = z.object({
  flights: z.int(),
  late: z.int(),
  /** How often a late flight is given a higher probability than one on time; 0.5 by chance, 1 at best. */
  auc: z.number(),
  /** Mean of −log(probability given to what happened); lower is better. */
  log_loss: z.number(),
  /** Share of late flights among the evaluated ones. */
  base_rate: z.number(),
  /** Log loss of always predicting the base rate: the best that any constant can do, knowing the outcome. */
  base_rate_log_loss: z.number(),
  /** Mean distance of predicted and observed shares over the bins of `calibration`, weighted by flights. */
  calibration_error: z.number(),
  /** By tenths of predicted probability: what was predicted on average, and what happened. */
  calibration: z.array(
    z.object({
      from: z.number(),
      to: z.number(),
      flights: z.int(),
      predicted: z.number(),
      observed: z.number(),
    }),
  ),
});
export type Metrics = z.output<typeof Metrics>;

/** How good predictions were. */
export function evaluate(predictions: readonly Prediction[]): Metrics {
  const flights = sum(predictions, (p) => p.flights);
  const late = sum(predictions, (p) => p.late);
  const baseRate = late / flights;
  const calibration = calibrationOf(predictions);
  return {
    flights,
    late,
    auc: auc(predictions),
    log_loss: logLoss(predictions),
    base_rate: baseRate,
    base_rate_log_loss: logLoss([{ probability: baseRate, flights, late }]),
    calibration_error:
      sum(calibration, (bin) => bin.flights * Math.abs(bin.predicted - bin.observed)) / flights,
    calibration,
  };
}

export function logLoss(predictions: readonly Prediction[]): number {
  // 0 · log(0) counts as 0; a certain prediction that turns out wrong costs infinitely much, as it should.
  const cost = (count: number, given: number): number => (count === 0 ? 0 : -count * Math.log(given));
  return (
    sum(predictions, (p) => cost(p.late, p.probability) + cost(p.flights - p.late, 1 - p.probability)) /
    sum(predictions, (p) => p.flights)
  );
}

/** Area under the ROC curve; of a late flight and one on time with equal predictions, half a point. */
export function auc(predictions: readonly Prediction[]): number {
  const byProbability = Map.groupBy(predictions, (p) => p.probability);
  let [onTimeBelow, points] = [0, 0];
  for (const probability of [...byProbability.keys()].sort((a, b) => a - b)) {
    const tied = byProbability.get(probability) ?? [];
    const onTime = sum(tied, (p) => p.flights - p.late);
    points += sum(tied, (p) => p.late) * (onTimeBelow + onTime / 2);
    onTimeBelow += onTime;
  }
  return points / (onTimeBelow * sum(predictions, (p) => p.late));
}

function calibrationOf(predictions: readonly Prediction[]): Metrics["calibration"] {
  const bins = Map.groupBy(predictions, (p) => Math.min(Math.floor(p.probability * 10), 9));
  return [...bins]
    .sort(([a], [b]) => a - b)
    .map(([bin, inside]) => {
      const flights = sum(inside, (p) => p.flights);
      const predicted = sum(inside, (p) => p.probability * p.flights) / flights;
      return {
        from: bin / 10,
        to: (bin + 1) / 10,
        flights,
        predicted,
        observed: sum(inside, (p) => p.late) / flights,
      };
    });
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
