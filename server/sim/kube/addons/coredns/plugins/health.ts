import type { Duration } from "../../../../kernel/index.ts";
import { once, type Plugin } from "../plugin.ts";
import { readDuration } from "./duration.ts";
import { readHttpAddress, type HttpAddress } from "./http-address.ts";

export interface HealthConfig {
  readonly address: HttpAddress;
  /** How long the process goes on after it was told to end. */
  readonly lameduck: Duration;
  /** As written. */
  readonly lameduckText: string;
}

/** health: /health, and the lame duck at the end (plugin/health). */
export const health: Plugin<HealthConfig> = {
  name: "health",
  setup(c) {
    let config: HealthConfig = { address: { host: "", port: 8080 }, lameduck: 0, lameduckText: "0s" };
    once(c, () => {
      const args = c.remainingArgs();
      if (args.length > 1) throw c.argumentError();
      if (args[0] !== undefined) config = { ...config, address: readHttpAddress(args[0]) };
      while (c.nextBlock()) {
        if (c.value !== "lameduck") throw c.argumentError();
        const [span, more] = c.remainingArgs();
        if (span === undefined || more !== undefined) throw c.argumentError();
        const lameduck = durationOr(
          span,
          (error) => new Error(`unable to parse lameduck duration value: '${span}' : ${error}`),
        );
        config = { ...config, lameduck, lameduckText: span };
      }
    });
    return config;
  },
};

function durationOr(text: string, problem: (error: string) => Error): Duration {
  try {
    return readDuration(text);
  } catch (error) {
    throw problem((error as Error).message);
  }
}
