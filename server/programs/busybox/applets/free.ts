import { memoryOf } from "../../procps/memory.ts";
import type { Applet } from "../applet.ts";
import { human } from "../human.ts";

/** procps/free.c */
export const free: Applet = {
  options: "bkmgh",
  usage: () => `[-bkmgh]

Display free and used memory`,
  async run(call) {
    const {
      total,
      free: unused,
      shared,
      buffers,
      cached,
      available,
      swapTotal,
      swapFree,
    } = memoryOf(call.process.host);
    const divisor = call.has("b") ? 1 / 1024 : call.has("m") ? 1024 : call.has("g") ? 1024 ** 2 : 1;
    const shown = (kibibytes: number): string =>
      call.has("h") ? human(kibibytes * 1024) : String(Math.floor(kibibytes / divisor));
    const row = (label: string, cells: readonly string[]): string =>
      `${label.padEnd(7)}${cells.map((cell) => cell.padStart(12)).join("")}\n`;
    const used = total - unused - buffers - cached;
    await call.process.print(
      row("", ["total", "used", "free", "shared", "buff/cache", "available"]) +
        row("Mem:", [total, used, unused, shared, buffers + cached, available].map(shown)) +
        row("Swap:", [swapTotal, swapTotal - swapFree, swapFree].map(shown)),
    );
    return 0;
  },
};
