import { expect, test } from "vitest";
import { SECOND } from "../../../kernel/index.ts";
import { hostNamespace } from "../../../net/index.ts";
import { httpCall } from "../../access/http-call.ts";
import type { Kind, KubeObject } from "../../api/index.ts";
import { apiServices, clusterRoleBindings, services } from "../../kinds/index.ts";
import { TestNodes } from "../../kubelet/testing.ts";

const nginx = { name: "c", image: "nginx:1.27.5" };

/** As kubeadm binds it. */
function letApiServerAskKubelets(world: TestNodes): void {
  world.admin.create(clusterRoleBindings, {
    metadata: { name: "kubeadm:apiserver-kubelet-client" },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:kubelet-api-admin" },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "kube-apiserver-kubelet-client" }],
  });
}

/** Code and what is said: the message of a Status, or the first line of a text. */
function asked(world: TestNodes, path: string): string {
  const answer = world.call(path);
  if (answer.kind === "text") return `${answer.code} ${answer.text.split("\n")[0]}`;
  if (answer.kind !== "object") return answer.kind;
  const { message, kind } = answer.object as { message?: string; kind?: string };
  return `${answer.code} ${message ?? kind}`;
}

test("pods/proxy, services/proxy and nodes/proxy pass requests on over the network of the API server", async () => {
  const world = await TestNodes.boot();
  const labels = { app: "web" };
  const ports = [{ containerPort: 80 }];
  world.pod("web", { containers: [{ ...nginx, ports }] }, "controlplane", { labels });
  world.pod("gone", { containers: [nginx], schedulerName: "nobody", nodeName: undefined });
  const service = (name: string, more: object): void =>
    void world.admin.create(services, {
      metadata: { name, namespace: "default" },
      spec: { selector: labels, ports: [{ port: 80 }], ...more },
    });
  service("one", {});
  service("two", {
    ports: [
      { name: "http", port: 8080, targetPort: 80 },
      { name: "none", port: 81 },
    ],
  });
  service("empty", { selector: { app: "nobody" } });
  await world.until(() => world.get("web")?.status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false); // prettier-ignore
  await world.pass(2 * SECOND);
  const ip = world.get("web")!.status.podIP!;
  const pod = "/api/v1/namespaces/default/pods";
  const svc = "/api/v1/namespaces/default/services";
  const node = "/api/v1/nodes";
  const page = "200 <!DOCTYPE html>";
  const refused = (port: number): string =>
    `503 error trying to reach service: dial tcp ${ip}:${port}: connect: connection refused`;
  const table: readonly (readonly [string, string])[] = [
    [`${pod}/web/proxy/`, page],
    [`${pod}/web/proxy`, page],
    [`${pod}/web:80/proxy/index.html`, page],
    [`${pod}/http:web:80/proxy/`, page],
    [`${pod}/web/proxy/nothing`, "404 <html>\r"],
    [`${pod}/web:81/proxy/`, refused(81)],
    [`${pod}/gone/proxy/`, "400 address not allowed"],
    [`${pod}/nobody/proxy/`, '404 pods "nobody" not found'],
    [`${svc}/one/proxy/`, page],
    [`${svc}/one:80/proxy/`, page],
    [`${svc}/one:81/proxy/`, '503 no service port 81 found for service "one"'],
    [`${svc}/two/proxy/`, '503 no endpoints available for service "two"'],
    [`${svc}/two:http/proxy/`, page],
    [`${svc}/two:8080/proxy/`, page],
    [`${svc}/two:81/proxy/`, refused(81)],
    [`${svc}/two:other/proxy/`, '503 no endpoints available for service "two:other"'],
    [`${svc}/empty/proxy/`, '503 no endpoints available for service "empty"'],
    [`${svc}/nobody/proxy/`, '404 services "nobody" not found'],
    [
      `${node}/controlplane/proxy/healthz`,
      "403 Forbidden (user=kube-apiserver-kubelet-client, verb=get, resource=nodes, subresource(s)=[healthz proxy])",
    ],
    [`${node}/nobody/proxy/healthz`, '404 nodes "nobody" not found'],
  ];
  expect(table.map(([path]) => [path, asked(world, path)])).toEqual(table);
  letApiServerAskKubelets(world);
  const allowed: readonly (readonly [string, string])[] = [
    [`${node}/controlplane/proxy/healthz`, "200 ok"],
    [`${node}/controlplane:10250/proxy/healthz`, "200 ok"],
    [`${node}/controlplane/proxy/nothing`, "404 404 page not found"],
  ];
  expect(allowed.map(([path]) => [path, asked(world, path)])).toEqual(allowed);
});

