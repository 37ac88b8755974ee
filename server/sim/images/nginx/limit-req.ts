import { MILLISECOND, SECOND, type Duration, type Time } from "../../kernel/index.ts";
import { count, countersOf } from "./counters.ts";
import type { Exchange } from "./exchange.ts";
import { evaluate } from "./variables.ts";

/** What a zone knows of one key: requests above its rate, in thousandths, and when it was seen last. */
export interface Bucket {
  readonly excess: number;
  readonly at: Time;
}

interface Zone {
  readonly key: string;
  /** Thousandths of a request in a second. */
  readonly rate: number;
}

/** ngx_http_limit_req_module.c: the status for a request that comes too early; otherwise it may have to wait a while. */
export function limitRequests(exchange: Exchange): { status: number } | undefined {
  const { scope, connection } = exchange;
  const { self } = connection;
  const passed: { name: string; zone: Zone; key: string; excess: number; wait: Duration }[] = [];
  for (const { args } of scope.find("limit_req")) {
    const option = (name: string): string | undefined =>
      args.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
    const name = option("zone") ?? "";
    const zone = zoneOf(exchange, name);
    const key = zone ? evaluate(exchange, scope.template(zone.key)) : "";
    if (!zone || key === "") continue;
    const known = countersOf(self).limits?.[name]?.[key];
    const milliseconds = known ? Math.trunc((connection.context.now - known.at) / MILLISECOND) : 0;
    const excess = known ? Math.max(0, known.excess - Math.trunc((zone.rate * milliseconds) / 1000) + 1000) : 0;
    const burst = Number(option("burst") ?? 0) * 1000;
    const shown = `excess: ${Math.trunc(excess / 1000)}.${String(excess % 1000).padStart(3, "0")} by zone "${name}"`;
    if (excess > burst) {
      exchange.error(`limiting requests, ${shown}`, scope.word("limit_req_log_level") ?? "error");
      return { status: Number(scope.word("limit_req_status") ?? 503) };
    }
    const delayed = args.includes("nodelay") ? 0 : Math.max(0, excess - Number(option("delay") ?? 0) * 1000);
    if (delayed > 0) exchange.error(`delaying request, ${shown}`, "warn");
    passed.push({ name, zone, key, excess, wait: (delayed * SECOND) / zone.rate });
  }
  for (const { name, key, excess } of passed) {
    const limits = countersOf(self).limits ?? {};
    const bucket: Bucket = { excess, at: connection.context.now };
    count(self, { limits: { ...limits, [name]: { ...limits[name], [key]: bucket } } });
  }
  exchange.delay += Math.max(0, ...passed.map(({ wait }) => wait));
  return undefined;
}

function zoneOf({ config }: Exchange, name: string): Zone | undefined {
  for (const { args } of config.http?.own("limit_req_zone") ?? []) {
    const [key, zone, rate] = args as [string, string, string?];
    if (zone.split(/[=:]/)[1] !== name) continue;
    const [, number, unit] = /^rate=(\d+)r\/([sm])$/.exec(rate ?? "rate=1r/s")!;
    return { key, rate: Math.trunc((Number(number) * 1000) / (unit === "m" ? 60 : 1)) };
  }
  return undefined;
}
