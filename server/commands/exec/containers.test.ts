import { beforeEach, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

let world: World;

beforeEach(async () => {
  world = await freshCluster();
}, 60_000);

const said = (...lines: string[]): Promise<string[]> => typed(world, lines);
const busybox = { image: "busybox:1.36", command: ["sleep", "3600"] };

/** Makes a Pod on node01 and waits until it runs. */
function pod(name: string, spec: object, wait = true): string {
  const manifest = { apiVersion: "v1", kind: "Pod", metadata: { name }, spec: { nodeName: "node01", ...spec } };
  const create = `kubectl create -f - <<'Y' > /dev/null\n${JSON.stringify(manifest)}\nY\n`;
  return wait ? `${create}kubectl wait --for=condition=Ready pod/${name} > /dev/null` : `${create}sleep 4`;
}

test("containers that share a process namespace see each other under the pause process", async () => {
  const out = await said(
    pod("share", {
      shareProcessNamespace: true,
      containers: [
        { name: "web", image: "nginx:1.27.5" },
        { name: "side", ...busybox },
      ],
    }),
    "kubectl exec share -c side -- ps | head -3",
    "kubectl exec share -c side -- sh -c 'kill $(pidof nginx | tr \" \" \"\\n\" | sort -n | head -1)'; sleep 3; kubectl get pod share --no-headers | awk '{print $2, $4}'",
    pod("alone", { containers: [{ name: "c", ...busybox }] }),
    "kubectl exec alone -- ps",
  );
  expect(out[1]).toBe(
    "PID   USER     TIME  COMMAND\n    1 65535     0:00 /pause\n    2 root      0:00 nginx: master process nginx -g daemon off;\n",
  );
  expect(out[2]).toBe("2/2 1\n");
  expect(out[4]).toBe("PID   USER     TIME  COMMAND\n    1 root      0:00 sleep 3600\n    2 root      0:00 ps\n");
});

test("hostPID shows the processes of the node", async () => {
  const out = await said(
    pod("host", { hostPID: true, containers: [{ name: "c", ...busybox }] }),
    "kubectl exec host -- ps | sed -n 2p; kubectl exec host -- ps | grep -c ' /usr/bin/kubelet '",
  );
  expect(out[1]).toBe("    1 root      2:54 {systemd} /sbin/init\n1\n");
});

test("capabilities: what is dropped cannot be done, and /proc shows it", async () => {
  const dropped = { capabilities: { drop: ["ALL"] }, allowPrivilegeEscalation: false };
  const out = await said(
    pod("caps", {
      containers: [
        { name: "none", ...busybox, securityContext: dropped },
        { name: "raw", ...busybox, securityContext: { capabilities: { drop: ["ALL"], add: ["NET_RAW"] } } },
        { name: "all", ...busybox, securityContext: { privileged: true } },
        { name: "user", ...busybox, securityContext: { runAsUser: 1000 } },
      ],
    }),
    ...["none", "raw", "all", "user"].map(
      (name) =>
        `kubectl exec caps -c ${name} -- sh -c 'grep -E "CapEff|NoNew" /proc/self/status | cut -f2; ping -c1 -q 127.0.0.1 2>&1 | tail -1; timeout 1 nc -lp 80 2>&1; echo $?; touch /etc/x 2>&1'`,
    ),
  );
  const refused = "ping: permission denied (are you root?)\nnc: bind: Permission denied\n1\n";
  const pinged = "round-trip min/avg/max = 0.016/0.016/0.016 ms\n";
  expect(out.slice(1)).toEqual([
    `0000000000000000\n1\n${refused}`,
    `0000000000002000\n0\n${pinged}nc: bind: Permission denied\n1\n`,
    `000001ffffffffff\n0\n${pinged}143\n`,
    `0000000000000000\n0\n${refused}touch: /etc/x: Permission denied\ncommand terminated with exit code 1\n`,
  ]);
});

test("safe sysctls have their effect in the Pod's network; others, and what does not fit the node, are refused", async () => {
  const containers = [{ name: "c", ...busybox }];
  const out = await said(
    pod("safe", {
      securityContext: {
        runAsUser: 1000,
        sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "80" }],
      },
      containers,
    }),
    "kubectl exec safe -- sh -c 'cat /proc/sys/net/ipv4/ip_unprivileged_port_start; timeout 1 nc -lp 80; echo $?'",
    pod("unsafe", { securityContext: { sysctls: [{ name: "net.core.somaxconn", value: "9" }] }, containers }, false),
    pod("big", { containers: [{ ...containers[0], resources: { requests: { cpu: "64" } } }] }, false),
    pod("elsewhere", { nodeSelector: { disk: "ssd" }, containers }, false),
    "kubectl get pods unsafe big elsewhere -o custom-columns=:.status.reason,:.status.message --no-headers",
  );
  expect(out[1]).toBe("80\n143\n");
  expect(out[5]!.replace(/ {2,}/g, " ")).toBe(
    [
      'SysctlForbidden Pod was rejected: forbidden sysctl: "net.core.somaxconn" not allowlisted\n',
      "OutOfcpu Pod was rejected: Node didn't have enough resource: cpu, requested: 64000, used: 100, capacity: 2000\n",
      "NodeAffinity Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector\n",
    ].join(""),
  );
});

