import type { LinkCounters, LinkRow } from "../../../sim/net/index.ts";
import type { IpCall } from "../call.ts";
import { notSimulated } from "../exit.ts";

const NONE: LinkCounters = { rxPackets: 0, rxBytes: 0, rxDropped: 0, txPackets: 0, txBytes: 0, txDropped: 0 };

/** Counters as `-s` shows them, errors by kind as `-s -s` (ip/ipaddress.c: __print_link_stats). */
export function printStatistics(call: IpCall, link: LinkRow): void {
  const { printer, options } = call;
  if (options.human) throw notSimulated("ip", "-h -s");
  const counters = call.ns.linkCounters.get(link.index) ?? NONE;
  if (printer.isJson) return printFields(call, counters);
  const received = [counters.rxBytes, counters.rxPackets, 0, counters.rxDropped, 0, 0];
  const sent = [counters.txBytes, counters.txPackets, 0, counters.txDropped, 0, 0];
  const widths = [10, 7, 6, 7, 7, 7].map((least, at) =>
    Math.max(least, String(received[at]).length, String(sent[at]).length),
  );
  const detailed = options.stats > 1;
  table(call, widths, "RX", ["bytes", "packets", "errors", "dropped", "missed", "mcast"], received);
  if (detailed) {
    printer.newLine();
    errors(call, widths, "RX", ["length", "crc", "frame", "fifo", "overrun"]);
  }
  printer.newLine();
  table(call, widths, "TX", ["bytes", "packets", "errors", "dropped", "carrier", "collsns"], sent);
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
  values: readonly number[],
): void {
  const cells = heads.map((head, at) => head.padStart(at === 0 ? widths[0]! - 4 : widths[at]!));
  printer.text(`    ${way}: ${cells.join(" ")} ${" ".repeat("compressed".length)}`);
  printer.newLine();
  printer.text(`    ${values.map((value, at) => `${String(value).padStart(widths[at]!)} `).join("")}`);
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
