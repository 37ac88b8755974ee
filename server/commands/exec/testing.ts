import { turn } from "../../sim/kernel/testing.ts";
import { SECOND } from "../../sim/kernel/index.ts";
import { kubeadm } from "../../sim/presets/kubeadm.ts";
import { boot, type World } from "../../sim/world/index.ts";
import { worldCode } from "../../sessions/actor/world-code.ts";
import { Driver, type PartResult } from "./driver.ts";
import { virtualPacing } from "./pacing.ts";

let booted: Promise<World> | undefined;

/** A fork of the preset kubeadm, which is booted once for all tests of a run. */
export async function freshCluster(seed = 1): Promise<World> {
  booted ??= boot(worldCode(), kubeadm, { seed: 1, turn });
  return (await booted).fork({ seed });
}

/** Types lines on a host as `drydock exec -c … -c …` does; what each printed, stdout and stderr together. */
export async function typed(world: World, lines: readonly string[], on = "controlplane"): Promise<string[]> {
  return (await parts(world, lines, on)).map(({ stdout, stderr }) => stdout + stderr);
}

export async function parts(world: World, lines: readonly string[], on = "controlplane"): Promise<PartResult[]> {
  const { host } = world.hosts.machine(on);
  const pacing = virtualPacing(world);
  const driver = new Driver(world, pacing, { host, user: host.users.byName("root")! });
  const results: PartResult[] = [];
  for (const line of lines) {
    if (results.length > 0) await pacing.pass(world.now + 2.6 * SECOND);
    results.push(await driver.play({ kind: "line", cmd: line }));
  }
  await driver.end();
  return results;
}
