import { expect, test } from "vitest";
import { freshCluster, parts, typed } from "./testing.ts";

const VIA = "kubectl -s http://localhost:8001";

async function through(lines: readonly string[], proxy = "kubectl proxy"): Promise<string[]> {
  const world = await freshCluster();
  const setup = [
    "kubectl run web --image=nginx:1.27 && kubectl wait --for=condition=Ready pod/web",
    `${proxy} > proxy.log 2>&1 & sleep 1`,
  ];
  const outputs = await parts(world, [...setup, ...lines]);
  return outputs.slice(setup.length).map(({ stdout, stderr }) => stdout + stderr);
}

test("kubectl works through a proxy without TLS, as whom the proxy's kubeconfig says", async () => {
  const [pods, who, health, labelled, missing, created] = await through([
    `${VIA} get pods -o name`,
    `${VIA} auth whoami -o jsonpath='{.status.userInfo.username}'`,
    `${VIA} get --raw /healthz`,
    `${VIA} label pod web a=b`,
    `${VIA} delete pod nothing`,
    `${VIA} create configmap c --from-literal=a=b && ${VIA} get cm c -o jsonpath='{.data.a}'`,
  ]);
  expect([pods, who, health]).toEqual(["pod/web\n", "kubernetes-admin", "ok"]);
  expect(labelled).toBe("pod/web labeled\n");
  expect(missing).toBe('Error from server (NotFound): pods "nothing" not found\n');
  expect(created).toBe("configmap/c created\nb");
});

test("impersonation crosses the proxy, and its own gives way to that of the request", async () => {
  const lines = [
    `${VIA} --as bob get pods -o name`,
    `${VIA} --as bob --as-group system:masters get pods -o name`,
    `curl -s -H 'Impersonate-User: eve' localhost:8001/api/v1/namespaces/default/pods | grep message`,
  ];
  const [bob, masters, curl] = await through(lines);
  const refused = (user: string): string =>
    `pods is forbidden: User "${user}" cannot list resource "pods" in API group "" in the namespace "default"`;
  expect(bob).toBe(`Error from server (Forbidden): ${refused("bob")}\n`);
  expect(masters).toBe("pod/web\n");
  expect(curl).toBe(`  "message": ${JSON.stringify(refused("eve"))},\n`);
  const own = await through(
    [
      `${VIA} auth whoami -o jsonpath='{.status.userInfo.username}'`,
      `${VIA} --as bob auth whoami -o jsonpath='{.status.userInfo.username}'`,
    ],
    "kubectl proxy --as alice",
  );
  expect(own).toEqual(["alice", "bob"]);
});

test("exec is refused by a proxy unless it is told otherwise", async () => {
  const [exec, attach] = await through([`${VIA} exec web -- echo hi`, `${VIA} attach web; echo $?`]);
  expect(exec).toBe("error: unable to upgrade connection: Forbidden\n");
  expect(attach).toBe(
    "1\nIf you don't see a command prompt, try pressing enter.\nerror: unable to upgrade connection: Forbidden\n",
  );
});

test("exec and cp stream through a proxy that lets them", async () => {
  const outputs = await through(
    [
      `${VIA} exec web -- echo hi`,
      `${VIA} exec web -- false; echo $?`,
      `echo input | ${VIA} exec -i web -- cat`,
      `${VIA} exec web -- sh -c 'echo a; echo b >&2' 2>errors; cat errors`,
      `${VIA} exec web -- nothing`,
      `${VIA} cp web:/etc/hostname hostname 2>&1 && cat hostname`,
      `${VIA} exec web -- head -c 200000 /dev/zero | wc -c`,
    ],
    "kubectl proxy --reject-paths='^$'",
  );
  expect(outputs.slice(0, 4)).toEqual(["hi\n", "1\ncommand terminated with exit code 1\n", "input\n", "a\nb\n"]);
  expect(outputs[4]).toContain('exec: "nothing": executable file not found in $PATH');
  expect(outputs[5]).toBe("tar: Removing leading `/' from member names\nweb\n");
  expect(outputs[6]).toBe("200000\n");
});

test("logs and watches come as they happen", async () => {
  const [logs, watch] = await through([
    `${VIA} logs web --tail=1 | cut -c21-60`,
    `(sleep 2; kubectl label pod web x=y > /dev/null) & timeout 5 ${VIA} get pods -w --output-watch-events -L x 2>/dev/null | head -3`,
  ]);
  expect(logs).toMatch(/^\[notice\] 1#1: start worker process \d+\n$/);
  expect(watch!.split("[2]")[0]!.replaceAll(/\d+s/g, "AGE").replaceAll(/ +/g, " ")).toBe(
    "EVENT NAME READY STATUS RESTARTS AGE X\nADDED web 1/1 Running 0 AGE \nMODIFIED web 1/1 Running 0 AGE y\n",
  );
});

test("without a proxy there is nobody", async () => {
  const [refused] = await typed(await freshCluster(), [`${VIA} get --raw /version`]);
  expect(refused).toBe(
    "The connection to the server localhost:8001 was refused - did you specify the right host or port?\n",
  );
});
