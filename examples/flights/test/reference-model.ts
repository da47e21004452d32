/** Flights alike in what is known before they leave, counted. Three columns of equal length. */
export interface AlikeFlights {
  readonly departures: readonly Departure[];
  readonly flights: readonly number[];
  readonly late: readonly number[];
}

export interface Departure {
  readonly origin: string;
  readonly destination: string;
  /** 0 to 23, as the file has it. */
  readonly hour: number;
  /** 0 for Sunday to 6. */
  readonly weekday: number;
}

/** What the example's README says the model looks at. */
const namesOf = ({ origin, destination, hour, weekday }: Departure): readonly string[] => [
  `hour ${hour}`,
  `weekday ${weekday}`,
  `from ${origin}`,
  `to ${destination}`,
  `from ${origin} to ${destination}`,
  `from ${origin} at ${hour}`,
  `to ${destination} at ${hour}`,
];

const penalty = 5;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * The model that the example should find, found another way: the same convex objective, which has one lowest point,
 * but by Newton's steps with the true curvature, one weight after the other.
 */
export function fitReferenceModel({
  departures,
  flights,
  late,
}: AlikeFlights): (flight: Departure) => number {
  const groups = new Map<string, number[]>();
  for (const [i, departure] of departures.entries()) {
    for (const name of namesOf(departure)) {
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [i]);
      else group.push(i);
    }
  }
  const everything = departures.map((_, i) => i);
  const scores = new Float64Array(departures.length);
  const weights = new Map<string, number>();
  const move = (name: string, group: readonly number[], held: number): number => {
    const weight = weights.get(name) ?? 0;
    let slope = -held * weight;
    let curvature = held;
    for (const i of group) {
      const [n = 0, successes = 0, p] = [flights[i], late[i], sigmoid(scores[i] ?? 0)];
      slope += successes - n * p;
      curvature += n * p * (1 - p);
    }
    const step = slope / curvature;
    weights.set(name, weight + step);
    for (const i of group) scores[i] = (scores[i] ?? 0) + step;
    return Math.abs(step);
  };
  for (let furthest = Number.POSITIVE_INFINITY; furthest > 0.02;) {
    furthest = move("always", everything, 0);
    for (const [name, group] of groups) furthest = Math.max(furthest, move(name, group, penalty));
  }
  return (flight) =>
    sigmoid(["always", ...namesOf(flight)].reduce((sum, name) => sum + (weights.get(name) ?? 0), 0));
}
