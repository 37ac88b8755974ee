import { expect, test } from "vitest";
import { parse } from "yaml";
import { containerdConfig, type KubeObject } from "./index.ts";
import { files, fixture, init, textOf } from "./testing.ts";

const MANIFESTS = "/etc/kubernetes/manifests";

/** A cluster of KodeKloud, as the notes of the fixtures show it. */
function kodekloud(address: string): ReturnType<typeof init> {
  return init({
    version: "v1.33.0",
    controlPlane: { name: "controlplane", address },
    podSubnet: "172.17.0.0/16",
    serviceSubnet: "172.20.0.0/16",
    controlPlaneEndpoint: "controlplane:6443",
    certSANs: ["controlplane"],
  });
}

function object(started: ReturnType<typeof init>, kind: string, name: string): KubeObject {
  return started.phases
    .flatMap(({ objects }) => objects)
    .find((each) => each.kind === kind && each.metadata.name === name)!;
}

test.each(["kube-apiserver", "etcd", "kube-scheduler"])("the manifest of %s is a real one's text", (name) => {
  const list = files(kodekloud("192.168.102.134"));
  expect(textOf(list, `${MANIFESTS}/${name}.yaml`)).toBe(fixture(`${name}-1.33.0.yaml`));
});

test("the manifests have the sizes that `ls -l` shows on a real control plane (id 11984316737)", () => {
  const list = files(kodekloud("192.168.65.231"));
  const sizes = ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"].map(
    (name) => textOf(list, `${MANIFESTS}/${name}.yaml`).length,
  );
  expect(sizes).toEqual([2559, 3893, 3394, 1656]);
});

test("the kubelet's configuration is a real one's text, as file and as ConfigMap", () => {
  const started = init();
  expect(textOf(files(started), "/var/lib/kubelet/config.yaml")).toBe(fixture("kubelet-config-1.33.2.yaml"));
  expect(object(started, "ConfigMap", "kubelet-config")["data"]).toEqual({
    kubelet: fixture("kubelet-config-1.33.2.yaml"),
  });
});

test("kubeadm-config is a real one's text", () => {
  const { data } = object(kodekloud("192.168.121.223"), "ConfigMap", "kubeadm-config");
  expect(data).toEqual({ ClusterConfiguration: fixture("kubeadm-config-1.33.0.yaml") });
});

test("kube-proxy's ConfigMap is a real one, its hash included", () => {
  const real = parse(fixture("kube-proxy-configmap-1.34.0.yaml")) as KubeObject;
  const ours = object(kodekloud("192.168.102.134"), "ConfigMap", "kube-proxy");
  expect(ours["data"]).toEqual(real["data"]);
  expect(ours.metadata.annotations).toEqual(real.metadata.annotations);
  expect(ours.metadata.labels).toEqual(real.metadata.labels);
});

test("containerd's configuration is the real default", () => {
  expect(containerdConfig({ systemdCgroup: true })).toBe(fixture("containerd-1.7.27-config.toml"));
});

test("kube-proxy's DaemonSet is a real one but for what the API fills in", () => {
  const real = fixture("kube-proxy-daemonset-1.34.0.yaml").replace("kube-proxy:v1.34.0", "kube-proxy:v1.33.1");
  expect(parse(real)).toMatchObject(object(init(), "DaemonSet", "kube-proxy"));
});
