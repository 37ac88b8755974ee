import { describe, expect, test } from "vitest";
import { TestCluster } from "../testing.ts";
import { STORED_KINDS } from "./index.ts";

const cluster = new TestCluster({
  settings: {
    components: () => [
      { name: "controller-manager" },
      {
        name: "scheduler",
        error: 'Get "https://127.0.0.1:10259/healthz": dial tcp 127.0.0.1:10259: connect: connection refused',
      },
      { name: "etcd-0" },
    ],
  },
});
const MERGE = { contentType: "application/merge-patch+json" };
const rows = (url: string): unknown[] => cluster.table(url).rows.map(({ cells }) => cells);
const columns = (url: string): string =>
  cluster
    .table(url)
    .columnDefinitions!.map(({ name }) => name)
    .join(", ");

test("every kind that does nothing says so", () => {
  for (const kind of STORED_KINDS) expect(kind.note, kind.kind).toMatch(/^drydock: /);
});

describe("tables", () => {
  test("RuntimeClass", () => {
    const url = "/apis/node.k8s.io/v1/runtimeclasses";
    cluster.ok("POST", url, { metadata: { name: "gvisor" }, handler: "runsc" });
    expect(columns(url)).toBe("Name, Handler, Age");
    expect(rows(url)).toEqual([["gvisor", "runsc", "0s"]]);
  });

  test("CSIDriver, with its defaults", () => {
    const url = "/apis/storage.k8s.io/v1/csidrivers";
    cluster.ok("POST", url, { metadata: { name: "hostpath.csi.k8s.io" }, spec: { podInfoOnMount: true } });
    expect(columns(url)).toBe(
      "Name, AttachRequired, PodInfoOnMount, StorageCapacity, TokenRequests, RequiresRepublish, Modes, Age",
    );
    expect(rows(url)).toEqual([["hostpath.csi.k8s.io", true, true, false, "<unset>", false, "Persistent", "0s"]]);
  });

  test("FlowSchema and PriorityLevelConfiguration", () => {
    const flows = "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas";
    cluster.ok("POST", flows, { metadata: { name: "f" }, spec: { priorityLevelConfiguration: { name: "low" } } });
    expect(rows(flows)).toContainEqual(["f", "low", "1000", "<none>", "0s", "?"]);
    const levels = "/apis/flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations";
    cluster.ok("POST", levels, {
      metadata: { name: "low" },
      spec: { type: "Limited", limited: { limitResponse: { type: "Queue", queuing: {} } } },
    });
    expect(rows(levels)).toContainEqual(["low", "Limited", 30, 64, 8, 50, "0s"]);
  });

  test("what every server has can be changed, and comes again when it is deleted", () => {
    const fresh = new TestCluster();
    const url = "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas/catch-all";
    const read = (): { metadata: Record<string, unknown> } => fresh.ok("GET", url);
    const before = read();
    const patched = fresh.ok<typeof before>("PATCH", url, { metadata: { labels: { a: "b" } } }, MERGE);
    expect(patched.metadata["labels"]).toEqual({ a: "b" });
    expect(patched.metadata["uid"]).toBe(before.metadata["uid"]);
    expect(read()).toEqual(patched);
    fresh.ok("DELETE", `${url}?dryRun=All`);
    expect(read()).toEqual(patched);
    fresh.ok("DELETE", url);
    const { labels, uid } = read().metadata;
    expect(labels).toBeUndefined();
    expect(uid).not.toBe(before.metadata["uid"]);
  });

  test("edits of what a server looks after are taken back, others stay", () => {
    const fresh = new TestCluster();
    const root = "/apis/flowcontrol.apiserver.k8s.io/v1";
    interface Flow {
      readonly metadata: { readonly generation: number; readonly annotations: Record<string, string> };
      readonly spec: { readonly matchingPrecedence?: number; readonly exempt?: object };
    }
    const after = (path: string, patch: object): Flow => {
      fresh.ok("PATCH", `${root}/${path}`, patch, MERGE);
      return fresh.ok<Flow>("GET", `${root}/${path}`);
    };
    const spec = { matchingPrecedence: 7 };
    const own = { metadata: { annotations: { "apf.kubernetes.io/autoupdate-spec": "false" } } };
    const reverted = after("flowschemas/probes", { spec });
    expect([reverted.spec.matchingPrecedence, reverted.metadata.generation]).toEqual([2, 3]);
    after("flowschemas/probes", own);
    expect(after("flowschemas/probes", { spec }).spec.matchingPrecedence).toBe(7);
    after("flowschemas/exempt", own);
    expect(after("flowschemas/exempt", { ...own, spec })).toMatchObject({
      metadata: { annotations: { "apf.kubernetes.io/autoupdate-spec": "true" } },
      spec: { matchingPrecedence: 1 },
    });
    const exempt = { nominalConcurrencyShares: 9, lendablePercent: 1 };
    expect(after("prioritylevelconfigurations/exempt", { spec: { exempt } }).spec.exempt).toEqual(exempt);
  });

  test("FlowSchemas and PriorityLevelConfigurations that every server has", () => {
    const fresh = new TestCluster();
    const cells = (plural: string): unknown[] =>
      fresh.table(`/apis/flowcontrol.apiserver.k8s.io/v1/${plural}`).rows.map((row) => row.cells.join(" "));
    expect(cells("flowschemas")).toEqual([
      "catch-all catch-all 10000 ByUser 0s False",
      "endpoint-controller workload-high 150 ByUser 0s False",
      "exempt exempt 1 <none> 0s False",
      "global-default global-default 9900 ByUser 0s False",
      "kube-controller-manager workload-high 800 ByNamespace 0s False",
      "kube-scheduler workload-high 800 ByNamespace 0s False",
      "kube-system-service-accounts workload-high 900 ByNamespace 0s False",
      "probes exempt 2 <none> 0s False",
      "service-accounts workload-low 9000 ByUser 0s False",
      "system-leader-election leader-election 100 ByUser 0s False",
      "system-node-high node-high 400 ByUser 0s False",
      "system-nodes system 500 ByUser 0s False",
      "workload-leader-election leader-election 200 ByUser 0s False",
    ]);
    expect(cells("prioritylevelconfigurations")).toEqual([
      "catch-all Limited 5 <none> <none> <none> 0s",
      "exempt Exempt <none> <none> <none> <none> 0s",
      "global-default Limited 20 128 6 50 0s",
      "leader-election Limited 10 16 4 50 0s",
      "node-high Limited 40 64 6 50 0s",
      "system Limited 30 64 6 50 0s",
      "workload-high Limited 40 128 6 50 0s",
      "workload-low Limited 100 128 6 50 0s",
    ]);
  });

  test("PodTemplate", () => {
    const url = "/api/v1/namespaces/default/podtemplates";
    cluster.ok("POST", url, {
      metadata: { name: "t" },
      template: { metadata: { labels: { app: "x" } }, spec: { containers: [{ name: "c", image: "nginx" }] } },
    });
    expect(rows(url)).toEqual([["t", "c", "nginx", "app=x"]]);
  });

  test("APIService: a row for each group and version", () => {
    const url = "/apis/apiregistration.k8s.io/v1/apiservices";
    expect(columns(url)).toBe("Name, Service, Available, Age");
    const shown = rows(url) as [string, string, string, string][];
    expect(shown.map(([name]) => name).filter((name) => /^v1\.(|apps|apiextensions.*|node.*)$/.test(name))).toEqual([
      "v1.",
      "v1.apiextensions.k8s.io",
      "v1.apps",
      "v1.node.k8s.io",
    ]);
    expect(new Set(shown.map(([, service, available]) => `${service} ${available}`))).toEqual(new Set(["Local True"]));
    expect(cluster.ok("GET", `${url}/v1.apps`)).toMatchObject({
      spec: { group: "apps", groupPriorityMinimum: 17_800, version: "v1", versionPriority: 15 },
    });
    expect(cluster.refused("POST", url, { metadata: { name: "x" }, spec: { group: "a.b", version: "v1", groupPriorityMinimum: 1, versionPriority: 1 } })).toBe(
      '422 APIService.apiregistration.k8s.io "x" is invalid: metadata.name: Invalid value: "x": must be `spec.version+"."+spec.group`: "v1.a.b"',
    ); // prettier-ignore
  });

  test("ComponentStatus: how the components are", () => {
    const url = "/api/v1/componentstatuses";
    expect(rows(url)).toEqual([
      ["controller-manager", "Healthy", "ok", ""],
      ["etcd-0", "Healthy", "ok", ""],
      [
        "scheduler",
        "Unhealthy",
        'Get "https://127.0.0.1:10259/healthz": dial tcp 127.0.0.1:10259: connect: connection refused',
        "",
      ],
    ]);
    expect(cluster.warnings("GET", url)).toEqual(["v1 ComponentStatus is deprecated in v1.19+"]);
    expect(cluster.refused("DELETE", `${url}/scheduler`)).toBe(
      "405 the server does not allow this method on the requested resource",
    );
  });
});

