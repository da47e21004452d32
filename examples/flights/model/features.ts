import * as z from "zod";

/** What is known of a flight before it leaves. */
export interface Departure {
  readonly origin: string;
  readonly destination: string;
  /** 0 to 23, local time. */
  readonly hour: number;
  /** 1 for Monday to 7. */
  readonly weekday: number;
}

/** Features by name, each as the facts that make up its category. Data, so that a model's file says what it was trained on. */
export const FeatureSpec = z.record(
  z.string(),
  z.array(z.enum(["origin", "destination", "hour", "weekday"])).readonly(),
);
export type FeatureSpec = Readonly<z.output<typeof FeatureSpec>>;

/**
 * The pairs with the hour carry most: a hub is on time at 7 and late at 19, a small airport hardly changes. No feature
 * holds the month, for the model is meant for months to come.
 */
export const features: FeatureSpec = {
  hour: ["hour"],
  weekday: ["weekday"],
  origin: ["origin"],
  destination: ["destination"],
  route: ["origin", "destination"],
  origin_hour: ["origin", "hour"],
  destination_hour: ["destination", "hour"],
};

/** `ORD 17` for the feature origin_hour. */
export function category(departure: Departure, facts: FeatureSpec[string]): string {
  return facts.map((fact) => departure[fact]).join(" ");
}

/** From a local time such as `2001-06-15T17:30`. The text is taken apart, so that no time zone can move it. */
export function departureOf(origin: string, destination: string, localTime: string): Departure {
  const weekday = new Date(`${localTime.slice(0, 10)}T00:00:00Z`).getUTCDay();
  return { origin, destination, hour: Number(localTime.slice(11, 13)), weekday: weekday === 0 ? 7 : weekday };
}