test("a container that takes more memory than its limit is killed; its cgroup says what it may", async () => {
  const hog = (size: string): object => ({
    containers: [
      {
        name: "c",
        image: "polinux/stress",
        command: ["stress", "--vm", "1", "--vm-bytes", size, "--vm-hang", "1"],
        resources: { requests: { cpu: "100m", memory: "50Mi" }, limits: { cpu: "500m", memory: "200Mi" } },
      },
    ],
  });
  const out = await said(
    pod("fits", hog("150M")),
    "kubectl exec fits -- sh -c 'cd /sys/fs/cgroup; cat memory.max cpu.max cpu.weight; cat /proc/self/cgroup'",
    pod("hog", hog("250M"), false),
    "kubectl get pod hog -o jsonpath='{.status.containerStatuses[0].lastState.terminated.reason} {.status.containerStatuses[0].lastState.terminated.exitCode}'",
    "ssh node01 dmesg | tail -1 | grep -o 'Memory cgroup out of memory: Killed process [0-9]* (stress)' | sed 's/[0-9]/N/g'",
  );
  expect(out[1]).toBe("209715200\n50000 100000\n4\n0::/\n");
  expect(out[3]).toBe("OOMKilled 137");
  expect(out[4]).toBe("Memory cgroup out of memory: Killed process NNN (stress)\n");
});

test("gRPC probes ask the health service; who speaks no gRPC is not ready", async () => {
  const agnhost = { image: "registry.k8s.io/e2e-test-images/agnhost:2.53", args: ["grpc-health-checking"] };
  const out = await said(
    pod("g", { containers: [{ name: "c", ...agnhost, readinessProbe: { grpc: { port: 5000 }, periodSeconds: 2 } }] }),
    "curl -s -o /dev/null $(kubectl get pod g -o jsonpath={.status.podIP}):8080/make-not-serving; sleep 8; kubectl get pod g --no-headers | awk '{print $2}'; kubectl get events | grep -o 'Readiness probe.*' | uniq",
    pod("n", { containers: [{ name: "c", image: "nginx:1.27.5", readinessProbe: { grpc: { port: 80 } } }] }, false),
    "kubectl get pod n --no-headers | awk '{print $2}'; kubectl get events --field-selector involvedObject.name=n | grep -o 'within 1s.*'",
  );
  expect(out[1]).toBe('0/1\nReadiness probe failed: service unhealthy (responded with "NOT_SERVING")\n');
  expect(out[3]).toBe("0/1\nwithin 1s: context deadline exceeded\n");
});

test("a command that a container does not have ends the pipe that reads from it", async () => {
  const out = await said(
    pod("plain", { containers: [{ name: "c", ...busybox }] }),
    "kubectl exec plain -- curl -s http://web 2>/dev/null | wc -l; kubectl exec -i plain -- curl 2>&1 | grep -c 'not found'",
  );
  expect(out[1]).toBe("0\n1\n");
});
