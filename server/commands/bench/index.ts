import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Bench } from "../../sim/kernel/bench.ts";
import type { WorldCode } from "../../sim/world/index.ts";
import { clusterBoot } from "../../sim/presets/boot.bench.ts";
import { deployHundred } from "../../sim/presets/deploy.bench.ts";
import { dnsBench } from "../../sim/kube/addons/coredns/answer.bench.ts";
import { serviceChangeBenches } from "../../sim/kube/addons/kube-proxy/service-change.bench.ts";
import { ruleBenches } from "../../sim/net/rules.bench.ts";
import { walkBenches } from "../../sim/net/walk.bench.ts";
import { reachBenches } from "../../sim/kube/reach-oracle/reach.bench.ts";
import { socketBenches } from "../../http/socket.bench.ts";
import { examBenches } from "../../attempts/exam.bench.ts";
import { presetBenches } from "../../sessions/actor/presets.bench.ts";
import { sessionBenches } from "../../sessions/actor/session.bench.ts";
import { worldCode } from "../../sessions/actor/world-code.ts";
import { storeBenches } from "../../store/store.bench.ts";
import { Arguments } from "../arguments.ts";
import { labBenches } from "../labs/labs.bench.ts";
import type { Command } from "../main.ts";
import { UsageError } from "../usage.ts";

/** `drydock bench`: what things cost on this machine, beside what they may cost. */
export const bench: Command = {
  summary: "measures what things cost",
  usage: "bench [NAME…] [--json]",
  async run(words) {
    const args = new Arguments("bench", words, { "--json": "flag" });
    const benches = await allBenches();
    const unknown = args.operands.find((name) => !benches.some((one) => one.name === name));
    if (unknown !== undefined)
      throw new UsageError(`bench: no '${unknown}'; there are ${benches.map(({ name }) => name).join(", ")}`);
    let holds = true;
    for (const one of benches) {
      if (args.operands.length > 0 && !args.operands.includes(one.name)) continue;
      const row = await measure(one);
      holds &&= row.holds;
      process.stdout.write(args.has("--json") ? `${JSON.stringify(row)}\n` : text(row));
    }
    return holds ? 0 : 1;
  },
};

interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: number | null;
  readonly holds: boolean;
  /** What the value is made of, where that says more. */
  readonly detail?: string;
}

const BROWSER = join(import.meta.dirname, "../../../web/testing/benches/browser.bench.ts");
const WEBERNETES = join(import.meta.dirname, "webernetes.bench.ts");

/** They need what only developers install: the image has none of it. */
async function developersBenches(code: WorldCode): Promise<readonly Bench[]> {
  if (!existsSync(BROWSER) || !existsSync(join(import.meta.dirname, "../../../node_modules/@ngrok/webernetes")))
    return [];
  const { browserBenches } = (await import(BROWSER)) as { browserBenches(): readonly Bench[] };
  const { webernetesBenches } = (await import(WEBERNETES)) as { webernetesBenches(code: WorldCode): readonly Bench[] };
  return [...browserBenches(), ...webernetesBenches(code)];
}

async function allBenches(): Promise<readonly Bench[]> {
  const code = worldCode();
  return [
    clusterBoot(code),
    deployHundred(code),
    ...presetBenches(),
    ...sessionBenches(code),
    ...walkBenches(code),
    ...ruleBenches(),
    ...reachBenches(),
    ...serviceChangeBenches(),
    dnsBench(code),
    ...labBenches(),
    ...examBenches(),
    ...storeBenches(),
    ...socketBenches(),
    ...(await developersBenches(code)),
  ];
}

async function measure({ name, unit, bar, run }: Bench): Promise<Row> {
  const measured = await run();
  const { value: exact, ...detail } = typeof measured === "number" ? { value: measured } : measured;
  const value = Number(exact.toPrecision(4));
  return { name, value, unit, bar: bar ?? null, holds: bar === undefined || value <= bar, ...detail };
}

function text({ name, value, unit, bar, holds, detail }: Row): string {
  const limit = bar === null ? "" : `  at most ${bar} ${unit}: ${holds ? "holds" : "does not hold"}`;
  return `${name.padEnd(22)}${`${value} ${unit}`.padStart(14)}${limit}${detail === undefined ? "" : `  (${detail})`}\n`;
}
