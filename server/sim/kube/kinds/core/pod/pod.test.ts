import { describe, expect, test } from "vitest";
import type { Pod } from "../../../api/index.ts";
import { namespaces, pods, priorityClasses, serviceAccounts, SYSTEM_PRIORITY_CLASSES } from "../../index.ts";
import { TestCluster } from "../../testing.ts";

const URL = "/api/v1/namespaces/default/pods";

function create(cluster: TestCluster, name: string, spec: object, metadata: object = {}): Pod {
  const containers = [{ name: "c", image: "nginx" }];
  return cluster.ok<Pod>("POST", URL, { metadata: { name, ...metadata }, spec: { containers, ...spec } });
}

describe("defaults", () => {
  const cluster = new TestCluster();

  test("of a whole Pod", () => {
    const pod = create(cluster, "web", {});
    const volume = pod.spec.volumes![0]!.name;
    expect(volume).toMatch(/^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    expect(pod).toEqual({
      kind: "Pod",
      apiVersion: "v1",
      metadata: {
        name: "web",
        namespace: "default",
        uid: pod.metadata.uid,
        resourceVersion: pod.metadata.resourceVersion,
        generation: 1,
        creationTimestamp: "2026-11-21T10:00:00Z",
        // Not what admission added: nobody owns that.
        managedFields: [
          {
            manager: "kubectl",
            operation: "Update",
            apiVersion: "v1",
            time: "2026-11-21T10:00:00Z",
            fieldsType: "FieldsV1",
            fieldsV1: {
              "f:spec": {
                "f:containers": {
                  'k:{"name":"c"}': {
                    ".": {},
                    "f:image": {},
                    "f:imagePullPolicy": {},
                    "f:name": {},
                    "f:resources": {},
                    "f:terminationMessagePath": {},
                    "f:terminationMessagePolicy": {},
                  },
                },
                "f:dnsPolicy": {},
                "f:enableServiceLinks": {},
                "f:restartPolicy": {},
                "f:schedulerName": {},
                "f:securityContext": {},
                "f:terminationGracePeriodSeconds": {},
              },
            },
          },
        ],
      },
      spec: {
        volumes: [
          {
            name: volume,
            projected: {
              sources: [
                { serviceAccountToken: { expirationSeconds: 3607, path: "token" } },
                { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
                {
                  downwardAPI: {
                    items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
                  },
                },
              ],
              defaultMode: 420,
            },
          },
        ],
        containers: [
          {
            name: "c",
            image: "nginx",
            resources: {},
            volumeMounts: [
              { name: volume, readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" },
            ],
            terminationMessagePath: "/dev/termination-log",
            terminationMessagePolicy: "File",
            imagePullPolicy: "Always",
          },
        ],
        restartPolicy: "Always",
        terminationGracePeriodSeconds: 30,
        dnsPolicy: "ClusterFirst",
        serviceAccountName: "default",
        serviceAccount: "default",
        securityContext: {},
        schedulerName: "default-scheduler",
        tolerations: [
          { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
          { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
        ],
        priority: 0,
        enableServiceLinks: true,
        preemptionPolicy: "PreemptLowerPriority",
      },
      status: { phase: "Pending", qosClass: "BestEffort" },
    });
  });

  test.each([
    ["nginx", "Always"],
    ["nginx:latest", "Always"],
    ["nginx:1.27", "IfNotPresent"],
    ["registry:5000/nginx", "Always"],
    ["nginx@sha256:0000000000000000000000000000000000000000000000000000000000000000", "IfNotPresent"],
  ])("the pull policy of %s is %s", (image, policy) => {
    const spec = { containers: [{ name: "c", image }] };
    const url = `${URL}?dryRun=All`;
    expect(cluster.ok<Pod>("POST", url, { metadata: { name: "x" }, spec }).spec.containers[0]!.imagePullPolicy).toBe(
      policy,
    );
  });

  test("of probes, ports and volumes", () => {
    const { spec } = create(cluster, "probed", {
      automountServiceAccountToken: false,
      volumes: [{ name: "a" }, { name: "b", configMap: { name: "m" } }, { name: "c", hostPath: { path: "/x" } }],
      containers: [
        {
          name: "c",
          image: "nginx:1",
          ports: [{ containerPort: 80 }],
          livenessProbe: { httpGet: { port: 80 } },
          resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m" } },
        },
      ],
    });
    expect(spec.volumes).toEqual([
      { name: "a", emptyDir: {} },
      { name: "b", configMap: { name: "m", defaultMode: 420 } },
      { name: "c", hostPath: { path: "/x", type: "" } },
    ]);
    expect(spec.containers[0]).toMatchObject({
      ports: [{ containerPort: 80, protocol: "TCP" }],
      livenessProbe: {
        httpGet: { path: "/", port: 80, scheme: "HTTP" },
        timeoutSeconds: 1,
        periodSeconds: 10,
        successThreshold: 1,
        failureThreshold: 3,
      },
      resources: { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "500m", memory: "1Gi" } },
    });
  });

  test("on the host's network", () => {
    const { spec } = create(cluster, "hosted", {
      hostNetwork: true,
      containers: [{ name: "c", image: "nginx", ports: [{ containerPort: 8080 }] }],
    });
    expect(spec.containers[0]!.ports).toEqual([{ hostPort: 8080, containerPort: 8080, protocol: "TCP" }]);
  });

  test.each([
    ["BestEffort", {}],
    ["Burstable", { requests: { cpu: "1" } }],
    ["Guaranteed", { limits: { cpu: "1", memory: "1Gi" } }],
  ])("%s", (qosClass, resources) => {
    const pod = create(cluster, `qos-${qosClass.toLowerCase()}`, {
      containers: [{ name: "c", image: "nginx", resources }],
    });
    expect(pod.status.qosClass).toBe(qosClass);
  });
});

describe("admission", () => {
  test("the service account must be there", () => {
    const cluster = new TestCluster();
    expect(
      cluster.refused("POST", URL, {
        metadata: { name: "web" },
        spec: { serviceAccountName: "robot", containers: [{ name: "c", image: "x" }] },
      }),
    ).toBe(
      `403 pods "web" is forbidden: error looking up service account default/robot: serviceaccount "robot" not found`,
    );
  });

  test("the default one is waited for", () => {
    const cluster = new TestCluster();
    cluster.client.create(namespaces, { metadata: { name: "fresh" } });
    const body = { metadata: { name: "web" }, spec: { containers: [{ name: "c", image: "x" }] } };
    let response = cluster.call("POST", "/api/v1/namespaces/fresh/pods", body);
    expect(response).toMatchObject({ kind: "pending", after: 150_000 });
    if (response.kind !== "pending") return;
    const { request } = response;
    for (let tries = 0; response.kind === "pending" && tries < 20; tries++)
      response = cluster.api.handle(response.request);
    expect(response).toMatchObject({
      code: 403,
      object: {
        message: `pods "web" is forbidden: error looking up service account fresh/default: serviceaccount "default" not found`,
      },
    });
    cluster.client.create(serviceAccounts, { metadata: { name: "default", namespace: "fresh" } });
    expect(cluster.api.handle(request)).toMatchObject({ code: 201 });
  });

  test("the account decides about secrets and the token", () => {
    const cluster = new TestCluster();
    cluster.client.create(serviceAccounts, {
      metadata: { name: "robot", namespace: "default" },
      imagePullSecrets: [{ name: "registry" }],
      automountServiceAccountToken: false,
    });
    const { spec } = create(cluster, "web", { serviceAccountName: "robot" });
    expect([spec.imagePullSecrets, spec.volumes]).toEqual([[{ name: "registry" }], undefined]);
    expect(
      create(cluster, "own", { serviceAccountName: "robot", automountServiceAccountToken: true }).spec.volumes,
    ).toHaveLength(1);
  });

  test("a mirror Pod gets no token", () => {
    const pod = create(
      new TestCluster(),
      "web",
      { nodeName: "node01" },
      { annotations: { "kubernetes.io/config.mirror": "x" } },
    );
    expect([pod.spec.volumes, pod.spec.serviceAccountName]).toEqual([undefined, undefined]);
  });

  test("tolerations that are there already stay alone", () => {
    const mine = { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 };
    expect(create(new TestCluster(), "web", { tolerations: [mine] }).spec.tolerations).toEqual([
      mine,
      { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 },
    ]);
  });

  test("priority classes", () => {
    const cluster = new TestCluster();
    for (const one of SYSTEM_PRIORITY_CLASSES) cluster.client.create(priorityClasses, one);
    expect(create(cluster, "important", { priorityClassName: "system-node-critical" }).spec.priority).toBe(2000001000);
    const spec = { containers: [{ name: "c", image: "x" }] };
    expect(
      cluster.refused("POST", URL, { metadata: { name: "web" }, spec: { ...spec, priorityClassName: "none" } }),
    ).toBe(`403 pods "web" is forbidden: no PriorityClass with name none was found`);
    expect(cluster.refused("POST", URL, { metadata: { name: "web" }, spec: { ...spec, priority: 7 } })).toBe(
      `403 pods "web" is forbidden: the integer value of priority (7) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name`,
    );
  });

  test("plugins can be off", () => {
    const cluster = new TestCluster({ settings: { disableAdmission: ["ServiceAccount", "DefaultTolerationSeconds"] } });
    const { spec } = create(cluster, "web", {});
    expect([spec.volumes, spec.tolerations, spec.serviceAccountName]).toEqual([undefined, undefined, undefined]);
  });
});

describe("binding", () => {
  const target = { kind: "Node", name: "node01" };

  test("puts a Pod on its node, once", () => {
    const cluster = new TestCluster();
    create(cluster, "web", {});
    const bound = cluster.ok("POST", `${URL}/web/binding`, { metadata: { name: "web" }, target });
    expect(bound).toMatchObject({ kind: "Status", status: "Success", code: 201 });
    const pod = cluster.client.get(pods, "default", "web")!;
    expect([pod.spec.nodeName, pod.status.conditions]).toEqual([
      "node01",
      [{ type: "PodScheduled", status: "True", lastProbeTime: null, lastTransitionTime: "2026-11-21T10:00:00Z" }],
    ]);
    expect(
      cluster.refused("POST", `${URL}/web/binding`, {
        metadata: { name: "web" },
        target: { ...target, name: "node02" },
      }),
    ).toBe(`409 Operation cannot be fulfilled on pods/binding "web": pod web is already assigned to node "node01"`);
  });

  test("the Pods of a node are found by an index", () => {
    const cluster = new TestCluster();
    for (const name of ["a", "b", "c"]) create(cluster, name, {});
    cluster.client.act(pods, "default", "b", "binding", { target });
    expect(cluster.client.byField(pods, "spec.nodeName", "node01").map(({ metadata }) => metadata.name)).toEqual(["b"]);
    expect(cluster.client.byField(pods, "spec.nodeName", "").map(({ metadata }) => metadata.name)).toEqual(["a", "c"]);
  });
});

describe("deletion", () => {
  test("of a Pod that is nowhere is at once", () => {
    const cluster = new TestCluster();
    create(cluster, "web", {});
    cluster.ok("DELETE", `${URL}/web`);
    expect(cluster.client.get(pods, "default", "web")).toBeUndefined();
  });

  test("of a Pod on a node waits for the kubelet", () => {
    const cluster = new TestCluster();
    create(cluster, "web", { nodeName: "node01" });
    const gone = cluster.ok<Pod>("DELETE", `${URL}/web`);
    expect(gone.metadata).toMatchObject({
      deletionTimestamp: "2026-11-21T10:00:30Z",
      deletionGracePeriodSeconds: 30,
      generation: 2,
    });
    expect(cluster.ok<Pod>("DELETE", `${URL}/web`).metadata.resourceVersion).toBe(gone.metadata.resourceVersion);
    cluster.ok("DELETE", `${URL}/web`, { gracePeriodSeconds: 5 });
    expect(cluster.client.get(pods, "default", "web")!.metadata).toMatchObject({
      deletionTimestamp: "2026-11-21T10:00:05Z",
      deletionGracePeriodSeconds: 5,
    });
    cluster.client.delete(pods, "default", "web", { gracePeriodSeconds: 0, preconditions: { uid: gone.metadata.uid } });
    expect(cluster.client.get(pods, "default", "web")).toBeUndefined();
  });

  test("a watch sees how it goes", () => {
    const cluster = new TestCluster();
    create(cluster, "web", { nodeName: "node01" });
    const { events } = cluster.watch(`${URL}?watch=1`);
    cluster.ok("DELETE", `${URL}/web`);
    cluster.ok("DELETE", `${URL}/web?gracePeriodSeconds=0`);
    expect(events.map(({ type }) => type)).toEqual(["ADDED", "MODIFIED", "MODIFIED", "DELETED"]);
  });

  test("eviction deletes, and can be dry", () => {
    const cluster = new TestCluster();
    create(cluster, "web", {});
    const eviction = { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: "web", namespace: "default" } };
    cluster.ok("POST", `${URL}/web/eviction`, { ...eviction, deleteOptions: { dryRun: ["All"] } });
    expect(cluster.client.get(pods, "default", "web")).toBeDefined();
    expect(cluster.ok("POST", `${URL}/web/eviction`, eviction)).toMatchObject({
      kind: "Status",
      status: "Success",
      code: 201,
    });
    expect(cluster.client.get(pods, "default", "web")).toBeUndefined();
  });
});

describe("ephemeral containers", () => {
  const STRATEGIC = { contentType: "application/strategic-merge-patch+json" };
  const debug = (name: string, more: object = {}): object => ({
    spec: { hostname: "ignored", ephemeralContainers: [{ name, image: "busybox", ...more }] },
  });

  test("come to a Pod that runs, and stay", () => {
    const cluster = new TestCluster();
    create(cluster, "web", {});
    const url = `${URL}/web/ephemeralcontainers`;
    cluster.ok("PATCH", url, debug("one", { targetContainerName: "c" }), STRATEGIC);
    cluster.ok("PATCH", url, debug("two"), STRATEGIC);
    const { spec, metadata } = cluster.client.get(pods, "default", "web")!;
    expect(spec.ephemeralContainers!.map(({ name }) => name).sort()).toEqual(["one", "two"]);
    expect([spec.hostname, metadata.generation]).toEqual([undefined, 3]);
    expect(spec.ephemeralContainers![0]).toMatchObject({
      resources: {},
      imagePullPolicy: "Always",
      terminationMessagePolicy: "File",
    });
    expect(cluster.refused("PATCH", url, debug("one", { image: "other" }), STRATEGIC)).toContain(
      'spec.ephemeralContainers: Forbidden: existing ephemeral containers "one" may not be changed',
    );
    expect(cluster.refused("PATCH", url, debug("three", { targetContainerName: "none" }), STRATEGIC)).toContain(
      '.targetContainerName: Not found: "none"',
    );
    expect(cluster.refused("PUT", url, { metadata, spec: { containers: spec.containers } })).toContain(
      'existing ephemeral containers "one" may not be removed',
    );
  });
});

describe("streams", () => {
  const two = {
    containers: [
      { name: "a", image: "x" },
      { name: "b", image: "x" },
    ],
  };

  test("the server refuses before it asks a node", () => {
    const cluster = new TestCluster();
    create(cluster, "web", two);
    expect(cluster.refused("GET", `${URL}/none/log`)).toBe(`404 pods "none" not found`);
    expect(cluster.refused("GET", `${URL}/web/log`)).toBe(
      "400 a container name must be specified for pod web, choose one of: [a b]",
    );
    expect(cluster.refused("GET", `${URL}/web/log?container=z`)).toBe("400 container z is not valid for pod web");
    expect(cluster.refused("POST", `${URL}/web/exec?container=a&command=ls&stdout=true`)).toBe(
      "400 pod web does not have a host assigned",
    );
  });

  test("who runs the node answers", () => {
    const cluster = new TestCluster();
    create(cluster, "web", { nodeName: "node01" });
    expect(cluster.refused("GET", `${URL}/web/log`)).toContain("drydock: ");
    cluster.api.stream("pods", "log", ({ metadata }, { query }) => ({
      kind: "text",
      code: 200,
      text: `${metadata.name} ${query["tailLines"]?.[0]}`,
      mediaType: "text/plain",
    }));
    expect(cluster.call("GET", `${URL}/web/log?tailLines=3`)).toMatchObject({ text: "web 3" });
  });
});
