import { killedWhileCollecting } from "./collect-points.ts";

killedWhileCollecting("postgres");
