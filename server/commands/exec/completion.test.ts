import { beforeEach, expect, test } from "vitest";
import { pass, run, SECOND } from "../../sim/kernel/index.ts";
import type { World } from "../../sim/world/index.ts";
import { Terminal } from "../../sessions/actor/terminal.ts";
import { Picture } from "../../shell/fixtures/sessions.ts";
import { freshCluster } from "./testing.ts";

/** A terminal of a session on the exam's kubeadm cluster, with somebody who presses Tab. */
let world: World;
let picture: Picture;
let terminal: Terminal;
let drawn: Promise<void>;

beforeEach(async () => {
  world = await freshCluster();
  const { host } = world.hosts.machine("controlplane");
  picture = new Picture(100, 30);
  const display = (bytes: string): void => {
    drawn = picture.write(Buffer.from(bytes, "latin1"));
  };
  terminal = new Terminal(world, host, host.users.byName("root")!, { cols: 100, rows: 30, display });
  await run(world.kernel, () => terminal.waitingFor?.what === "command", world.now + 60 * SECOND);
}, 60_000);

/** What stands in the terminal after these keys, typed one after the other. */
async function shown(...keys: string[]): Promise<string[]> {
  for (const key of keys) {
    terminal.type(key);
    await pass(world.kernel, world.now + 2 * SECOND);
  }
  await drawn;
  const { lines } = picture.take({ type: "" });
  return lines.slice(lines.findLastIndex((line) => line.endsWith("# clear")) + 1);
}

const PROMPT = "root@controlplane:~# ";

test("kubectl and k complete without any setting up: verbs, kinds, live names, flags and their values", async () => {
  await shown("kubectl run web --image=nginx --port 80; kubectl create ns shop\n", "clear\n");
  expect(await shown("k ge\t", "po\t\t", "s w\t", "-o js\t", "\t")).toEqual([
    `${PROMPT}k get pod`,
    "poddisruptionbudgets.policy  pods                         podtemplates",
    `${PROMPT}k get pods web -o json`,
    "json              jsonpath          jsonpath-as-json  jsonpath-file",
    `${PROMPT}k get pods web -o json`,
  ]);
  expect(await shown("\x15clear\n", "kubectl get po -n sh\t", "\x15kubectl top \t\t")).toEqual([
    `${PROMPT}kubectl top`,
    "node  (Display resource (CPU/memory) usage of nodes)",
    "pod   (Display resource (CPU/memory) usage of pods)",
    `${PROMPT}kubectl top`,
  ]);
  expect(await shown("\x15clear\n", "k get po --namespace=sh\t\n")).toEqual([
    `${PROMPT}k get po --namespace=shop`,
    "No resources found in shop namespace.",
    PROMPT.trimEnd(),
  ]);
  expect(await shown("clear\n", "k port-forward web \t")).toEqual([`${PROMPT}k port-forward web 80:80`]);
});

test("the script can be read as people do it", async () => {
  await shown("complete -r kubectl k; unset -f __start_kubectl; unalias k; clear\n");
  await shown(
    "source <(kubectl completion bash); alias kk=kubectl; complete -o default -F __start_kubectl kk\n",
    "clear\n",
  );
  expect(await shown("kk get no no\t\n")).toEqual([
    `${PROMPT}kk get no node01`,
    "NAME     STATUS   ROLES    AGE   VERSION",
    "node01   Ready    <none>   5d    v1.33.1",
    PROMPT.trimEnd(),
  ]);
  await shown("complete -r; mkdir -p /root/new; kubectl completion bash > /etc/bash_completion.d/kubectl\n");
  await shown("rm .bash_aliases; bash -l\n", "clear\n");
  expect(await shown("kubectl cord\t", "node\t")).toEqual([`${PROMPT}kubectl cordon node01`]);
  await shown(
    "\x15exit\n",
    "rm /etc/bash_completion.d/kubectl; kubectl completion bash >> ~/.bashrc; bash\n",
    "clear\n",
  );
  expect(await shown("kubectl apply -f n\t")).toEqual([`${PROMPT}kubectl apply -f new/`]);
});
