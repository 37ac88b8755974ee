import type { LinkCounters, LinkRow } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";

const NONE: LinkCounters = { rxPackets: 0, rxBytes: 0, rxDropped: 0, txPackets: 0, txBytes: 0, txDropped: 0 };

/** Counters as `-s` shows them, errors by kind as `-s -s` (ip/ipaddress.c: __print_link_stats). */
export function printStatistics(call: IpCall, link: LinkRow): void {
  const { printer, options } = call;
  const counters = call.ns.linkCounters.get(link.index) ?? NONE;
  if (printer.isJson) return printFields(call, counters);
  const received = [counters.rxBytes, counters.rxPackets, 0, counters.rxDropped, 0, 0];
  const sent = [counters.txBytes, counters.txPackets, 0, counters.txDropped, 0, 0];
  const shown = (value: number): string => (options.human ? human(value, options.binary) : String(value));
  const widths = [10, 7, 6, 7, 7, 7].map((least, at) =>
    Math.max(least, shown(received[at]!).length, shown(sent[at]!).length),
  );
  const detailed = options.stats > 1;
  table(call, widths, "RX", ["bytes", "packets", "errors", "dropped", "missed", "mcast"], received.map(shown));
  if (detailed) {
    printer.newLine();
    errors(call, widths, "RX", ["length", "crc", "frame", "fifo", "overrun"]);
  }
  printer.newLine();
  table(call, widths, "TX", ["bytes", "packets", "errors", "dropped", "carrier", "collsns"], sent.map(shown));
  if (detailed) {
    printer.newLine();
    errors(call, widths, "TX", ["aborted", "fifo", "window", "heartbt", "transns"]);
  }
}

function table(
  { printer }: IpCall,
  widths: readonly number[],
  way: string,
  heads: readonly string[],
  values: readonly string[],
): void {
  const cells = heads.map((head, at) => head.padStart(at === 0 ? widths[0]! - 4 : widths[at]!));
  printer.text(`    ${way}: ${cells.join(" ")} ${" ".repeat("compressed".length)}`);
  printer.newLine();
  printer.text(`    ${values.map((value, at) => `${value.padStart(widths[at]!)} `).join("")}`);
}

/** Three digits: `1.79k`, with -iec `1.75ki` (lib/utils_math.c: print_num). */
function human(value: number, binary: boolean): string {
  const base = binary ? 1024 : 1000;
  let power = 0;
  while (power < 4 && value >= base ** (power + 1)) power++;
  if (power === 0) return String(value);
  const rest = value / base ** power;
  return `${rest.toFixed(rest >= 100 ? 0 : rest >= 10 ? 1 : 2)}${"kMGT"[power - 1]}${binary ? "i" : ""}`;
}

/** Errors by kind: none ever happen here. */
function errors({ printer }: IpCall, widths: readonly number[], way: string, heads: readonly string[]): void {
  const cells = heads.map((head, at) => head.padStart(widths[at + 1]!));
  printer.text(`    ${way} errors:${" ".repeat(widths[0]! - 10)} ${cells.join(" ")}`);
  printer.newLine();
  const zeros = heads.map((_, at) => `${"0".padStart(widths[at + 1]!)} `).join("");
  printer.text(`    ${" ".repeat(widths[0]!)} ${zeros}`);
}

function printFields({ printer, options }: IpCall, counters: LinkCounters): void {
  const put = (name: string, fields: Readonly<Record<string, number>>): void => {
    printer.openObject(name);
    for (const [key, value] of Object.entries(fields)) printer.field(key, value);
    printer.closeObject();
  };
  const detailed = options.stats > 1;
  printer.openObject("stats64");
  put("rx", {
    bytes: counters.rxBytes,
    packets: counters.rxPackets,
    errors: 0,
    dropped: counters.rxDropped,
    over_errors: 0,
    multicast: 0,
    ...(detailed ? { length_errors: 0, crc_errors: 0, frame_errors: 0, fifo_errors: 0, missed_errors: 0 } : {}),
  });
  put("tx", {
    bytes: counters.txBytes,
    packets: counters.txPackets,
    errors: 0,
    dropped: counters.txDropped,
    carrier_errors: 0,
    collisions: 0,
    ...(detailed
      ? { aborted_errors: 0, fifo_errors: 0, window_errors: 0, heartbeat_errors: 0, carrier_changes: 0 }
      : {}),
  });
  printer.closeObject();
}
