import type { Bench } from "../../../server/sim/kernel/bench.ts";
import { coldCatalogue } from "./catalogue.bench.ts";
import { inputInFlood, interruptFlood } from "./flood.bench.ts";
import { seekInHour } from "./seek.bench.ts";
import { startToPrompt } from "./start.bench.ts";
import { keyToGlyph } from "./typing.bench.ts";

/** What people feel in a real Chromium. */
export function browserBenches(): Bench[] {
  return [
    { name: "browser.catalogue", unit: "ms", bar: 1_000, run: coldCatalogue },
    { name: "browser.start", unit: "ms", bar: 500, run: startToPrompt },
    { name: "browser.key-p95", unit: "ms", bar: 30, run: keyToGlyph },
    { name: "browser.flood-input", unit: "ms", bar: 100, run: inputInFlood },
    { name: "browser.flood-ctrl-c", unit: "ms", bar: 1_000, run: interruptFlood },
    { name: "browser.seek", unit: "ms", bar: 100, run: seekInHour },
  ];
}
