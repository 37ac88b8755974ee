import { binding, fromField, manifestText, role, rule, type Written } from "./objects.ts";

const NS = "local-path-storage";
const ACCOUNT = "local-path-provisioner-service-account";
const NAME = "local-path-provisioner";

/** deploy/local-path-storage.yaml of rancher/local-path-provisioner. */
export function localPathYaml(version: string): string {
  const within = (name: string) => ({ name, namespace: NS });
  return manifestText([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NS } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: within(ACCOUNT) },
    role(within(`${NAME}-role`), [rule("core", "pods", "get list watch create patch update delete")]),
    role({ name: `${NAME}-role` }, [
      rule("core", "nodes persistentvolumeclaims configmaps pods pods/log", "get list watch"),
      rule("core", "persistentvolumes", "get list watch create patch update delete"),
      rule("core", "events", "create patch"),
      rule("storage.k8s.io", "storageclasses", "get list watch"),
    ]),
    binding(within(`${NAME}-bind`), `${NAME}-role`, `${NS}/${ACCOUNT}`),
    binding({ name: `${NAME}-bind` }, `${NAME}-role`, `${NS}/${ACCOUNT}`),
    { apiVersion: "apps/v1", kind: "Deployment", metadata: within(NAME), spec: deploymentSpec(version) },
    {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: "local-path" },
      provisioner: "rancher.io/local-path",
      volumeBindingMode: "WaitForFirstConsumer",
      reclaimPolicy: "Delete",
    },
    { apiVersion: "v1", kind: "ConfigMap", metadata: within("local-path-config"), data: CONFIG },
  ]);
}

function deploymentSpec(version: string): Written {
  const labels = { app: NAME };
  const container = {
    name: NAME,
    image: `rancher/local-path-provisioner:${version}`,
    imagePullPolicy: "IfNotPresent",
    command: [NAME, "--debug", "start", "--config", "/etc/config/config.json"],
    volumeMounts: [{ name: "config-volume", mountPath: "/etc/config/" }],
    env: [fromField("POD_NAMESPACE", "metadata.namespace"), { name: "CONFIG_MOUNT_PATH", value: "/etc/config/" }],
  };
  return {
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: ACCOUNT,
        containers: [container],
        volumes: [{ name: "config-volume", configMap: { name: "local-path-config" } }],
      },
    },
  };
}

const CONFIG = {
  "config.json": `{
  "nodePathMap": [
    { "node": "DEFAULT_PATH_FOR_NON_LISTED_NODES", "paths": ["/opt/local-path-provisioner"] }
  ]
}
`,
  setup: '#!/bin/sh\nset -eu\nmkdir -m 0777 -p "$VOL_DIR"\n',
  teardown: '#!/bin/sh\nset -eu\nrm -rf "$VOL_DIR"\n',
  "helperPod.yaml": `apiVersion: v1
kind: Pod
metadata:
  name: helper-pod
spec:
  priorityClassName: system-node-critical
  tolerations:
  - key: node.kubernetes.io/disk-pressure
    operator: Exists
    effect: NoSchedule
  containers:
  - name: helper-pod
    image: busybox
    imagePullPolicy: IfNotPresent
`,
};
