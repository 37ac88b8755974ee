import { expect, test } from "vitest";
import { parse } from "yaml";
import { PUBLISHED_MANIFESTS, readManifest } from "../addons/manifests/index.ts";
import { fixture, init } from "../kubeadm/testing.ts";
import type { DaemonSet } from "../api/index.ts";
import { KINDS } from "./index.ts";
import { TestCluster } from "./testing.ts";

interface Sent {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Creates an object as kubectl does, strictly; what is not served yet is left out. */
function create(cluster: TestCluster, object: Sent): unknown {
  const kind = KINDS.find(
    (each) =>
      each.kind === object.kind &&
      (each.group === "" ? each.version : `${each.group}/${each.version}`) === object.apiVersion,
  );
  if (!kind) return undefined;
  const { namespace = "default" } = object.metadata;
  const root = kind.group === "" ? `/api/${kind.version}` : `/apis/${object.apiVersion}`;
  const url = kind.namespaced ? `${root}/namespaces/${namespace}/${kind.plural}` : `${root}/${kind.plural}`;
  return cluster.ok("POST", `${url}?fieldValidation=Strict`, object);
}

function withNamespaces(): TestCluster {
  const cluster = new TestCluster();
  for (const name of ["kube-system", "kube-public"]) cluster.ok("POST", "/api/v1/namespaces", { metadata: { name } });
  return cluster;
}

test("what kubeadm makes is accepted strictly", () => {
  const cluster = withNamespaces();
  const made = init().phases.flatMap(({ objects }) => objects.map((object) => create(cluster, object)));
  expect(made.length).toBeGreaterThan(8);
  expect(made.every((object) => object !== undefined)).toBe(true);
});

test("so is what projects publish", () => {
  for (const text of new Set(PUBLISHED_MANIFESTS.values())) {
    const cluster = withNamespaces();
    for (const object of readManifest(text).objects) expect(create(cluster, object)).toBeDefined();
  }
});

test("kube-proxy's DaemonSet gets the defaults of a real cluster", () => {
  const cluster = withNamespaces();
  for (const { objects } of init().phases) for (const object of objects) create(cluster, object);
  const made = cluster.ok<DaemonSet>("GET", "/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy");
  const real = parse(fixture("kube-proxy-daemonset-1.34.0.yaml").replaceAll("v1.34.0", "v1.33.1")) as DaemonSet;
  const { template, ...spec } = real.spec;
  // 1.34 does not print the template's empty creationTimestamp any more.
  const metadata = { ...template.metadata, creationTimestamp: null };
  expect(made.spec).toEqual({ ...spec, template: { ...template, metadata } });
  expect(made.metadata).toMatchObject({
    annotations: real.metadata.annotations,
    generation: 1,
    labels: real.metadata.labels,
  });
});
