import { describe, expect, test } from "vitest";
import { TestCluster } from "./testing.ts";

const LABEL = "pod-security.kubernetes.io";

/** A cluster whose namespace `default` has these labels. */
function labelled(labels: Record<string, string>): TestCluster {
  const cluster = new TestCluster();
  const metadata = {
    labels: Object.fromEntries(Object.entries(labels).map(([mode, value]) => [`${LABEL}/${mode}`, value])),
  };
  cluster.ok("PATCH", "/api/v1/namespaces/default", { metadata }, { contentType: "application/merge-patch+json" });
  return cluster;
}

const PODS = "/api/v1/namespaces/default/pods";

function pod(spec: object = {}, container: object = {}): object {
  return { metadata: { name: "p" }, spec: { containers: [{ name: "c", image: "nginx", ...container }], ...spec } };
}

/** What a Pod violates of a level. */
function violated(level: string, body: object): string {
  const { message, code } = labelled({ enforce: level }).refusal("POST", PODS, body);
  expect(code).toBe(403);
  return message.replace(`pods "p" is forbidden: violates PodSecurity "${level}:latest": `, "");
}

describe("baseline", () => {
  test.each<[string, object, string]>([
    [
      "namespaces of the host",
      pod({ hostNetwork: true, hostPID: true }),
      "host namespaces (hostNetwork=true, hostPID=true)",
    ],
    ["paths of the host", pod({ volumes: [{ name: "v", hostPath: { path: "/" } }] }), 'hostPath volumes (volume "v")'],
    [
      "ports of the host",
      pod(
        {},
        {
          ports: [
            { containerPort: 80, hostPort: 80 },
            { containerPort: 81, hostPort: 81 },
          ],
        },
      ),
      'hostPort (container "c" uses hostPorts 80, 81)',
    ],
    [
      "privileged containers",
      pod({}, { securityContext: { privileged: true } }),
      'privileged (container "c" must not set securityContext.privileged=true)',
    ],
    [
      "capabilities",
      pod({}, { securityContext: { capabilities: { add: ["SYS_ADMIN", "CHOWN", "NET_ADMIN"] } } }),
      'non-default capabilities (container "c" must not include "NET_ADMIN", "SYS_ADMIN" in securityContext.capabilities.add)',
    ],
    [
      "no seccomp",
      pod({ securityContext: { seccompProfile: { type: "Unconfined" } } }),
      'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
    ],
    [
      "sysctls",
      pod({ securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } }),
      "forbidden sysctls (kernel.msgmax)",
    ],
  ])("%s", (_, body, text) => expect(violated("baseline", body)).toBe(text));

  test("an ordinary Pod may run", () => {
    labelled({ enforce: "baseline" }).ok("POST", PODS, pod());
  });
});

describe("restricted", () => {
  test("an ordinary Pod may not run", () => {
    expect(violated("restricted", pod())).toBe(
      'allowPrivilegeEscalation != false (container "c" must set securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"]), runAsNonRoot != true (pod or container "c" must set securityContext.runAsNonRoot=true), seccompProfile (pod or container "c" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
    );
  });

  const tight = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };
  const own = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };

  test("a tight one may", () => {
    labelled({ enforce: "restricted" }).ok("POST", PODS, pod({ securityContext: own }, { securityContext: tight }));
  });

  test("volumes and users", () => {
    const volumes = [{ name: "v", hostPath: { path: "/" } }];
    const body = pod(
      { securityContext: { ...own, runAsUser: 0 }, volumes },
      { securityContext: { ...tight, runAsNonRoot: false } },
    );
    expect(violated("restricted", body)).toBe(
      'restricted volume types (volume "v" uses restricted volume type "hostPath"), runAsNonRoot != true (container "c" must not set securityContext.runAsNonRoot=false), runAsUser=0 (pod must not set runAsUser=0)',
    );
  });
});

describe("modes", () => {
  test("templates are warned of", () => {
    const spec = {
      selector: { matchLabels: { a: "b" } },
      template: { metadata: { labels: { a: "b" } }, ...pod({ hostNetwork: true }) },
    };
    const body = {
      metadata: { name: "d" },
      spec: {
        ...spec,
        template: { metadata: { labels: { a: "b" } }, spec: (pod({ hostNetwork: true }) as { spec: object }).spec },
      },
    };
    expect(
      labelled({ enforce: "baseline" }).warnings("POST", "/apis/apps/v1/namespaces/default/deployments", body),
    ).toEqual(['would violate PodSecurity "baseline:latest": host namespaces (hostNetwork=true)']);
  });

  test("warn alone lets Pods run", () => {
    expect(
      labelled({ warn: "baseline", "warn-version": "v1.30" }).warnings("POST", PODS, pod({ hostPID: true })),
    ).toEqual(['would violate PodSecurity "baseline:v1.30": host namespaces (hostPID=true)']);
  });

  test("a stricter namespace warns of the Pods that are there", () => {
    const cluster = new TestCluster();
    cluster.ok("POST", PODS, pod({ hostPID: true }));
    const response = cluster.call(
      "PATCH",
      "/api/v1/namespaces/default",
      { metadata: { labels: { [`${LABEL}/enforce`]: "baseline" } } },
      { contentType: "application/merge-patch+json" },
    );
    expect(response).toMatchObject({
      warnings: [
        'existing pods in namespace "default" violate the new PodSecurity enforce level "baseline:latest"',
        "p: host namespaces",
      ],
    });
  });

  test("a level that does not exist", () => {
    expect(
      new TestCluster().refused("POST", "/api/v1/namespaces", {
        metadata: { name: "n", labels: { [`${LABEL}/enforce`]: "hard" } },
      }),
    ).toBe(
      `422 Namespace "n" is invalid: metadata.labels[${LABEL}/enforce]: Invalid value: "hard": must be one of privileged, baseline, restricted`,
    );
  });
});
