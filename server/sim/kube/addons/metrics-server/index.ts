import type { Daemon } from "../../../host/index.ts";
import { metricsServer } from "./metrics-server.ts";

/** The daemons of this part, for the registry of programs. */
export const metricsServerDaemons: readonly Daemon[] = [metricsServer];
export { bindMetricsServer } from "./metrics-server.ts";
