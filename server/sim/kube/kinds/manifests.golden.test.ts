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

interface Definition {
  readonly spec?: { readonly names?: { readonly kind: string } };
}

/** What kubectl sends of a List. */
function itemsOf(object: Sent): readonly Sent[] {
  return object.kind === "List" ? (object as unknown as { items: Sent[] }).items : [object];
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
  const texts = new Set([...PUBLISHED_MANIFESTS.values()].map((text) => text()));
  const objects = [...texts].map((text) => readManifest(text).objects.flatMap((object) => itemsOf(object)));
  const defined = new Set(
    objects.flat().flatMap((object) => (object as unknown as Definition).spec?.names?.kind ?? []),
  );
  for (const manifest of objects) {
    const cluster = withNamespaces();
    for (const object of manifest)
      if (!defined.has(object.kind))
        expect(create(cluster, object), `${object.kind} ${object.metadata.name}`).toBeDefined();
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
