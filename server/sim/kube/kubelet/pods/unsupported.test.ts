import { expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import { runtimeClasses } from "../../kinds/index.ts";
import { TestNodes } from "../testing.ts";

const busybox = { name: "c", image: "busybox:1.36.1", command: ["sleep", "3600"] };

/** The warnings that the Pod gets, each once. */
async function warnings(world: TestNodes, spec: object): Promise<string[]> {
  world.pod("web", { containers: [busybox], ...spec });
  await world.pass(5 * SECOND);
  return [...new Set(world.events("web").filter((line) => line.startsWith("Warning")))];
}

const own = (securityContext: object): object => ({ containers: [{ ...busybox, securityContext }] });

test.each([
  [
    "a seccomp profile that the machine does not have",
    own({ seccompProfile: { type: "Localhost", localhostProfile: "audit.json" } }),
    'Warning Failed Error: failed to create containerd container: cannot load seccomp profile "/var/lib/kubelet/seccomp/audit.json": open /var/lib/kubelet/seccomp/audit.json: no such file or directory',
  ],
  [
    "an AppArmor profile that is not loaded",
    own({ appArmorProfile: { type: "Localhost", localhostProfile: "k8s-deny" } }),
    "Warning Failed Error: failed to generate apparmor spec opts: apparmor profile not found k8s-deny",
  ],
  [
    "user namespaces",
    { hostUsers: false },
    "Warning FailedCreatePodSandBox Failed to create pod sandbox: rpc error: code = Unknown desc = drydock: user namespaces (hostUsers: false) are not simulated",
  ],
  [
    "strict supplemental groups",
    { securityContext: { supplementalGroupsPolicy: "Strict" } },
    "Warning SupplementalGroupsPolicyNotSupported SupplementalGroupsPolicy=Strict is not supported in this node",
  ],
  [
    "recursive read-only mounts",
    {
      volumes: [{ name: "v", emptyDir: {} }],
      containers: [
        {
          ...busybox,
          volumeMounts: [{ name: "v", mountPath: "/v", readOnly: true, recursiveReadOnly: "Enabled" }],
        },
      ],
    },
    'Warning Failed Error: volume "v" requested recursive read-only mode, but it is not supported by the runtime',
  ],
])("a Pod says what its machine does not have: %s", async (_, spec, expected) => {
  expect(await warnings(await TestNodes.boot(), spec)).toEqual([expected]);
});

test("a RuntimeClass adds its overhead and scheduling; a handler that the node does not have makes no sandbox", async () => {
  const world = await TestNodes.boot();
  const labels = { "kubernetes.io/hostname": "controlplane" };
  const tolerations = [{ key: "sandboxed", operator: "Exists" }];
  world.admin.create(runtimeClasses, {
    metadata: { name: "gvisor" },
    handler: "runsc",
    overhead: { podFixed: { cpu: "250m", memory: "120Mi" } },
    scheduling: { nodeSelector: labels, tolerations },
  } as never);
  expect(await warnings(world, { runtimeClassName: "gvisor" })).toEqual([
    'Warning FailedCreatePodSandBox Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "runsc" is configured',
  ]);
  const { spec } = world.get("web")!;
  expect([spec.overhead, spec.nodeSelector, spec.tolerations?.find(({ key }) => key === "sandboxed")]).toEqual([
    { cpu: "250m", memory: "120Mi" },
    labels,
    tolerations[0],
  ]);
});

test("fields of features that are off in 1.33 are forgotten", async () => {
  const world = await TestNodes.boot();
  const { spec } = world.pod("web", {
    resources: { requests: { cpu: "1" } },
    containers: [{ ...busybox, lifecycle: { stopSignal: "SIGUSR1" } }],
  });
  expect([spec.resources, spec.containers[0]!.lifecycle]).toEqual([undefined, undefined]);
});
