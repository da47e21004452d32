/** Groups of equal observations: of `trials` flights with the same categories, `successes` were late. */
export interface Observations {
  /** For each feature, the category of each group, as an index below `sizes`. */
  readonly categories: readonly Int32Array[];
  /** For each feature, how many categories it has. */
  readonly sizes: readonly number[];
  readonly trials: Float64Array;
  readonly successes: Float64Array;
}

/** The log-odds of a group are the intercept plus one weight for each feature: that of its category. */
export interface Parameters {
  intercept: number;
  readonly weights: readonly Float64Array[];
}

export interface TrainingOptions {
  /**
   * How strongly weights are held near 0 (L2). A category needs about that many flights' worth of evidence to move,
   * so that a route with three flights says little and one with three thousand speaks for itself.
   */
  readonly penalty: number;
  readonly maxRounds: number;
  /** Training ends when no weight moved further than this in a round. */
  readonly tolerance: number;
}

export const probability = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/** log(1 + eˣ), which overflows for no x. */
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

export function logOdds(
  { categories, trials }: Observations,
  { intercept, weights }: Parameters,
): Float64Array {
  const scores = new Float64Array(trials.length).fill(intercept);
  categories.forEach((category, feature) => add(scores, category, weights[feature] ?? new Float64Array()));
  return scores;
}

/** What training makes small: the negative log-likelihood plus the penalty. */
export function objective(observations: Observations, parameters: Parameters, penalty: number): number {
  const { trials, successes } = observations;
  const likelihood = logOdds(observations, parameters).reduce(
    (sum, score, i) => sum + at(trials, i) * softplus(score) - at(successes, i) * score,
    0,
  );
  const squares = parameters.weights.flatMap((weights) => [...weights]).reduce((sum, w) => sum + w * w, 0);
  return likelihood + (penalty / 2) * squares;
}

/** Derivatives of the objective by the weights of one feature, at these log-odds. */
export function gradient(
  { categories, trials, successes }: Observations,
  scores: Float64Array,
  feature: number,
  weights: Float64Array,
  penalty: number,
): Float64Array {
  const category = categories[feature] ?? new Int32Array();
  const slopes = weights.map((weight) => penalty * weight);
  for (let i = 0; i < scores.length; i++) {
    const c = at(category, i);
    slopes[c] = at(slopes, c) + at(trials, i) * probability(at(scores, i)) - at(successes, i);
  }
  return slopes;
}

/**
 * Logistic regression on categories, feature by feature. The weights of one feature do not influence each other, so a
 * step for all of them at once is as good as one for each. The curvature of a flight is at most 1/4; by taking that
 * instead of the true one, no step can overshoot, the objective falls in every round, and there is no step size to tune.
 * Everything runs in a fixed order: equal observations give equal parameters, to the last bit.
 */
export function train(
  observations: Observations,
  { penalty, maxRounds, tolerance }: TrainingOptions,
): Parameters & { readonly rounds: number } {
  const { categories, sizes, trials, successes } = observations;
  const total = sum(trials);
  if (!(sum(successes) > 0 && sum(successes) < total)) {
    throw new RangeError("training needs flights that were late and flights that were not");
  }
  const curvatures = categories.map((category, feature) => {
    const counts = new Float64Array(sizes[feature] ?? 0);
    trials.forEach((n, i) => (counts[at(category, i)] = at(counts, at(category, i)) + n));
    return counts.map((n) => n / 4 + penalty);
  });
  const weights = sizes.map((size) => new Float64Array(size));
  let intercept = Math.log(sum(successes) / (total - sum(successes)));
  const scores = logOdds(observations, { intercept, weights });

  let rounds = 0;
  for (let furthest = Infinity; furthest > tolerance && rounds < maxRounds; rounds++) {
    const misfit = scores.reduce(
      (sum, score, i) => sum + at(successes, i) - at(trials, i) * probability(score),
      0,
    );
    const shift = (4 * misfit) / total;
    intercept += shift;
    scores.forEach((score, i) => (scores[i] = score + shift));
    furthest = Math.abs(shift);

    weights.forEach((weight, feature) => {
      const curvature = curvatures[feature] ?? new Float64Array();
      const steps = gradient(observations, scores, feature, weight, penalty).map(
        (slope, c) => -slope / at(curvature, c),
      );
      steps.forEach((step, c) => {
        weight[c] = at(weight, c) + step;
        furthest = Math.max(furthest, Math.abs(step));
      });
      add(scores, categories[feature] ?? new Int32Array(), steps);
    });
  }
  return { intercept, weights, rounds };
}

function add(scores: Float64Array, category: Int32Array, steps: Float64Array): void {
  for (let i = 0; i < scores.length; i++) scores[i] = at(scores, i) + at(steps, at(category, i));
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

/** An element of an array whose indices are known to lie within. */
const at = (values: Float64Array | Int32Array, index: number): number => values[index] ?? Number.NaN;
