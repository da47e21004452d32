import { killedWhileCompacting } from "./compact-points.ts";

killedWhileCompacting("postgres");
