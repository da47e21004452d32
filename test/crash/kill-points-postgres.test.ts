import { killedAtEachPoint } from "./kill-points.ts";

killedAtEachPoint("postgres");
