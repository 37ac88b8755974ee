import { beforeEach, describe, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

const MANIFESTS = "/etc/kubernetes/manifests";
const REFUSED = "The connection to the server 172.30.1.2:6443 was refused - did you specify the right host or port?\n";
/** Containers of a name with their states and attempts, newest first. */
const containers = (name: string): string =>
  `crictl ps -a --name ${name} -o json | jq -r '.containers[] | "\\(.state) \\(.metadata.attempt)"'`;
const lastLog = (name: string): string =>
  `crictl logs $(crictl ps -aq --name ${name} | head -1) 2>&1 | tail -1 | sed 's/^.*] "/"/'`;

let world: World;

beforeEach(async () => {
  world = await freshCluster();
}, 60_000);

const said = (...lines: string[]): Promise<string[]> => typed(world, lines);

describe("the API server's manifest", () => {
  test("with an unknown flag: exits again and again, and its log says why", async () => {
    const out = await said(
      `sed -i 's/- --allow-privileged=true/&\\n    - --this-is-very-wrong/' ${MANIFESTS}/kube-apiserver.yaml; sleep 60`,
      "kubectl get nodes 2>&1 | tail -1",
      containers("kube-apiserver"),
      "crictl logs $(crictl ps -aq --name kube-apiserver | head -1)",
      "cat /var/log/pods/kube-system_kube-apiserver-*/kube-apiserver/3.log | cut -d' ' -f2-",
      "journalctl -u kubelet | grep -o 'back-off [0-9a-z]* restarting failed container=kube-apiserver' | uniq",
    );
    expect(out.slice(1)).toEqual([
      REFUSED,
      "CONTAINER_EXITED 3\nCONTAINER_EXITED 2\n",
      "Error: unknown flag: --this-is-very-wrong\n",
      "stderr F Error: unknown flag: --this-is-very-wrong\n",
      ["10s", "20s", "40s"].map((time) => `back-off ${time} restarting failed container=kube-apiserver\n`).join(""),
    ]);
  });

  test("with a YAML error: no container at all, only the kubelet's complaint, every twenty seconds", async () => {
    const out = await said(
      `sed -i 's/^  containers:/  containers/' ${MANIFESTS}/kube-apiserver.yaml; sleep 50`,
      "kubectl get nodes 2>&1 | tail -1",
      `crictl ps -aq --name kube-apiserver | wc -l`,
      "journalctl -u kubelet | grep file.go | sed 's/^.*err=//'",
    );
    const complaint = `"${MANIFESTS}/kube-apiserver.yaml: couldn't parse as pod(yaml: line 13: mapping values are not allowed in this context), please check config file" path="${MANIFESTS}/kube-apiserver.yaml"\n`;
    expect(out.slice(1, 3)).toEqual([REFUSED, "0\n"]);
    expect(out[3]).toBe(complaint.repeat(3));
  });

  test("with the wrong etcd: waits for it, gives up after twenty seconds, and is started again", async () => {
    const out = await said(
      `sed -i 's#https://127.0.0.1:2379#https://127.0.0.1:2390#' ${MANIFESTS}/kube-apiserver.yaml; sleep 60`,
      "kubectl get nodes 2>&1 | tail -1",
      "crictl logs $(crictl ps -aq --name kube-apiserver | sed -n 2p) 2>&1 | tail -1 | cut -d']' -f2-",
      containers("kube-apiserver"),
    );
    expect(out.slice(1)).toEqual([
      REFUSED,
      " Error creating leases: error creating storage factory: context deadline exceeded\n",
      "CONTAINER_RUNNING 2\nCONTAINER_EXITED 1\n",
    ]);
  });

  test("with the wrong path of its certificates: they are not there", async () => {
    const out = await said(
      `sed -i 's#path: /etc/kubernetes/pki$#path: /etc/kubernetes/pkii#' ${MANIFESTS}/kube-apiserver.yaml; sleep 30`,
      "kubectl get nodes 2>&1 | tail -1",
      lastLog("kube-apiserver"),
      "ls -d /etc/kubernetes/pkii; ls /etc/kubernetes/pkii",
    );
    expect(out[1]).toBe(REFUSED);
    expect(out[2]).toMatch(
      /^"command failed" err=".*open \/etc\/kubernetes\/pki\/apiserver\.crt: no such file or directory"\n$/,
    );
    // hostPath volumes of type DirectoryOrCreate are made.
    expect(out[3]).toBe("/etc/kubernetes/pkii\n");
  });

  test("with the wrong port in its probes: works, and is killed every few minutes", async () => {
    const out = await said(
      `sed -i 's/port: 6443/port: 6444/' ${MANIFESTS}/kube-apiserver.yaml; sleep 100; kubectl get nodes --no-headers | wc -l`,
      "sleep 200; kubectl -n kube-system get pod kube-apiserver-controlplane --no-headers | awk '{print $2, $3, $4}'",
      "kubectl -n kube-system get events | grep -o 'Startup probe failed: .*' | uniq",
      containers("kube-apiserver"),
    );
    expect(out).toEqual([
      "2\n",
      "0/1 Running 1\n",
      'Startup probe failed: Get "https://172.30.1.2:6444/livez": dial tcp 172.30.1.2:6444: connect: connection refused\n',
      "CONTAINER_RUNNING 1\nCONTAINER_EXITED 0\n",
    ]);
  });

  test("under another name makes the same Pod; taken away and brought back, the server is gone and back", async () => {
    const out = await said(
      `mv ${MANIFESTS}/kube-apiserver.yaml ${MANIFESTS}/api.yaml; sleep 40; kubectl get nodes --no-headers | wc -l`,
      `mv ${MANIFESTS}/api.yaml /tmp; sleep 20; kubectl get nodes 2>&1 | tail -1; crictl ps -q --name kube-apiserver | wc -l`,
      `mv /tmp/api.yaml ${MANIFESTS}; sleep 40; kubectl get nodes --no-headers | wc -l`,
    );
    expect(out).toEqual(["2\n", `${REFUSED}0\n`, "2\n"]);
  });
});

test("a scheduler with an image that no registry has: Pods stay Pending without any event", async () => {
  const out = await said(
    `sed -i 's#kube-scheduler:v1.33.1#kube-scheduler:v9.9.9#' ${MANIFESTS}/kube-scheduler.yaml; sleep 40`,
    "kubectl -n kube-system get pod kube-scheduler-controlplane --no-headers | awk '{print $2, $3, $4}'",
    "kubectl run x --image=nginx; sleep 3; kubectl get pod x --no-headers | awk '{print $3}'; kubectl describe pod x | grep Events",
    "crictl ps -aq --name scheduler | wc -l",
    "journalctl -u kubelet | grep -c 'kube-scheduler:v9.9.9: not found'",
  );
  expect(out.slice(1, 4)).toEqual([
    "0/1 ImagePullBackOff 0\n",
    "pod/x created\nPending\nEvents:                      <none>\n",
    "0\n",
  ]);
  expect(Number(out[4])).toBeGreaterThan(1);
});

test("a controller manager without its manifest: Deployments make no Pods", async () => {
  const [made] = await said(
    `mv ${MANIFESTS}/kube-controller-manager.yaml /tmp; sleep 5; kubectl create deployment d --image=nginx; sleep 5; kubectl get deploy,rs --no-headers`,
  );
  expect(made).toMatch(/^deployment\.apps\/d created\ndeployment\.apps\/d {3}0\/1 {3}0 {5}0 {5}5s\n$/);
});

test("without etcd the API server answers that it waits in vain; with it all is as before", async () => {
  const out = await said(
    `mv ${MANIFESTS}/etcd.yaml /tmp; sleep 20; kubectl get nodes 2>&1 | tail -1`,
    "crictl ps -q --name etcd | wc -l",
    `mv /tmp/etcd.yaml ${MANIFESTS}; sleep 60; kubectl get nodes --no-headers | awk '{print $2}'`,
  );
  expect(out).toEqual(["Error from server: etcdserver: request timed out\n", "0\n", "Ready\nReady\n"]);
});

describe("the kubelet", () => {
  const failing =
    "systemctl is-active kubelet; journalctl -u kubelet | grep 'command failed' | tail -1 | sed 's/^.*err=//'";

  test("with a broken configuration does not start, and its node is NotReady after fifty seconds", async () => {
    const out = await said(
      "sed -i 's/staticPodPath: .*/staticPodPath: [/' /var/lib/kubelet/config.yaml; systemctl restart kubelet; sleep 25",
      failing,
      "sleep 40; kubectl get nodes --no-headers | awk '{print $1, $2}'; crictl ps -q --name etcd | wc -l",
    );
    expect(out.slice(1)).toEqual([
      expect.stringMatching(
        /^activating\n"failed to load kubelet config file, path: \/var\/lib\/kubelet\/config\.yaml, error: failed to load Kubelet config file \/var\/lib\/kubelet\/config\.yaml, error failed to decode: yaml: line \d+: .*"\n$/,
      ),
      "controlplane NotReady\nnode01 Ready\n1\n",
    ]);
  });

  test("with the wrong CA file does not start", async () => {
    const out = await said(
      "sed -i 's#clientCAFile: .*#clientCAFile: /etc/kubernetes/pki/WRONG.crt#' /var/lib/kubelet/config.yaml; systemctl restart kubelet; sleep 12",
      failing,
    );
    expect(out[1]).toBe(
      'activating\n"failed to construct kubelet dependencies: unable to load client CA file /etc/kubernetes/pki/WRONG.crt: open /etc/kubernetes/pki/WRONG.crt: no such file or directory"\n',
    );
  });

  test("with the wrong port in its kubeconfig runs, and its node is NotReady", async () => {
    const out = await said(
      "sed -i 's#6443#6553#' /etc/kubernetes/kubelet.conf; systemctl restart kubelet; sleep 60; systemctl is-active kubelet",
      "kubectl get nodes --no-headers | awk '{print $1, $2}'",
      "journalctl -u kubelet | grep controller.go | tail -1 | sed 's/^.*: dial/dial/'",
    );
    expect(out).toEqual([
      "active\n",
      "controlplane NotReady\nnode01 Ready\n",
      'dial tcp 172.30.1.2:6553: connect: connection refused" interval="7s"\n',
    ]);
  });

  test("stopped on a worker: NotReady, taints, Pods are driven away five minutes later", async () => {
    const out = await said(
      "kubectl create deployment web --image=nginx > /dev/null; sleep 5; ssh node01 systemctl stop kubelet; sleep 60; kubectl get nodes --no-headers | awk '{print $1, $2}'; kubectl get pods --no-headers | awk '{print $3}'",
      "kubectl get node node01 -o jsonpath='{range .spec.taints[*]}{.key}:{.effect}{\"\\n\"}{end}'",
      "sleep 310; kubectl get pods --no-headers | awk '{print $2, $3}' | sort",
      "ssh node01 systemctl start kubelet; sleep 45; kubectl get pods --no-headers | awk '{print $2, $3}'",
    );
    expect(out).toEqual([
      "controlplane Ready\nnode01 NotReady\nRunning\n",
      "node.kubernetes.io/unreachable:NoSchedule\nnode.kubernetes.io/unreachable:NoExecute\n",
      "0/1 Pending\n1/1 Terminating\n",
      "1/1 Running\n",
    ]);
  });
});

test("containerd stopped: containers run on, the node is not ready, crictl finds nobody", async () => {
  const out = await said(
    "kubectl create deployment web --image=nginx > /dev/null; kubectl expose deployment web --port=80 > /dev/null; kubectl wait --for=condition=Available deployment/web > /dev/null; ssh node01 systemctl stop containerd; sleep 15",
    "kubectl get nodes --no-headers | awk '{print $1, $2}'; curl -s -o /dev/null -w '%{http_code}\\n' $(kubectl get pod -l app=web -o jsonpath={.items[0].status.podIP})",
    "kubectl get node node01 -o jsonpath='{.status.conditions[?(@.type==\"Ready\")].message}'",
    "ssh node01 systemctl start containerd; sleep 15; kubectl get nodes --no-headers | awk '{print $1, $2}'",
  );
  expect(out.slice(1)).toEqual([
    "controlplane Ready\nnode01 NotReady\n200\n",
    "container runtime is down",
    "controlplane Ready\nnode01 Ready\n",
  ]);
});
