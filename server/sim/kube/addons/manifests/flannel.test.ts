import { expect, test } from "vitest";
import { flannelManifest, PUBLISHED_MANIFESTS } from "./index.ts";

interface Container {
  name: string;
  image: string;
  command: string[];
  args: string[];
  volumeMounts: { name: string; mountPath: string }[];
}
interface DaemonSet {
  spec: { template: { spec: { initContainers: Container[]; containers: Container[]; volumes: { name: string }[] } } };
}

const { objects, rbac, text } = flannelManifest();

test("flannel's objects come in the order in which kubectl reports them (facts/network.md 3.4)", () => {
  expect(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? "-"}/${metadata.name}`)).toEqual([
    "Namespace -/kube-flannel",
    "ClusterRole -/flannel",
    "ClusterRoleBinding -/flannel",
    "ServiceAccount kube-flannel/flannel",
    "ConfigMap kube-flannel/kube-flannel-cfg",
    "DaemonSet kube-flannel/kube-flannel-ds",
  ]);
  expect(rbac).toEqual(objects.slice(1, 3));
});

test("the daemon's containers run what the manifest of v0.27.0 says", () => {
  const { initContainers, containers, volumes } = (objects.at(-1) as unknown as DaemonSet).spec.template.spec;
  expect(
    [...initContainers, ...containers].map(({ name, image, command, args }) =>
      [name, image, ...command, ...args].join(" "),
    ),
  ).toEqual([
    "install-cni-plugin ghcr.io/flannel-io/flannel-cni-plugin:v1.7.1-flannel1 cp -f /flannel /opt/cni/bin/flannel",
    "install-cni ghcr.io/flannel-io/flannel:v0.27.0 cp -f /etc/kube-flannel/cni-conf.json /etc/cni/net.d/10-flannel.conflist",
    "kube-flannel ghcr.io/flannel-io/flannel:v0.27.0 /opt/bin/flanneld --ip-masq --kube-subnet-mgr",
  ]);
  const mounted = [...initContainers, ...containers].flatMap(({ volumeMounts }) =>
    volumeMounts.map(({ name }) => name),
  );
  expect(new Set(mounted)).toEqual(new Set(volumes.map(({ name }) => name)));
});

test("another Pod subnet changes net-conf.json and nothing else", () => {
  const other = flannelManifest("10.200.0.0/16");
  expect(other.text.replace("10.200.0.0/16", "10.244.0.0/16")).toBe(text);
  const config = other.objects.find(({ kind }) => kind === "ConfigMap")!["data"] as Record<string, string>;
  expect(JSON.parse(config["net-conf.json"]!)).toEqual({
    Network: "10.200.0.0/16",
    EnableNFTables: false,
    Backend: { Type: "vxlan" },
  });
  expect(JSON.parse(config["cni-conf.json"]!)).toMatchObject({ name: "cbr0", cniVersion: "0.3.1" });
});

test("the addresses of flannel's documentation serve the text", () => {
  expect(
    PUBLISHED_MANIFESTS.get("https://github.com/flannel-io/flannel/releases/download/v0.27.0/kube-flannel.yml")?.(),
  ).toBe(text);
});