test("the kubelet's port 10250: nobody without credentials, others by their rights to subresources of nodes", async () => {
  const world = await TestNodes.boot();
  const { host } = world.machine("controlplane");
  const get = (target: string, file?: string): string => {
    const certificate = file === undefined ? undefined : [host.readText(`/etc/kubernetes/pki/${file}`) ?? ""];
    const call = { scheme: "https", host: "172.30.1.2", port: 10_250, method: "GET", target } as const;
    const reply = httpCall(hostNamespace(host), undefined, { ...call, ...(certificate && { certificate }) });
    return "error" in reply ? reply.error : `${reply.status} ${reply.body.split("\n")[0]!.slice(0, 90)}`;
  };
  expect(["/healthz", "/pods", "/metrics", "/logs/"].map((target) => get(target))).toEqual(
    Array(4).fill("401 Unauthorized"),
  );
  const etcd = "apiserver-etcd-client.crt";
  expect(["/pods", "/metrics", "/logs/"].map((target) => get(target, etcd))).toEqual([
    "401 Unauthorized",
    "401 Unauthorized",
    "401 Unauthorized",
  ]);
  const kubelet = "apiserver-kubelet-client.crt";
  expect(get("/pods", kubelet)).toMatch(/^403 Forbidden \(user=kube-apiserver-kubelet-client, verb=get, /);
  letApiServerAskKubelets(world);
  expect([get("/healthz", kubelet), get("/nothing", kubelet)]).toEqual(["200 ok", "404 404 page not found"]);
  expect(get("/pods", kubelet)).toMatch(/^200 \{"kind":"PodList"/);
});

test("an API of another server is available when its Service answers, and says why it is not", async () => {
  const world = await TestNodes.boot();
  const kind = apiServices as unknown as Kind<KubeObject & { readonly spec: object; readonly status?: unknown }>;
  const name = "v1beta1.metrics.k8s.io";
  const service = { name: "metrics-server", namespace: "default" };
  world.admin.create(kind, {
    metadata: { name },
    spec: {
      group: "metrics.k8s.io",
      version: "v1beta1",
      service,
      insecureSkipTLSVerify: true,
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  });
  const found: string[] = [];
  const look = async (): Promise<void> => {
    await world.pass(10 * SECOND);
    const { conditions } = (world.admin.get(kind, "", name) as { status?: { conditions: Record<string, string>[] } })
      .status!;
    const [{ status, reason, message } = {}] = conditions;
    found.push(`${status} ${reason}: ${message}`);
  };
  await look();
  expect(asked(world, "/apis/metrics.k8s.io/v1beta1/nodes")).toBe("503 service unavailable");
  world.admin.create(services, {
    metadata: service,
    spec: { selector: { app: "web" }, ports: [{ port: 443, targetPort: 80 }] },
  });
  await look();
  world.pod("web", { containers: [nginx] }, "controlplane", { labels: { app: "web" } });
  await look();
  const ip = world.get("web")!.status.podIP!;
  const { clusterIP } = world.admin.get(services, "default", "metrics-server")!.spec;
  expect(found.map((line) => line.replaceAll(clusterIP!, "CLUSTER").replaceAll(ip, "POD"))).toEqual([
    'False ServiceNotFound: service/metrics-server in "default" is not present',
    'False MissingEndpoints: endpoints for service/metrics-server in "default" have no addresses with port name ""',
    expect.stringMatching(
      /^False FailedDiscoveryCheck: failing or missing response from https:\/\/\S+\/apis\/metrics\.k8s\.io\/v1beta1: /,
    ),
  ]);
});
