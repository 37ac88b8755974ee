import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { PRESETS } from "../../server/sim/presets/index.ts";
import type { World } from "../../server/sim/world/index.ts";
import { runCommand, Scene } from "../../grader/index.ts";
import { applyFault, Fault } from "./index.ts";

/** What a learner types at the preset's terminal: what it prints while the fault is there, and before and after. */
export interface Sight {
  /** Another machine than the terminal's. */
  readonly on?: string;
  readonly type: string;
  /** All that it prints; the exit code stands behind it in brackets if it isn't 0. A text is a part of it. */
  readonly broken: string | RegExp;
  readonly sound: string | RegExp;
}

/** Shows that a fault has its symptom, and that its repair takes it away. */
export interface FaultProof {
  /** As a lab's setup has it: `{ "link-down": { on: "node01", link: "eth0" } }`. */
  readonly fault: Readonly<Record<string, unknown>>;
  /** By default `kubeadm`. */
  readonly preset?: string;
  /** Typed before the fault. */
  readonly before?: string;
  /** Typed after it, for faults that show only in what is made from then on. */
  readonly after?: string;
  readonly see: readonly Sight[];
  /** Typed by whoever puts it right. */
  readonly repair: string;
  /** Where, if not at the terminal. */
  readonly repairOn?: string;
}

/** Everything that a command prints, with its exit code if it isn't 0. */
async function print(world: World, on: string, command: string): Promise<string> {
  const { stdout, stderr, exitCode } = await runCommand(world, new Scene(world).machine(on), command);
  return `${stdout}${stderr}${exitCode === 0 ? "" : `[${exitCode ?? "does not end"}]`}`;
}

/** Types a script on a machine, waits until nothing moves, and expects that it ended well. */
export async function typed(world: World, on: string, script: string): Promise<void> {
  const said = await print(world, on, `set -e\n${script}`);
  expect(said, script).not.toMatch(/\[[^\]]*\]$/);
  await world.settle();
}

async function look(world: World, home: string, sights: readonly Sight[], which: "broken" | "sound"): Promise<void> {
  for (const { on = home, type, [which]: expected } of sights) {
    const printed = await print(world, on, type);
    if (typeof expected === "string") expect(printed, `${on}# ${type}`).toContain(expected);
    else expect(printed, `${on}# ${type}`).toMatch(expected);
  }
}

/** Looks before the fault, while it is there, and after its repair: in a world of its preset that may be changed. */
export async function proveFault(proof: FaultProof, world: World): Promise<void> {
  const { preset = "kubeadm", before, after, see, repair } = proof;
  const home = PRESETS[preset]!.terminal;
  if (before !== undefined) await typed(world, home, before);
  await look(world, home, see, "sound");
  await applyFault(world, Fault.parse(proof.fault));
  await world.settle();
  if (after !== undefined) await typed(world, home, after);
  await look(world, home, see, "broken");
  await typed(world, proof.repairOn ?? home, repair);
  await look(world, home, see, "sound");
}

const SHOP = readFileSync(new URL("shop.fixture.yaml", import.meta.url), "utf8");

/** Worlds of presets, with the shop if they have a cluster: each is made once and forked for each proof. */
export class Shops {
  readonly #open: (preset: string) => Promise<World>;
  readonly #shops = new Map<string, Promise<World>>();

  /** `open` gives the booted world of a preset. */
  constructor(open: (preset: string) => Promise<World>) {
    this.#open = open;
  }

  async fork(preset: string): Promise<World> {
    let world = this.#shops.get(preset);
    if (!world) this.#shops.set(preset, (world = this.#make(preset)));
    return (await world).fork({ seed: 2 });
  }

  async #make(preset: string): Promise<World> {
    const world = (await this.#open(preset)).fork({ seed: 1 });
    if (world.clusters.list().length > 0)
      await typed(world, PRESETS[preset]!.terminal, `kubectl apply -f - <<'END'\n${SHOP}\nEND\n`);
    return world;
  }
}
