import { beforeAll, describe, expect, test } from "vitest";
import type { Host, User } from "../../../sim/host/index.ts";
import type { World } from "../../../sim/world/index.ts";
import { virtualPacing, type Pacing } from "../../exec/pacing.ts";
import { openWorld } from "../../open-world.ts";
import { runLine } from "../line.ts";
import type { Case } from "./cases.ts";
import { caseFile, caseFileNames, compared, FILES, fingerprint, recording } from "./recording.ts";

const only = process.env["PARITY"];

interface Shell {
  readonly world: World;
  readonly pacing: Pacing;
  readonly host: Host;
  readonly user: User;
}

let booted: Promise<World> | undefined;
/** The world that the case before this one found when its setup had run. */
let prepared: { readonly setup: string; readonly world: World } | undefined;

function boot(): Promise<World> {
  return (booted ??= openWorld({ cluster: "kubeadm", seed: 1 }).then(({ world }) => world));
}

/** A fork as it is: no other seed, so that generated names are those of the recording. */
function shellOn(from: World): Shell {
  const world = from.fork({ resume: true });
  const { host } = world.hosts.machine("controlplane");
  return { world, pacing: virtualPacing(world), host, user: host.users.byName("root")! };
}

/** The shell of a case, its setup done. Cases that follow one another share it. */
async function shellOf({ setup }: Case): Promise<Shell> {
  const key = setup.join("\n");
  if (prepared?.setup === key) return shellOn(prepared.world);
  const shell = shellOn(await boot());
  for (const line of setup) await runLine(shell, line, "", FILES);
  if (runsPrograms(shell.world)) return shell;
  prepared = { setup: key, world: shell.world };
  return shellOn(shell.world);
}

/** Whether a container runs what a fork leaves behind (DESIGN.md, law 5). */
function runsPrograms(world: World): boolean {
  return world.hosts
    .machines()
    .some((machine) => machine.processes().some(({ host, daemon }) => !daemon && host !== machine.name));
}

/**
 * Replays cases that the real kubectl was recorded with (record.ts) in a shell of the simulated cluster, as `/line` does but
 * with the virtual clock. The cases are dealt out to `of` test files, so that they run in parallel; `PARITY=TEXT` selects lines.
 */
export function replay({ part, of }: { readonly part: number; readonly of: number }): void {
  beforeAll(boot, 60_000);
  for (const name of caseFileNames()) {
    const file = caseFile(name);
    const recorded = recording(name);
    describe(name, () => {
      test("the recording is that of the list", () => {
        const rows = recorded.map((row) => `${row.of} ${row.line}`);
        expect(rows).toEqual(file.cases.map((one) => `${fingerprint(one)} ${one.line}`));
      });
      file.cases.forEach((one, at) => {
        if (at % of !== part || (only !== undefined && !one.line.includes(only))) return;
        (one.differs === undefined ? test : test.fails)(one.line, async () => {
          const ours = await runLine(await shellOf(one), one.line, one.stdin ?? "", FILES);
          expect(compared(one, file, ours)).toEqual(compared(one, file, recorded[at]!));
        });
      });
    });
  }
}
