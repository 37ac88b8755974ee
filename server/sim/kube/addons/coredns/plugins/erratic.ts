import { MILLISECOND, type Duration } from "../../../../kernel/index.ts";
import type { DnsRecord } from "../../../../net/index.ts";
import type { Controller, Plugin } from "../plugin.ts";
import { failed, written } from "../reply.ts";
import { readDuration } from "./duration.ts";

/** Of every so many queries one is dropped, delayed or truncated; 0: none. */
interface ErraticConfig {
  readonly drop: number;
  readonly delay: number;
  readonly duration: Duration;
  readonly truncate: number;
  readonly large: boolean;
}

/** erratic: answers some queries late, cut short or not at all, for tests of clients (plugin/erratic). */
export const erratic: Plugin<ErraticConfig> = {
  name: "erratic",
  setup(c) {
    const config = { drop: 2, delay: 0, duration: 0, truncate: 0, large: false };
    let dropped = false;
    while (c.next())
      while (c.nextBlock()) {
        const property = c.value;
        if (property === "large") config.large = true;
        else if (property === "drop" || property === "truncate") {
          const args = c.remainingArgs();
          if (args.length > 1) throw c.argumentError();
          if (args.length === 0) continue;
          config[property] = amount(args[0]!);
          dropped ||= property === "drop";
        } else if (property === "delay") readDelay(c, config);
        else throw c.error(`unknown property '${property}'`);
      }
    if ((config.delay > 0 || config.truncate > 0) && !dropped) config.drop = 0;
    return config;
  },
  serve:
    ({ drop, delay, duration, truncate, large }, { instance, index }) =>
    (query) => {
      const number = instance.counter(`erratic/${index}`);
      const chosen = (every: number): boolean => every > 0 && number % every === 0;
      if (chosen(drop)) return { rcode: "NOERROR" };
      if (chosen(delay)) query.clock.elapsed += duration;
      const { qname: name, type } = query;
      const record: DnsRecord | undefined =
        type === "A"
          ? { name, ttl: 0, type, address: "192.0.2.53" }
          : type === "AAAA"
            ? { name, ttl: 0, type, address: "2001:db8::53" }
            : undefined;
      if (!record) return failed("SERVFAIL");
      const answers = Array.from({ length: large && type === "A" ? 30 : 1 }, () => record);
      return written(query, { authoritative: true, truncated: chosen(truncate), answers });
    },
};

function readDelay(c: Controller, config: { delay: number; duration: Duration }): void {
  const [every, span, more] = c.remainingArgs();
  if (more !== undefined) throw c.argumentError();
  config.delay = every === undefined ? 2 : amount(every);
  config.duration = span === undefined ? 100 * MILLISECOND : readDuration(span);
}

function amount(text: string): number {
  if (!/^[-+]?\d+$/.test(text)) throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  if (Number(text) < 0) throw new Error(`illegal amount value given ${JSON.stringify(text)}`);
  return Number(text);
}
