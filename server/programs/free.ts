import { FOREVER } from "./gnu/interval.ts";
import { SECOND } from "../sim/kernel/index.ts";
import { tool, type Call } from "./gnu/tool.ts";
import { memoryOf, type Memory } from "./procps/memory.ts";

export const free = tool({
  name: "free",
  package: "procps",
  title: "free from procps-ng",
  summary: "display amount of free and used memory in the system",
  usage: ["[options]"],
  flags: {
    bytes: { short: "b", long: "bytes", help: "show output in bytes" },
    kilo: { long: "kilo", help: "show output in kilobytes" },
    mega: { long: "mega", help: "show output in megabytes" },
    giga: { long: "giga", help: "show output in gigabytes" },
    kibi: { short: "k", long: "kibi", help: "show output in kibibytes" },
    mebi: { short: "m", long: "mebi", help: "show output in mebibytes" },
    gibi: { short: "g", long: "gibi", help: "show output in gibibytes" },
    human: { short: "h", long: "human", help: "show human-readable output" },
    si: { long: "si", help: "use powers of 1000 not 1024" },
    lohi: { short: "l", long: "lohi", simulated: false },
    line: { short: "L", long: "line", simulated: false },
    total: { short: "t", long: "total", help: "show total for RAM + swap" },
    committed: { short: "v", long: "committed", simulated: false },
    seconds: { short: "s", long: "seconds", arg: "N", help: "repeat printing every N seconds" },
    count: { short: "c", long: "count", arg: "N", help: "repeat printing N times, then exit" },
    wide: { short: "w", long: "wide", help: "wide output" },
    shortVersion: { short: "V" },
  },
  async run(call) {
    const seconds = call.value("seconds");
    const count = call.value("count");
    for (const [text, words] of [
      [seconds, "seconds argument"],
      [count, "failed to parse count argument"],
    ] as const)
      if (text !== undefined && !/^\d*\.?\d+$/.test(text))
        return call.fail(`${words} \`${text}' ${words.startsWith("seconds") ? "failed" : ""}`.trim());
    const times = count === undefined ? (seconds === undefined ? 1 : Infinity) : Number(count);
    for (let at = 0; at < times; at++) {
      await call.out.print(table(call, memoryOf(call.process.host)));
      if (at + 1 >= times) break;
      await call.out.print("\n");
      await call.out.flush();
      await call.process.sleep(Math.min(FOREVER, Number(seconds ?? "1") * SECOND));
    }
    return 0;
  },
});

function table(call: Call<string>, memory: Memory): string {
  const { total, free: unused, shared, buffers, cached, available, swapTotal, swapFree } = memory;
  const used = total - available;
  const show = scale(call);
  const wide = call.has("wide");
  const row = (label: string, values: readonly number[]): string =>
    `${label.padEnd(8)}${values.map((value) => show(value).padStart(12)).join("")}\n`;
  const heads = wide
    ? ["total", "used", "free", "shared", "buffers", "cache", "available"]
    : ["total", "used", "free", "shared", "buff/cache", "available"];
  let text = `${" ".repeat(8)}${heads.map((head) => head.padStart(12)).join("")}\n`;
  text += row(
    "Mem:",
    wide
      ? [total, used, unused, shared, buffers, cached, available]
      : [total, used, unused, shared, buffers + cached, available],
  );
  text += row("Swap:", [swapTotal, swapTotal - swapFree, swapFree]);
  if (call.has("total")) text += row("Total:", [total + swapTotal, used + swapTotal - swapFree, unused + swapFree]);
  return text;
}

/** KiB in the unit that was asked for. */
function scale(call: Call<string>): (kib: number) => string {
  const unit = call.options.lastOf("bytes", "kilo", "mega", "giga", "kibi", "mebi", "gibi", "human");
  const base = call.has("si") ? 1000 : 1024;
  const divisors: Record<string, number> = {
    bytes: 1,
    kilo: 1e3,
    mega: 1e6,
    giga: 1e9,
    kibi: base,
    mebi: base ** 2,
    gibi: base ** 3,
  };
  if (unit === "human") return (kib) => human(kib * 1024, base);
  return (kib) => String(Math.floor((kib * 1024) / (unit === undefined ? base : divisors[unit]!)));
}

/** `1.9Gi`: three digits, one behind the point below ten (procps src/free.c scale_size). */
function human(bytes: number, base: number): string {
  const suffix = base === 1024 ? "i" : "";
  if (bytes < base) return `${bytes}B`;
  let value = bytes;
  let power = -1;
  while (value >= base && power < 5) {
    value /= base;
    power++;
  }
  const text = value < 10 ? (Math.floor(value * 10) / 10).toFixed(1) : String(Math.floor(value));
  return `${text}${"KMGTPE"[power]!}${suffix}`;
}
