import { SECOND, type Duration, type Time } from "../../../../kernel/index.ts";
import { dnsQuery } from "../../../../net/index.ts";
import type { ForwardConfig } from "../plugins/forward.ts";
import type { BlockView } from "../plugin.ts";
import { Query } from "../query.ts";
import { askUpstream, type Upstream } from "./ask.ts";

/** An upstream that has failed, and since when it is checked. Plain data. */
interface Suspect {
  readonly since: Time;
  /** How long one check took to fail. */
  readonly takes: Duration;
}

/** How long a health check waits for its answer. */
const CHECK_TIMEOUT: Duration = SECOND;

/**
 * Which upstreams of a forward are down. A failed query starts health checks, which go on until one is answered
 * (plugin/pkg/proxy health.go); how many have failed by now is computed when somebody asks.
 */
export class UpstreamHealth {
  readonly #config: ForwardConfig;
  readonly #block: BlockView;
  readonly #suspects;
  readonly #prefix: string;

  constructor(config: ForwardConfig, block: BlockView, index: number) {
    this.#config = config;
    this.#block = block;
    this.#prefix = `${block.index}/${index}/`;
    this.#suspects = block.instance.table<string, Suspect>("forward/suspects");
  }

  /** A query to it has failed, perhaps at once: checks begin, unless they are under way. */
  failed(upstream: Upstream, now: Time, atOnce: boolean): void {
    const key = this.#key(upstream);
    if (this.#config.maxFails === 0 || this.#suspects.has(key)) return;
    this.#suspects.set(key, { since: now, takes: atOnce ? 0 : CHECK_TIMEOUT });
  }

  /** How long it is until one of them more counts as down, at most until the deadline. */
  untilDown(upstreams: readonly Upstream[], query: Query, deadline: Time): Duration {
    const { maxFails, healthCheck } = this.#config;
    let next = deadline;
    for (const upstream of upstreams) {
      const suspect = this.#suspects.get(this.#key(upstream));
      if (maxFails === 0 || !suspect) continue;
      const at = suspect.since + suspect.takes + maxFails * (suspect.takes + healthCheck.interval);
      if (at > query.now) next = Math.min(next, at);
    }
    return next - query.now;
  }

  isDown(upstream: Upstream, query: Query): boolean {
    const { maxFails, healthCheck } = this.#config;
    const key = this.#key(upstream);
    const suspect = this.#suspects.get(key);
    if (maxFails === 0 || !suspect || this.#block.instance.goesRound) return false;
    const past = query.now - suspect.since - suspect.takes;
    const failures = past < 0 ? 0 : Math.floor(past / (suspect.takes + healthCheck.interval)) + 1;
    if (failures <= maxFails) return false;
    if (!this.#answers(upstream, query)) return true;
    this.#suspects.delete(key);
    return false;
  }

  #answers(upstream: Upstream, query: Query): boolean {
    const { healthCheck, forceTcp } = this.#config;
    const check = dnsQuery(0, healthCheck.domain, "NS", { recursionDesired: healthCheck.recursionDesired });
    const own = new Query(check, query.context, query.server, { elapsed: 0 });
    const { instance } = this.#block;
    const asked = askUpstream(instance, upstream, own, forceTcp ? "tcp" : "udp", CHECK_TIMEOUT);
    if (!("error" in asked)) return true;
    instance.metrics.add("coredns_proxy_healthcheck_failures_total", {
      proxy_name: "forward",
      to: `${upstream.address}:${upstream.port}`,
    });
    return false;
  }

  #key({ address, port }: Upstream): string {
    return `${this.#prefix}${address}:${port}`;
  }
}
