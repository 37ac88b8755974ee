import { SECOND, type Duration, type Time } from "../../../../kernel/index.ts";
import { dnsReply, type DnsMessage } from "../../../../net/index.ts";
import { matchingZone } from "../corefile/zone.ts";
import { integer, once, type BlockView, type Controller, type Outcome, type Plugin, type Serve } from "../plugin.ts";
import { Query } from "../query.ts";
import { typify, withTtl, type ResponseType } from "../reply.ts";
import { SeriesKeys, seriesKey } from "../server/metrics.ts";
import { readDuration } from "./duration.ts";
import { viewName } from "./view.ts";

interface Side {
  readonly capacity: number;
  /** In seconds. */
  readonly most: number;
  readonly least: number;
  /** Zones that are not cached. */
  readonly disabled: readonly string[];
}

interface CacheConfig {
  readonly zones: readonly string[];
  readonly success: Side;
  readonly denial: Side;
  /** For how long server failures are remembered, in seconds. */
  readonly servfail: number;
  readonly prefetch: { readonly amount: number; readonly within: Duration; readonly percentage: number };
  readonly stale: Duration;
  readonly verify: boolean;
  readonly keepTtl: boolean;
}

/** An answer that is kept. Plain data. */
interface Item {
  readonly message: Pick<
    DnsMessage,
    "rcode" | "authenticData" | "recursionAvailable" | "answers" | "authorities" | "additionals"
  >;
  readonly ttl: number;
  readonly stored: Time;
  readonly last: Time;
  readonly hits: number;
}

/** Seconds: dnsutil's MinimalDefaultTTL and MaximumDefaulTTL. */
const LEAST = 5;
const MOST = 3600;

/** cache: keeps answers and the absence of answers (plugin/cache). */
export const cache: Plugin<CacheConfig> = {
  name: "cache",
  setup,
  serve: (config, block, next) => {
    const store = new Store(config, block);
    return (query) => {
      if (matchingZone(config.zones, query.name) === undefined) return next(query);
      store.count("requests_total", query);
      const found = store.find(query);
      if (!found) {
        store.count("misses_total", query);
        return store.ask(query, next);
      }
      return store.answer(query, found, next);
    };
  },
};

class Store {
  readonly #config: CacheConfig;
  readonly #block: BlockView;
  readonly #table;
  readonly #label: string;
  readonly #view: string;
  readonly #keys = new SeriesKeys();

