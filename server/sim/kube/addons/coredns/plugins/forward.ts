import { MILLISECOND, SECOND, type Duration, type Time } from "../../../../kernel/index.ts";
import { parseAddress, parseResolvConf } from "../../../../net/index.ts";
import { fqdn, inZone, isDomainName, normalizeZones, splitTransport } from "../corefile/zone.ts";
import { NotSimulated } from "../corefile/corefile-error.ts";
import { integer, type BlockView, type Controller, type Outcome, type Plugin, type Serve } from "../plugin.ts";
import type { Query } from "../query.ts";
import { failed } from "../reply.ts";
import { askUpstream, type Upstream } from "../upstream/ask.ts";
import { UpstreamHealth } from "../upstream/health.ts";
import { readDuration } from "./duration.ts";

export interface ForwardConfig {
  readonly from: string;
  readonly to: readonly Upstream[];
  readonly except: readonly string[];
  readonly policy: "random" | "round_robin" | "sequential";
  /** How often a health check may fail before the upstream is down; 0: no checks. */
  readonly maxFails: number;
  readonly healthCheck: { readonly interval: Duration; readonly recursionDesired: boolean; readonly domain: string };
  readonly forceTcp: boolean;
  readonly preferUdp: boolean;
  readonly expire: Duration;
  readonly maxConcurrent: number;
  readonly next: readonly string[];
  readonly failfast: boolean;
}

const MOST_UPSTREAMS = 15;
/** A query that has come back to this server so often goes round in circles. */
const ROUNDS = 32;
/** A query is tried for so long in all. */
const PATIENCE: Duration = 5 * SECOND;
/** A round through the upstreams that takes no longer has met nobody who kept it waiting. */
const QUICK: Duration = 50 * MILLISECOND;

/** forward: asks other name servers (plugin/forward). */
export const forward: Plugin<readonly ForwardConfig[]> = {
  name: "forward",
  setup(c) {
    const all: ForwardConfig[] = [];
    while (c.next()) all.push(readForward(c));
    const large = all.find(({ to }) => to.length > MOST_UPSTREAMS);
    if (large) throw new Error(`more than ${MOST_UPSTREAMS} TOs configured: ${large.to.length}`);
    return all;
  },
  serve: (configs, block, next) =>
    configs.reduceRight<Serve>(
      (rest, config, index) => forwarder(config, block, index, rest, index < configs.length - 1),
      next,
    ),
};

function forwarder(config: ForwardConfig, block: BlockView, index: number, next: Serve, another: boolean): Serve {
  const { instance } = block;
  const health = new UpstreamHealth(config, block, index);
  const underWay = instance.table<string, readonly Time[]>("forward/under-way");
  const key = `${block.index}/${index}`;

  return (query) => {
    const { name } = query;
    const mine =
      inZone(name, config.from) && (name === config.from || !config.except.some((zone) => inZone(name, zone)));
    if (!mine) return next(query);
    if (instance.depth > ROUNDS) instance.goesRound = true;
    if (config.maxConcurrent === 0) return ask(query);
    const open = (underWay.get(key) ?? []).filter((until) => until > query.now);
    // A query that comes back to this server again and again does so until the limit is reached.
    if (instance.goesRound || open.length + instance.depth > config.maxConcurrent) {
      instance.metrics.add("coredns_forward_max_concurrent_rejects_total", {});
      return failed("REFUSED", `concurrent queries exceeded maximum ${config.maxConcurrent}`);
    }
    const outcome = ask(query);
    underWay.set(key, [...open, query.now]);
    return outcome;
  };

  function ask(query: Query): Outcome {
    const list = order();
    const deadline = query.now + PATIENCE;
    let fails = 0;
    let error = "no healthy proxies";
    let round = query.now;
    for (let at = 0; query.now < deadline; at++) {
      if (at >= list.length) {
        // Errors that come at once come again and again, until health checks have failed often enough.
        if (query.now < round + QUICK) query.clock.elapsed += health.untilDown(list, query, deadline);
        if (query.now >= deadline) break;
        round = query.now;
        at = fails = 0;
      }
      let upstream = list[at]!;
      if (health.isDown(upstream, query)) {
        fails++;
        if (fails < list.length) continue;
        instance.metrics.add("coredns_forward_healthcheck_broken_total", {});
        if (config.failfast) break;
        upstream = list[instance.random("forward", list.length)]!;
      }
      const answer = exchange(upstream, query);
      if ("error" in answer) {
        error = answer.error;
        health.failed(upstream, query.now, query.now < round + QUICK);
        if (fails < list.length) continue;
        break;
      }
      const { message } = answer;
      if (another && config.next.includes(message.rcode)) return next(query);
      return { message: { ...message, id: query.message.id }, rcode: "NOERROR" };
    }
    return failed("SERVFAIL", error);
  }

  function exchange(upstream: Upstream, query: Query): ReturnType<typeof askUpstream> {
    const protocol = config.forceTcp ? "tcp" : config.preferUdp ? "udp" : query.protocol;
    const first = askUpstream(instance, upstream, query, protocol);
    const short = !("error" in first) && first.message.truncated && config.preferUdp && !config.forceTcp;
    return short ? askUpstream(instance, upstream, query, "tcp") : first;
  }

  function order(): readonly Upstream[] {
    const { to, policy } = config;
    if (policy === "sequential" || to.length === 1) return to;
    const start =
      policy === "round_robin"
        ? instance.counter(`forward/turn/${key}`) % to.length
        : instance.random("forward", to.length);
    if (policy === "round_robin" || to.length === 2) return [...to.slice(start), ...to.slice(0, start)];
    const rest = [...to];
    return to.map(() => rest.splice(instance.random("forward", rest.length), 1)[0]!);
  }
}

