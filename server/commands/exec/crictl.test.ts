import { beforeAll, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, parts, typed } from "./testing.ts";

let world: World;

beforeAll(async () => {
  world = await freshCluster();
}, 60_000);

async function said(...lines: string[]): Promise<string[]> {
  return typed(world, lines, "node01");
}

test("ps shows what runs, newest first, in columns of at least 20 characters", async () => {
  const [table] = await said("crictl ps");
  expect(table).toMatch(
    /^CONTAINER {11}IMAGE {15}CREATED {13}STATE {15}NAME {16}ATTEMPT {13}POD ID {14}POD {21}NAMESPACE\n([0-9a-f]{13} {7}[0-9a-f]{13} {7}5 days ago {10}Running {13}kube-(flannel|proxy) +0 {19}[0-9a-f]{13} {7}kube-(flannel-ds|proxy)-[a-z0-9]{5} +kube-(flannel|system)\n){2}$/,
  );
});

test("filters: by name, state, label, and only ids", async () => {
  const out = await said(
    "crictl ps -q --name proxy | wc -l",
    "crictl ps -aq --state exited --name install-cni$ | wc -l",
    "crictl ps -q --label io.kubernetes.container.name=kube-proxy | cut -c1-3 | wc -c",
    "crictl pods -q --namespace kube-flannel --state ready | wc -l",
    "crictl ps --state gone",
  );
  expect(out).toEqual([
    "1\n",
    "1\n",
    "4\n",
    "1\n",
    expect.stringMatching(
      /level=fatal msg="listing containers: list containers: --state should be one of created, running, exited or unknown"\n$/,
    ),
  ]);
});

test("logs are the file's, exec runs in the container, and stop is seen by the kubelet", async () => {
  const id = "$(crictl ps -q --name kube-proxy)";
  const out = await said(
    `crictl logs --tail 1 ${id} 2>&1 | cut -c1-1`,
    `crictl exec ${id} cat /etc/hostname`,
    `crictl exec ${id} cat /nope 2>&1; echo $?`,
    `crictl stop ${id} | wc -c; sleep 3; crictl ps -a --name kube-proxy | awk '{print $4, $5, $6, $7, $8}' | sort`,
  );
  expect(out[0]).toBe("I\n");
  expect(out[1]).toBe("node01\n");
  expect(out[2]).toMatch(
    /^cat: \/nope: No such file or directory\ntime="[^"]*" level=fatal msg="execing command in container [0-9a-f]{64}: command terminated with exit code 1"\n1\n$/,
  );
  expect(out[3]).toMatch(/^65\n/);
  expect(out[3]).toContain("ago Exited kube-proxy 0");
  expect(out[3]).toContain("ago Running kube-proxy 1");
});

test("images are pulled and removed by name, pinned ones are the sandboxes'", async () => {
  const out = await said(
    "crictl pull nginx:1.27.5 | cut -c1-34",
    "crictl images nginx:1.27.5 | tail -1 | awk '{print $1, $2}'",
    "crictl rmi nginx:1.27.5 nosuch 2>&1 | cut -d' ' -f2-",
    "crictl images --pinned | grep true | awk '{print $1}'",
    "crictl pull nginx:nosuch 2>&1 | tail -1 | cut -d' ' -f2-",
  );
  expect(out).toEqual([
    "Image is up to date for sha256:…".replace("…", out[0]!.slice(31, 34)) + "\n",
    "docker.io/library/nginx 1.27.5\n",
    'docker.io/library/nginx:1.27.5\nlevel=error msg="no such image nosuch"\nlevel=fatal msg="unable to remove the image(s)"\n',
    "registry.k8s.io/pause\n",
    'level=fatal msg="pulling image: rpc error: code = NotFound desc = failed to pull and unpack image \\"docker.io/library/nginx:nosuch\\": failed to resolve reference \\"docker.io/library/nginx:nosuch\\": docker.io/library/nginx:nosuch: not found"\n',
  ]);
});

test("without containerd, with another endpoint and without its file crictl says so", async () => {
  const [stopped, other, missing] = await parts(
    world,
    [
      "systemctl stop containerd; crictl ps",
      "systemctl start containerd; crictl -r unix:///run/nosuch.sock ps",
      "rm /etc/crictl.yaml; crictl ps -q > /dev/null",
    ],
    "node01",
  );
  const gone = (path: string): string =>
    `validate service connection: validate CRI v1 runtime API for endpoint \\"unix://${path}\\": rpc error: code = Unavailable desc = connection error: desc = \\"transport: Error while dialing: dial unix ${path}: connect: no such file or directory\\""\n`;
  expect(stopped!.stderr.replace(/^time="[^"]*" /, "")).toBe(
    `level=fatal msg="${gone("/run/containerd/containerd.sock")}`,
  );
  expect(other!.stderr.replace(/^time="[^"]*" /, "")).toBe(`level=fatal msg="${gone("/run/nosuch.sock")}`);
  expect(missing!.stderr.replace(/time="[^"]*" /g, "")).toBe(
    [
      'level=warning msg="Config \\"/etc/crictl.yaml\\" does not exist, trying next: \\"/usr/bin/crictl.yaml\\""\n',
      ...["runtime", "image"].map(
        (api) =>
          `level=warning msg="${api} connect using default endpoints: [unix:///run/containerd/containerd.sock unix:///run/crio/crio.sock unix:///var/run/cri-dockerd.sock]. As the default settings are now deprecated, you should set the endpoint instead."\n`,
      ),
    ].join(""),
  );
});
