import { asset, assetCheck, check, fileType, sql, type RowOf, type Sql, type TableHandle } from "millrace";
import * as z from "zod";
import {
  evaluateDelayModel,
  parseDelayModel,
  serializeDelayModel,
  trainDelayModel,
  type Cell,
} from "../model/delay-model.ts";
import { isLate } from "./delays.ts";
import { flights, Iata, months } from "./flights.ts";

const DelayFeatures = z.object({
  /** First day of the month. */
  month: z.iso.date(),
  origin: Iata,
  destination: Iata,
  /** Of departure, local time. */
  hour: z.int().min(0).max(23),
  /** 1 for Monday to 7. */
  weekday: z.int().min(1).max(7),
  flights: z.int().min(1),
  late: z.int().min(0),
});

// One partition for each month, like the flights: a new month adds its own rows and leaves the others alone. Outcomes
// are counted month by month, so that training can leave the evaluated month out by a filter.
export const delayFeatures = asset("delay_features", {
  description: "Flights and late ones by all that is known before departure",
  group: "prediction",
  partitions: months,
  columns: DelayFeatures,
  sql: sql`
    select
      cast(date_trunc('month', departure) as date) as month,
      origin,
      destination,
      hour(departure) as hour,
      isodow(departure) as weekday,
      count(*) as flights,
      count(*) filter (where ${isLate}) as late
    from ${flights}
    group by all
    order by all`,
  checks: [
    check.unique("month", "origin", "destination", "hour", "weekday"),
    check.sql(
      "no more late flights than flights",
      (table) => sql`select * from ${table} where late > flights`,
    ),
    check.sql(
      "late means late",
      (table) => sql`
        select sum(late) / sum(flights) as share from ${table} having share not between 0.05 and 0.5`,
    ),
  ],
});

const evaluatedMonth = "2001-06-01";
const periods = { trained: "2001-01 to 2001-05", evaluated: "2001-06" };

/** Counts of the months that fit, added up; in a total order, which keeps training deterministic. */
async function cells(features: TableHandle<RowOf<typeof delayFeatures>>, condition: Sql): Promise<Cell[]> {
  return features
    .query(
      sql`
        select
          origin, destination, hour, weekday,
          cast(sum(flights) as bigint) as flights, cast(sum(late) as bigint) as late
        from ${features} where ${condition}
        group by origin, destination, hour, weekday
        order by origin, destination, hour, weekday`,
      DelayFeatures.omit({ month: true }),
    )
    .rows();
}

const june = sql`month = ${evaluatedMonth}`;
const beforeJune = sql`month < ${evaluatedMonth}`;

export const delayModel = asset("delay_model", {
  description:
    "Probability that a flight arrives more than 15 minutes late: trained on January to May, evaluated on June",
  group: "prediction",
  file: fileType({
    extension: "json",
    contentType: "application/json",
    load: async (file) => parseDelayModel(await file.text()),
  }),
  deps: { delayFeatures },
  run: async ({ delayFeatures }, step) => {
    const model = trainDelayModel(await cells(delayFeatures, beforeJune));
    step.log.info("trained", { ...model.trained_on, ...model.training });
    const metrics = evaluateDelayModel(model, await cells(delayFeatures, june));
    step.metadata({ ...metrics, trained_flights: model.trained_on.flights });
    return serializeDelayModel({ ...model, periods, metrics });
  },
});

// Measured anew on the file as readers will load it: what the training step says of itself is not taken for granted.
export const beatsTheBaseRate = assetCheck("predicts June better than its base rate", {
  asset: delayModel,
  deps: { delayFeatures },
  run: async ({ asset, delayFeatures }) => {
    const metrics = evaluateDelayModel(await asset.load(), await cells(delayFeatures, june));
    const { log_loss, base_rate_log_loss } = metrics;
    return {
      passed: log_loss < base_rate_log_loss,
      description: `log loss ${log_loss.toFixed(4)}, of the base rate ${base_rate_log_loss.toFixed(4)}`,
      metadata: { log_loss, base_rate_log_loss },
    };
  },
});