test("what the schema requires is asked for", () => {
  expect(cluster.refused("POST", "/apis/node.k8s.io/v1/runtimeclasses", { metadata: { name: "r" } })).toBe(
    '422 RuntimeClass.node.k8s.io "r" is invalid: handler: Required value',
  );
});

test("a status is written by itself, and generation counts", () => {
  const url = "/apis/storage.k8s.io/v1/volumeattachments";
  const spec = { attacher: "a", nodeName: "n", source: { persistentVolumeName: "pv" } };
  const made = cluster.ok("POST", url, { metadata: { name: "va" }, spec, status: { attached: true } });
  expect(made).toMatchObject({ status: {} });
  cluster.ok("PATCH", `${url}/va/status`, { spec: { nodeName: "x" }, status: { attached: true } }, { contentType: "application/merge-patch+json" }); // prettier-ignore
  expect(rows(url)).toEqual([["va", "a", "pv", "n", true, "0s"]]);
});

test("old versions are not there", () => {
  for (const path of [
    "/apis/extensions/v1beta1/namespaces/default/ingresses",
    "/apis/policy/v1beta1/poddisruptionbudgets",
    "/apis/batch/v1beta1/namespaces/default/cronjobs",
    "/apis/apiextensions.k8s.io/v1beta1/customresourcedefinitions",
  ])
    expect(cluster.call("GET", path)).toMatchObject({ kind: "text", code: 404, text: "404 page not found\n" });
});