  constructor(config: CacheConfig, block: BlockView) {
    this.#config = config;
    this.#block = block;
    this.#table = {
      success: block.instance.table<string, Item>(`cache/${block.index}/success`),
      denial: block.instance.table<string, Item>(`cache/${block.index}/denial`),
    };
    this.#label = config.zones.join(",");
    this.#view = viewName(block);
  }

  count(name: string, { server }: Query, type = ""): void {
    const key = this.#keys.get(`${name} ${server} ${type}`, () => this.#series(name, server, type));
    this.#block.instance.metrics.count(key);
  }

  #series(name: string, server: string, type: string): string {
    const labels = { server, ...(type === "" ? {} : { type }), view: this.#view, zones: this.#label };
    return seriesKey(`coredns_cache_${name}`, labels);
  }

  find(query: Query): { side: "success" | "denial"; key: string; item: Item; ttl: number } | undefined {
    const key = keyOf(query);
    for (const side of ["denial", "success"] as const) {
      const item = this.#table[side].get(key);
      if (!item) continue;
      const ttl = remaining(item, query.now);
      if (ttl <= 0 && !(this.#config.stale > 0 && -ttl < this.#config.stale / SECOND)) continue;
      this.count("hits_total", query, side);
      return { side, key, item, ttl };
    }
    return undefined;
  }

  /** Answers with what is kept; asks again for what is stale or soon will be. */
  answer(query: Query, found: NonNullable<ReturnType<Store["find"]>>, next: Serve): Outcome {
    const { item, side, key } = found;
    let { ttl } = found;
    if (ttl <= 0) {
      if (this.#config.verify) {
        const fresh = this.ask(query, next, (message) => message.rcode === "NOERROR" || message.rcode === "NXDOMAIN");
        if (fresh.message && (fresh.message.rcode === "NOERROR" || fresh.message.rcode === "NXDOMAIN")) return fresh;
      } else this.#prefetch(query, next);
      this.count("served_stale_total", query);
      ttl = 0;
    } else if (this.#shouldPrefetch(side, key, item, query.now, ttl)) this.#prefetch(query, next);
    return { message: this.#reply(query, item, this.#config.keepTtl ? item.ttl : ttl), rcode: "NOERROR" };
  }

  /** Asks the next plugins, and keeps what they write if it may be kept. The answer's TTLs are capped. */
  ask(query: Query, next: Serve, wanted: (message: DnsMessage) => boolean = () => true): Outcome {
    const outcome = next(query);
    const { message } = outcome;
    if (!message || !wanted(message)) return outcome;
    const type = typify(message);
    const ttl = this.#ttl(message, type);
    if (!message.truncated && type !== "OTHERERROR" && ttl > 0) {
      const [question] = message.questions;
      if (question?.name.toLowerCase() === query.name && question.type === query.type)
        this.#keep(query, message, type, ttl);
      else this.count("drops_total", query);
    }
    const { answers, authorities, additionals } = message;
    return {
      ...outcome,
      message: {
        ...message,
        answers: withTtl(answers, ttl),
        authorities: withTtl(authorities, ttl),
        additionals: withTtl(additionals, ttl),
        authenticData: message.authenticData && (query.dnssecOk || query.message.authenticData),
      },
    };
  }

  #keep(query: Query, message: DnsMessage, type: ResponseType, ttl: number): void {
    const side = type === "NOERROR" || type === "DELEGATION" ? "success" : "denial";
    const { capacity, disabled } = this.#config[side];
    if (matchingZone(disabled, query.name) !== undefined) return;
    const table = this.#table[side];
    if (table.size >= capacity) {
      const [oldest] = table.keys();
      if (oldest !== undefined) table.delete(oldest);
      this.count("evictions_total", query, side);
    }
    const { rcode, authenticData, recursionAvailable, answers, authorities, additionals } = message;
    const kept = { rcode, authenticData, recursionAvailable, answers, authorities, additionals };
    const key = keyOf(query);
    const before = table.get(key);
    table.set(key, {
      message: kept,
      ttl,
      stored: query.now,
      last: before?.last ?? query.now,
      hits: before?.hits ?? 0,
    });
    for (const kind of ["success", "denial"] as const)
      this.#block.instance.metrics.set(
        "coredns_cache_entries",
        { server: query.server, type: kind, view: this.#view, zones: this.#label },
        this.#table[kind].size,
      );
  }

  #ttl(message: DnsMessage, type: ResponseType): number {
    if (type === "SERVERERROR") return this.#config.servfail;
    const side = type === "NXDOMAIN" || type === "NODATA" ? this.#config.denial : this.#config.success;
    return Math.min(Math.max(minimalTtl(message, type), side.least), side.most);
  }

  #shouldPrefetch(side: "success" | "denial", key: string, item: Item, now: Time, ttl: number): boolean {
    const { amount, within, percentage } = this.#config.prefetch;
    if (amount <= 0) return false;
    const hits = item.last < now - within ? 1 : item.hits + 1;
    this.#table[side].set(key, { ...item, last: now, hits });
    return hits >= amount && ttl <= Math.ceil((percentage / 100) * item.ttl);
  }

  /** Asks in the background: the client does not wait. */
  #prefetch(query: Query, next: Serve): void {
    this.count("prefetch_total", query);
    const own = new Query(query.message, query.context, query.server, { elapsed: query.clock.elapsed }, "tcp");
    this.ask(own, next);
  }

  #reply(query: Query, { message }: Item, ttl: number): DnsMessage {
    const { answers, authorities, additionals } = message;
    const wantsAd = query.dnssecOk || query.message.authenticData;
    return dnsReply(query.message, {
      ...message,
      authoritative: true,
      authenticData: message.authenticData && wantsAd,
      answers: withTtl(answers, ttl),
      authorities: withTtl(authorities, ttl),
      additionals: withTtl(additionals, ttl),
    });
  }
}

function keyOf(query: Query): string {
  return `${query.dnssecOk ? 1 : 0}${query.message.checkingDisabled ? 1 : 0} ${query.type} ${query.name}`;
}

function remaining({ ttl, stored }: Item, now: Time): number {
  return ttl - Math.trunc((now - stored) / SECOND);
}

