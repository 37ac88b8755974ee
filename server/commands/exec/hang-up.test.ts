import { beforeEach, expect, test } from "vitest";
import { pass, run, SECOND } from "../../sim/kernel/index.ts";
import type { World } from "../../sim/world/index.ts";
import { Terminal } from "../../sessions/actor/terminal.ts";
import { freshCluster } from "./testing.ts";

/** Learners close the page, or a terminal of it, in the middle of things. */
let world: World;

beforeEach(async () => {
  world = await freshCluster();
}, 60_000);

/** Types lines at a new terminal and cuts it; the command lines of the processes that this has left on all machines. */
async function leftAfter(...lines: string[]): Promise<string[]> {
  const before = new Set(processes().map(({ key }) => key));
  const { host } = world.hosts.machine("controlplane");
  const options = { cols: 100, rows: 30, display: () => {} };
  const terminal = new Terminal(world, host, host.users.byName("root")!, options);
  await run(world.kernel, () => terminal.waitingFor?.what === "command", world.now + 60 * SECOND);
  for (const line of lines) {
    terminal.type(`${line}\n`);
    await pass(world.kernel, world.now + 2 * SECOND);
  }
  terminal.hangUp();
  await pass(world.kernel, world.now + 2 * SECOND);
  return processes().flatMap(({ key, text }) => (before.has(key) ? [] : [text]));
}

function processes(): { key: string; text: string }[] {
  return ["controlplane", "node01"].flatMap((name) =>
    world.hosts
      .machine(name)
      .processes()
      .map(({ pid, argv }) => ({ key: `${name}/${pid}`, text: argv.join(" ") })),
  );
}

test("whatever runs in the foreground ends with its terminal, through ssh and kubectl exec, and so do the jobs", async () => {
  await leftAfter("kubectl run web --image=nginx; kubectl wait --for=condition=Ready pod/web");
  expect(await leftAfter("kubectl logs -f web")).toEqual([]);
  expect(await leftAfter("kubectl exec -it web -- bash", "sleep 1000")).toEqual([]);
  expect(await leftAfter("ssh node01", "sleep 1000")).toEqual([]);
  expect(await leftAfter("ssh node01", "kubectl() { :; }; trap 'echo bye' EXIT; read x")).toEqual([]);
  expect(await leftAfter("sleep 1000 &", "cat &", "vi /tmp/x", "ihello")).toEqual([]);
  expect(await leftAfter("kubectl exec -it web -- sh -c 'exec cat'", "a")).toEqual([]);
});

test("what was started with nohup, disowned or in a session of its own goes on", async () => {
  expect(await leftAfter("nohup sleep 101 &", "sleep 102 & disown -h", "setsid sleep 103", "nohup sleep 104")).toEqual([
    "sleep 101",
    "sleep 102",
    "sleep 103",
    "sleep 104",
  ]);
});