function readForward(c: Controller): ForwardConfig {
  if (!c.nextArg()) throw c.argumentError();
  const asked = c.value;
  const zones = normalizeZones(asked);
  if (zones.length === 0) throw new Error(`unable to normalize '${asked}'`);
  if (zones.length > 1)
    c.log(
      "WARNING",
      `plugin/forward: Unsupported CIDR notation: '${asked}' expands to multiple zones. Using only '${zones[0]!}'.`,
    );
  const destinations = c.remainingArgs();
  if (destinations.length === 0) throw c.argumentError();
  const config: { -readonly [K in keyof ForwardConfig]: ForwardConfig[K] } = {
    from: zones[0]!,
    to: destinations.flatMap((destination) => upstreams(c, destination)),
    except: [],
    policy: "random",
    maxFails: 2,
    healthCheck: { interval: SECOND / 2, recursionDesired: true, domain: "." },
    forceTcp: false,
    preferUdp: false,
    expire: 10 * SECOND,
    maxConcurrent: 0,
    next: [],
    failfast: false,
  };
  while (c.nextBlock()) readProperty(c, config);
  return config;
}

function readProperty(c: Controller, config: { -readonly [K in keyof ForwardConfig]: ForwardConfig[K] }): void {
  const property = c.value;
  const value = (): string => {
    if (!c.nextArg()) throw c.argumentError();
    return c.value;
  };
  const alone = (): true => {
    if (c.nextArg()) throw c.argumentError();
    return true;
  };
  switch (property) {
    case "except": {
      const zones = c.remainingArgs();
      if (zones.length === 0) throw c.argumentError();
      config.except = [...config.except, ...zones.flatMap(normalizeZones)];
      return;
    }
    case "max_fails": {
      const text = value();
      if (!/^\d+$/.test(text)) throw new Error(`strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
      config.maxFails = Number(text);
      return;
    }
    case "health_check": {
      const interval = readDuration(value());
      if (interval < 0) throw new Error(`health_check can't be negative: ${interval * 1000}`);
      let [recursionDesired, domain] = [true, "."];
      while (c.nextArg()) {
        if (c.value === "no_rec") recursionDesired = false;
        else if (c.value === "domain") {
          domain = fqdn(value().toLowerCase());
          if (!isDomainName(domain)) throw new Error(`health_check: invalid domain name ${c.value}`);
        } else throw new Error(`health_check: unknown option ${c.value}`);
      }
      config.healthCheck = { interval, recursionDesired, domain };
      return;
    }
    case "force_tcp":
      config.forceTcp = alone();
      return;
    case "prefer_udp":
      config.preferUdp = alone();
      return;
    case "expire": {
      const text = value();
      config.expire = readDuration(text);
      if (config.expire < 0) throw new Error(`expire can't be negative: ${text}`);
      return;
    }
    case "policy": {
      const policy = value();
      if (policy !== "random" && policy !== "round_robin" && policy !== "sequential")
        throw c.error(`unknown policy '${policy}'`);
      config.policy = policy;
      return;
    }
    case "max_concurrent":
      config.maxConcurrent = integer(value());
      if (config.maxConcurrent < 0) throw new Error(`max_concurrent can't be negative: ${config.maxConcurrent}`);
      return;
    case "next":
      config.next = c.remainingArgs();
      if (config.next.length === 0) throw c.argumentError();
      return;
    case "failfast_all_unhealthy_upstreams":
      config.failfast = alone();
      return;
    case "tls":
    case "tls_servername":
      throw new NotSimulated(`'forward ${property}'`);
    default:
      throw c.error(`unknown property '${property}'`);
  }
}

/** An address, an address with a port, or a file like /etc/resolv.conf (plugin/pkg/parse HostPortOrFile). */
function upstreams(c: Controller, text: string): Upstream[] {
  const { transport, rest } = splitTransport(text);
  if (transport === "tls") throw new NotSimulated("forwarding over TLS");
  if (transport !== "dns")
    throw new Error(`'${transport}' is not supported as a destination protocol in forward: ${text}`);
  const plain = /^\[(.*)\]$/.exec(rest)?.[1] ?? rest;
  if (parseAddress(plain) !== undefined) return [{ address: plain, port: 53 }];
  const ends = /^(?:\[([^\]]+)\]|([^:]+)):(\d+)$/.exec(rest);
  const address = ends && (ends[1] ?? ends[2]!);
  if (ends && address && parseAddress(address.split("%")[0]!) !== undefined)
    return [{ address, port: Number(ends[3]) }];
  const file = c.host.readText(rest);
  if (file === undefined) throw new Error(`not an IP address or file: ${JSON.stringify(rest)}`);
  const servers = /^\s*nameserver\s/m.test(file) ? parseResolvConf(file).nameservers : [];
  if (servers.length === 0) throw new Error("no nameservers found");
  return servers.map((server) => ({ address: server, port: 53 }));
}
