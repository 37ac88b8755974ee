import type { Host, User } from "../../../sim/host/index.ts";
import type { World } from "../../../sim/world/index.ts";
import { virtualPacing, type Pacing } from "../../exec/pacing.ts";
import { openWorld } from "../../open-world.ts";
import { runLine, type LineResult } from "../line.ts";
import { readsOnly, type Case } from "./cases.ts";
import { FILES } from "./recording.ts";

interface Shell {
  readonly world: World;
  readonly pacing: Pacing;
  readonly host: Host;
  readonly user: User;
}

let booted: Promise<World> | undefined;
/** The world that the case before this one found when its setup had run. */
let prepared: { readonly setup: string; readonly world: World } | undefined;

/** The cluster as it was booted, once for all cases. */
export function boot(): Promise<World> {
  return (booted ??= openWorld({ cluster: "kubeadm", seed: 1 }).then(({ world, host }) => {
    // The machine that was recorded on has none.
    host.files.unlink("/usr/local/bin/helm");
    return world;
  }));
}

/** A fork as it is: no other seed, so that generated names are those of the recording. */
function shellOn(from: World): Shell {
  const world = from.fork();
  const { host } = world.hosts.machine("controlplane");
  return { world, pacing: virtualPacing(world), host, user: host.users.byName("root")! };
}

/**
 * The shell of a case, its setup done. Cases that follow one another share the setup, unless it runs programs in containers,
 * which a fork leaves behind (DESIGN.md, law 5), and the case does more than look.
 */
async function shellOf({ setup, line }: Case): Promise<Shell> {
  const key = setup.join("\n");
  if (prepared?.setup === key && (readsOnly(line) || !runsPrograms(prepared.world))) return shellOn(prepared.world);
  const shell = shellOn(await boot());
  for (const each of setup) await runLine(shell, each, "", FILES);
  if (!readsOnly(line) && runsPrograms(shell.world)) return shell;
  prepared = { setup: key, world: shell.world };
  return shellOn(shell.world);
}

function runsPrograms(world: World): boolean {
  return world.hosts
    .machines()
    .some((machine) => machine.processes().some(({ host, daemon }) => !daemon && host !== machine.name));
}

/** What ours does with a case in a shell of the simulated cluster, as `/line` does but with the virtual clock. */
export async function replayed(one: Case): Promise<LineResult> {
  return runLine(await shellOf(one), one.line, one.stdin ?? "", FILES);
}