/** dnsutil.MinimalTTL: the smallest TTL of a message; for negative ones what the SOA says. Seconds. */
function minimalTtl({ answers, authorities, additionals }: DnsMessage, type: ResponseType): number {
  if (type !== "NOERROR" && type !== "NXDOMAIN" && type !== "NODATA") return LEAST;
  if (answers.length + authorities.length + additionals.length === 0) return LEAST;
  let least = MOST;
  const take = (ttl: number): number => (least = Math.min(least, ttl));
  for (const { ttl } of answers) take(ttl);
  for (const record of authorities) {
    if (type === "NOERROR") take(record.ttl);
    else if (record.type === "SOA") take(Math.min(record.minimum, record.ttl));
  }
  for (const { ttl } of additionals) take(ttl);
  return least;
}

function setup(c: Controller): CacheConfig {
  let config: CacheConfig | undefined;
  once(c, () => {
    const args = c.remainingArgs();
    const success = { capacity: 10_000, most: MOST, least: LEAST, disabled: [] as readonly string[] };
    const denial = { ...success, most: MOST / 2 };
    if (args.length > 0 && /^[-+]?\d+$/.test(args[0]!)) {
      const ttl = positive(args.shift()!);
      success.most = denial.most = ttl;
    }
    let [servfail, stale, verify, keepTtl] = [LEAST, 0, false, false];
    let prefetch: CacheConfig["prefetch"] = { amount: 0, within: 60 * SECOND, percentage: 10 };
    while (c.nextBlock()) {
      const property = c.value;
      if (property === "success" || property === "denial") {
        const [capacity, most, least] = c.remainingArgs();
        if (capacity === undefined) throw c.argumentError();
        const side = property === "success" ? success : denial;
        side.capacity = integer(capacity);
        if (most !== undefined) side.most = positive(most);
        if (least !== undefined) {
          side.least = integer(least);
          if (side.least < 0) throw new Error(`cache min TTL can not be negative: ${side.least}`);
        }
      } else if (property === "prefetch") prefetch = readPrefetch(c);
      else if (property === "serve_stale") {
        const [span, mode, more] = c.remainingArgs();
        if (more !== undefined) throw c.argumentError();
        stale = span === undefined ? 3600 * SECOND : readDuration(span);
        if (stale < 0) throw new Error("invalid negative duration for serve_stale");
        if (mode !== undefined && mode !== "verify" && mode !== "immediate")
          throw new Error(`invalid value for serve_stale refresh mode: ${mode}`);
        verify = mode === "verify";
      } else if (property === "servfail") {
        const [span, more] = c.remainingArgs();
        if (span === undefined || more !== undefined) throw c.argumentError();
        servfail = readDuration(span) / SECOND;
        if (servfail < 0) throw new Error("invalid negative ttl for servfail");
        if (servfail > 300) throw new Error("caching SERVFAIL responses over 5 minutes is not permitted");
      } else if (property === "disable") {
        const [which, ...zones] = c.remainingArgs();
        if (which === undefined) throw c.argumentError();
        if (which !== "success" && which !== "denial")
          throw new Error('cache type for disable must be "success" or "denial"');
        (which === "success" ? success : denial).disabled = c.zonesOr(zones);
      } else if (property === "keepttl") {
        if (c.remainingArgs().length > 0) throw c.argumentError();
        keepTtl = true;
      } else throw c.argumentError();
    }
    config = { zones: c.zonesOr(args), success, denial, servfail, prefetch, stale, verify, keepTtl };
  });
  return config!;
}

function positive(text: string): number {
  const ttl = integer(text);
  if (ttl <= 0) throw new Error(`cache TTL can not be zero or negative: ${ttl}`);
  return ttl;
}

function readPrefetch(c: Controller): CacheConfig["prefetch"] {
  const [count, within, percentage, more] = c.remainingArgs();
  if (count === undefined || more !== undefined) throw c.argumentError();
  const amount = integer(count);
  if (amount < 0) throw new Error(`prefetch amount should be positive: ${amount}`);
  const span = within === undefined ? 60 * SECOND : readDuration(within);
  if (percentage === undefined) return { amount, within: span, percentage: 10 };
  if (!percentage.endsWith("%"))
    throw new Error(`last character of percentage should be \`%\`, but is: '${percentage.slice(-1)}'`);
  const share = integer(percentage.slice(0, -1));
  if (share < 10 || share > 90) throw new Error(`percentage should fall in range [10, 90]: ${share}`);
  return { amount, within: span, percentage: share };
}
