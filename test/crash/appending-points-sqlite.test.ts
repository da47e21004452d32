import { appendingKilledAtEachPoint } from "./appending-points.ts";

appendingKilledAtEachPoint("sqlite");
