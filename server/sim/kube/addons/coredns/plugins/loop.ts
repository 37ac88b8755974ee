import { MILLISECOND, SECOND, type Duration, type Time } from "../../../../kernel/index.ts";
import { decodeDns, dnsQuery, encodeDns, exchangeDatagram } from "../../../../net/index.ts";
import { inZone } from "../corefile/zone.ts";
import { once, type BlockView, type Plugin } from "../plugin.ts";
import { HINFO } from "../record-type.ts";
import { ProcessGone } from "../server/process-gone.ts";

/** The random query that a server block asks itself at its start. Plain data. */
interface Probe {
  readonly name: string;
  readonly seen: number;
  readonly since: Time;
  /** From then on nobody looks for it any more. */
  readonly offAt?: Time;
}

export interface LoopEvent {
  readonly key: string;
  readonly started: Time;
  readonly block: number;
}

export const LOOP = "coredns/loop";
const PATIENCE: Duration = 30 * SECOND;
const READ_TIMEOUT: Duration = 2 * SECOND;

/** loop: a query that comes back more than twice means that the server forwards to itself (plugin/loop). Its configuration is its zone. */
export const loop: Plugin<string> = {
  name: "loop",
  setup(c) {
    once(c, () => {
      if (c.nextArg()) throw c.argumentError();
    });
    return c.zones[0] ?? ".";
  },
  started(zone, block) {
    const { instance, index } = block;
    const number = (): string => {
      const high = BigInt(instance.random("loop", 2 ** 31));
      return String((high << 32n) | BigInt(instance.random("loop", 2 ** 32)));
    };
    const name = `${number()}.${number()}.${zone === "." ? "" : zone}`;
    instance.table<string, Probe>("loop").set(String(index), { name, seen: 0, since: instance.self.kernel.now });
    plan(block, MILLISECOND, false);
  },
  serve(zone, block, next) {
    const { instance, index } = block;
    const probes = instance.table<string, Probe>("loop");
    return (query) => {
      const probe = query.type === HINFO ? probes.get(String(index)) : undefined;
      if (!probe || (probe.offAt ?? Infinity) <= query.now || !inZone(query.name, zone)) return next(query);
      const seen = query.name === probe.name ? probe.seen + 1 : probe.seen;
      probes.set(String(index), { ...probe, seen });
      if (seen > 2) {
        const { address, port } = query.context.remote;
        const from = address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
        instance.fatal(
          `plugin/loop: Loop (${from} -> ${listenAddress(block)}) detected for zone ${JSON.stringify(zone)}, see https://coredns.io/plugins/loop#troubleshooting. Query: ${JSON.stringify(`HINFO ${probe.name}`)}`,
        );
      }
      return next(query);
    };
  },
};

function listenAddress({ listen, addresses }: BlockView): string {
  const [host = ""] = listen;
  const port = addresses[0]?.port ?? "53";
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Asks itself; again after a while if no answer came in time, up to half a minute. */
export function probeLoop(block: BlockView): void {
  const { instance, index, listen, addresses } = block;
  const probes = instance.table<string, Probe>("loop");
  const probe = probes.get(String(index));
  if (!probe) return;
  const { now } = instance.self.kernel;
  const off = (offAt: Time): void => {
    const row = instance.self.alive ? probes.get(String(index)) : undefined;
    if (row) probes.set(String(index), { ...row, offAt });
  };
  if (now >= probe.since + PATIENCE) return off(now);
  const asked = ask(block, probe.name, listen[0] || "127.0.0.1", Number(addresses[0]?.port ?? 53));
  if (!instance.self.alive) return;
  if (asked === "answered") return off(now + 2 * SECOND);
  const row = probes.get(String(index));
  if (row) probes.set(String(index), { ...row, seen: 0 });
  plan(block, (asked === "silent" ? READ_TIMEOUT : 0) + SECOND, true);
}

function ask(block: BlockView, name: string, address: string, port: number): "answered" | "refused" | "silent" {
  const { instance } = block;
  const id = instance.random("id", 0x10000);
  const spec = { to: address, port, from: { port: instance.ephemeralPort() }, uid: instance.self.uid, tracing: false };
  try {
    const { answers, errno } = exchangeDatagram(instance.ns, spec, encodeDns(dnsQuery(id, name, HINFO)));
    const answer = answers.some(({ bytes, delay }) => delay <= READ_TIMEOUT && decodeDns(bytes)?.id === id);
    return answer ? "answered" : errno === undefined ? "silent" : "refused";
  } catch (error) {
    if (error instanceof ProcessGone) return "silent";
    throw error;
  }
}

function plan({ instance, index }: BlockView, after: Duration, periodic: boolean): void {
  const event: LoopEvent = { key: instance.key, started: instance.started, block: index };
  instance.self.kernel.after(after, LOOP, event, { periodic });
}
