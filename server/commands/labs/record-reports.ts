/**
 * Records what the page's tests and its fake server show (web/testing/fixtures): reports of labs after some of their
 * proofs, and packet traces. Run it again when the grader, the labs or the simulation changed:
 * `npx node server/commands/labs/record-reports.ts`
 */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { grade, probe, resolveTargets, Scene, type Place } from "../../../grader/index.ts";
import { openLab, type PlacedLab } from "../../../labs/index.ts";
import type { World } from "../../sim/world/index.ts";
import { readLab } from "./catalogue.ts";
import { playProof } from "./verify/play-proof.ts";
import { presetWorld } from "../../sessions/actor/presets.ts";

const FOLDER = join(import.meta.dirname, "../../../web/testing/fixtures");

/** Reports by file name: of a lab after a proof script; `null`: nothing was done. */
const REPORTS: Readonly<Record<string, { lab: string; seed: number; proof: string | null }>> = {
  "lost-endpoints-port": { lab: "lost-endpoints", seed: 3, proof: "wrong-selector-only.sh" },
  "lost-endpoints-untouched": { lab: "lost-endpoints", seed: 3, proof: null },
  "lost-endpoints-opened": { lab: "lost-endpoints", seed: 3, proof: "wrong-nodeport.sh" },
  "lost-endpoints-solved": { lab: "lost-endpoints", seed: 3, proof: "solution.sh" },
  "node-network-controlplane": { lab: "node-network", seed: 5, proof: "wrong-controlplane.sh" },
  "fixed-node-port-firewall": { lab: "fixed-node-port", seed: 4, proof: "wrong-firewall-left.sh" },
};

const DROP = `ssh node01 iptables -I FORWARD -s 10.244.0.0/16 -p tcp -m comment --comment no-web -j DROP`;
const SOLVED = readLab("lost-endpoints").folder.files.get("proof/solution.sh")!;
const OPENED = readLab("lost-endpoints").folder.files.get("proof/wrong-nodeport.sh")!;

/** Traces by file name: from a client Pod of lost-endpoints (or a machine) to something, after a script. */
const TRACES: Readonly<Record<string, { script: string; from: "client" | "outside" | "controlplane"; to: string }>> = {
  "service-answers": { script: SOLVED, from: "client", to: "http://cart/" },
  "service-refused": { script: "", from: "client", to: "http://cart/" },
  "other-node": { script: "", from: "client", to: "10.96.0.10:53" },
  dropped: { script: DROP, from: "client", to: "10.96.0.10:53" },
  "node-port": { script: OPENED, from: "outside", to: "http://172.30.1.2:31000/" },
  "no-route": { script: "ip route del default", from: "controlplane", to: "icmp:198.51.100.7" },
  "lost-ping": { script: "", from: "controlplane", to: "icmp:10.244.7.7" },
};

rmSync(FOLDER, { recursive: true, force: true });
for (const folder of ["reports", "traces"]) mkdirSync(join(FOLDER, folder), { recursive: true });

for (const [name, { lab, seed, proof }] of Object.entries(REPORTS)) {
  const placed = readLab(lab).place(seed);
  const script = proof === null ? "" : placed.source.folder.files.get(`proof/${proof}`)!;
  const { world, answers } = await played(placed, script);
  const report = await grade(world, placed.lab, { answers });
  save("reports", name, { report, explain: placed.lab.explain === undefined ? null : placed.text(placed.lab.explain) });
}

for (const [name, { script, from, to }] of Object.entries(TRACES)) {
  const { world } = await played(readLab("lost-endpoints").place(3), script);
  const scene = new Scene(world);
  const targets = resolveTargets(scene, nodePort(scene, to));
  if ("missing" in targets) throw new Error(targets.missing);
  const { trace } = probe(scene, place(scene, from), targets.targets[0]!);
  if (!trace) throw new Error(`${name}: no packet was sent`);
  save("traces", name, trace);
}

async function played(placed: PlacedLab, script: string): Promise<{ world: World; answers: Record<string, string> }> {
  const world = await openLab(placed, await presetWorld(placed.lab.preset));
  if (script === "") return { world, answers: {} };
  const { answers } = await playProof(placed, world, script);
  await world.settle();
  return { world, answers: { ...answers } };
}

function place(scene: Scene, from: string): Place {
  if (from !== "client") return scene.machine(from);
  return scene.places({ pods: "app=client", namespace: "shop" })[0]!;
}

/** The node port that the Service got, for 31000. */
function nodePort(scene: Scene, to: string): string {
  const port = scene.objects.service("shop", "cart")?.spec.ports?.[0]?.nodePort;
  return to.replace("31000", String(port));
}

function save(folder: string, name: string, value: unknown): void {
  writeFileSync(join(FOLDER, folder, `${name}.json`), `${JSON.stringify(value, null, 1)}\n`);
}
