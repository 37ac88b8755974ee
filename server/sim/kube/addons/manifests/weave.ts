import { binding, manifestText, role, rule, type Written } from "./objects.ts";

const NAME = "weave-net";
const within = { name: NAME, labels: { name: NAME }, namespace: "kube-system" };
const named = { name: NAME, labels: { name: NAME } };

/** weave-daemonset-k8s.yaml of weave's releases: a List, so that kubectl reports its items. */
export function weaveYaml(version: string): string {
  const items: Written[] = [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: within },
    role(named, [
      rule("core", "pods namespaces nodes", "get list watch"),
      rule("extensions", "networkpolicies", "get list watch"),
      rule("networking.k8s.io", "networkpolicies", "get list watch"),
      rule("core", "nodes/status", "patch update"),
    ]),
    binding(named, NAME, `kube-system/${NAME}`),
    role(within, [rule("core", "configmaps", "get update", NAME), rule("core", "configmaps", "create")]),
    binding(within, NAME, `kube-system/${NAME}`),
    daemonSet(version),
  ];
  return manifestText([{ apiVersion: "v1", kind: "List", items }]);
}

function daemonSet(version: string): Written {
  const kube = `weaveworks/weave-kube:${version}`;
  const hostname = { name: "HOSTNAME", valueFrom: { fieldRef: { apiVersion: "v1", fieldPath: "spec.nodeName" } } };
  const xtables = { name: "xtables-lock", mountPath: "/run/xtables.lock", readOnly: false };
  const privileged = { privileged: true };
  const resources = { requests: { cpu: "50m" } };
  const init = {
    name: "weave-init",
    image: kube,
    imagePullPolicy: "IfNotPresent",
    command: ["/home/weave/init.sh"],
    securityContext: privileged,
    volumeMounts: [
      { name: "cni-bin", mountPath: "/host/opt" },
      { name: "cni-bin2", mountPath: "/host/home" },
      { name: "cni-conf", mountPath: "/host/etc" },
      { name: "lib-modules", mountPath: "/lib/modules" },
      xtables,
    ],
  };
  const weave = {
    name: "weave",
    command: ["/home/weave/launch.sh"],
    env: [{ name: "INIT_CONTAINER", value: "true" }, hostname],
    image: kube,
    imagePullPolicy: "IfNotPresent",
    readinessProbe: { httpGet: { host: "127.0.0.1", path: "/status", port: 6784 } },
    resources,
    securityContext: privileged,
    volumeMounts: [
      { name: "weavedb", mountPath: "/weavedb" },
      { name: "dbus", mountPath: "/host/var/lib/dbus", readOnly: true },
      { mountPath: "/host/etc/machine-id", name: "cni-machine-id", readOnly: true },
      xtables,
    ],
  };
  const npc = {
    name: "weave-npc",
    env: [hostname],
    image: `weaveworks/weave-npc:${version}`,
    imagePullPolicy: "IfNotPresent",
    resources,
    securityContext: privileged,
    volumeMounts: [xtables],
  };
  const hostPath = (name: string, path: string, type?: string): Written => ({
    name,
    hostPath: { path, ...(type === undefined ? {} : { type }) },
  });
  const spec = {
    initContainers: [init],
    containers: [weave, npc],
    hostNetwork: true,
    dnsPolicy: "ClusterFirstWithHostNet",
    hostPID: false,
    restartPolicy: "Always",
    securityContext: { seLinuxOptions: {} },
    serviceAccountName: NAME,
    tolerations: ["NoSchedule", "NoExecute"].map((effect) => ({ effect, operator: "Exists" })),
    volumes: [
      hostPath("weavedb", "/var/lib/weave"),
      hostPath("cni-bin", "/opt"),
      hostPath("cni-bin2", "/home"),
      hostPath("cni-conf", "/etc"),
      hostPath("cni-machine-id", "/etc/machine-id"),
      hostPath("dbus", "/var/lib/dbus"),
      hostPath("lib-modules", "/lib/modules"),
      hostPath("xtables-lock", "/run/xtables.lock", "FileOrCreate"),
    ],
    priorityClassName: "system-node-critical",
  };
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: within,
    spec: {
      selector: { matchLabels: { name: NAME } },
      minReadySeconds: 5,
      template: { metadata: { labels: { name: NAME } }, spec },
      updateStrategy: { type: "RollingUpdate" },
    },
  };
}
