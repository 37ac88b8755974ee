import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { loadUnitFile, readExecutable, values } from "../../host/index.ts";
import { testHosts } from "../../host/testing.ts";
import { certificatePem } from "../pki/index.ts";
import {
  clusterInfo,
  containerdPackage,
  kubeadmInit,
  kubernetesPackages,
  nodePrerequisites,
  resolveCluster,
  tokenSignature,
} from "./index.ts";
import { CREATED, files, init, textOf } from "./testing.ts";

interface Kubeconfig {
  clusters: { name: string; cluster: Record<string, string> }[];
  contexts: { name: string; context: Record<string, string> }[];
  "current-context": string;
  users: { name: string; user: Record<string, string> }[];
}

const started = init();
const control = files(started);
const worker = files(started, "node01");

test("every YAML file parses", () => {
  const documents = [...control, ...worker].filter(({ path }) => /\.(yaml|conf)$/.test(path));
  expect(documents.length).toBe(12);
  for (const file of documents) if ("text" in file) expect(parse(file.text)).toHaveProperty("kind");
});

test.each([
  ["admin.conf", "kubernetes-admin"],
  ["super-admin.conf", "kubernetes-super-admin"],
  ["controller-manager.conf", "system:kube-controller-manager"],
  ["scheduler.conf", "system:kube-scheduler"],
])("%s carries the authority, the certificate and the key of %s", (name, user) => {
  const config = parse(textOf(control, `/etc/kubernetes/${name}`)) as Kubeconfig;
  const { file, client } = started.configs.get(name)!;
  const decoded = (text: string | undefined): string => Buffer.from(text ?? "", "base64").toString();
  expect(config.clusters[0]!.cluster["server"]).toBe("https://172.30.1.2:6443");
  expect(decoded(config.clusters[0]!.cluster["certificate-authority-data"])).toBe(
    textOf(control, "/etc/kubernetes/pki/ca.crt"),
  );
  expect(config["current-context"]).toBe(`${user}@kubernetes`);
  expect(config.contexts).toEqual([{ name: `${user}@kubernetes`, context: { cluster: "kubernetes", user } }]);
  expect(decoded(config.users[0]!.user["client-certificate-data"])).toBe(certificatePem(client.certificate));
  expect(decoded(config.users[0]!.user["client-key-data"])).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
  expect(file.mode).toBe(0o600);
});

test("kubelet.conf points to the rotated certificate in the end, on both kinds of node", () => {
  const pem = "/var/lib/kubelet/pki/kubelet-client-current.pem";
  const credentials = { "client-certificate": pem, "client-key": pem };
  const onControlPlane = parse(textOf(control, "/etc/kubernetes/kubelet.conf")) as Kubeconfig;
  expect(onControlPlane.users).toEqual([{ name: "system:node:controlplane", user: credentials }]);
  const onWorker = parse(textOf(worker, "/etc/kubernetes/kubelet.conf")) as Kubeconfig;
  expect(onWorker.users).toEqual([{ name: "default-auth", user: credentials }]);
  expect(onWorker.contexts).toEqual([
    { name: "default-context", context: { cluster: "default-cluster", namespace: "default", user: "default-auth" } },
  ]);
});

test("a worker has the authority's certificate but not its key", () => {
  const pki = worker.map(({ path }) => path).filter((path) => path.startsWith("/etc/kubernetes"));
  expect(pki).toEqual(["/etc/kubernetes/pki", "/etc/kubernetes/pki/ca.crt", "/etc/kubernetes/kubelet.conf"]);
  expect(textOf(worker, "/var/lib/kubelet/kubeadm-flags.env")).toBe(
    'KUBELET_KUBEADM_ARGS="--container-runtime-endpoint=unix:///var/run/containerd/containerd.sock --pod-infra-container-image=registry.k8s.io/pause:3.10"\n',
  );
});

test("private things are private", () => {
  for (const file of [...control, ...worker]) {
    if (!/\.key$|sa\.pub$|\.pem$|etc\/kubernetes\/[a-z-]+\.conf$|manifests\/.*yaml$/.test(file.path)) continue;
    if ("text" in file) expect([file.path, file.mode]).toEqual([file.path, 0o600]);
  }
  expect(control.find(({ path }) => path === "/var/lib/etcd")?.mode).toBe(0o700);
});

test("init goes through kubeadm's phases and leaves these objects", () => {
  const words = started.phases.map(({ name, objects, rbac }) =>
    [name, ...[...objects, ...rbac].map(({ kind, metadata }) => `${kind}/${metadata.name}`)].join(" "),
  );
  const token = started.token.id;
  expect(words).toEqual([
    "certs",
    "kubeconfig",
    "etcd",
    "control-plane",
    "kubelet-start",
    "wait-control-plane ClusterRoleBinding/kubeadm:cluster-admins",
    "upload-config/kubeadm ConfigMap/kubeadm-config Role/kubeadm:nodes-kubeadm-config RoleBinding/kubeadm:nodes-kubeadm-config",
    "upload-config/kubelet ConfigMap/kubelet-config Role/kubeadm:kubelet-config RoleBinding/kubeadm:kubelet-config",
    "mark-control-plane",
    `bootstrap-token Secret/bootstrap-token-${token} ConfigMap/cluster-info ClusterRole/kubeadm:get-nodes ClusterRoleBinding/kubeadm:get-nodes ClusterRoleBinding/kubeadm:kubelet-bootstrap ClusterRoleBinding/kubeadm:node-autoapprove-bootstrap ClusterRoleBinding/kubeadm:node-autoapprove-certificate-rotation Role/kubeadm:bootstrap-signer-clusterinfo RoleBinding/kubeadm:bootstrap-signer-clusterinfo`,
    "kubelet-finalize",
    "addon/coredns ConfigMap/coredns ServiceAccount/coredns Deployment/coredns Service/kube-dns ClusterRole/system:coredns ClusterRoleBinding/system:coredns",
    "addon/kube-proxy ConfigMap/kube-proxy DaemonSet/kube-proxy ServiceAccount/kube-proxy ClusterRoleBinding/kubeadm:node-proxier Role/kube-proxy RoleBinding/kube-proxy",
  ]);
});

test("the join command names the API server, the token and the authority's public key", () => {
  expect(started.joinCommand).toMatch(
    /^kubeadm join 172\.30\.1\.2:6443 --token [a-z0-9]{6}\.[a-z0-9]{16} --discovery-token-ca-cert-hash sha256:[0-9a-f]{64}$/,
  );
});

test("cluster-info tells a stranger where the cluster is, and a token's holder can check it", () => {
  const ca = started.certificates.get("ca")!.certificate;
  const { data } = clusterInfo(started.cluster, ca);
  expect(data.kubeconfig.replace(/data: .*/, "data: …")).toBe(`apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: …
    server: https://172.30.1.2:6443
  name: ""
contexts: null
current-context: ""
kind: Config
preferences: {}
users: null
`);
  const token = { id: "abcdef", secret: "0123456789abcdef", expires: 0, description: "" };
  const [header, nothing, signature] = tokenSignature(data.kubeconfig, token).split(".");
  expect(Buffer.from(header!, "base64url").toString()).toBe('{"alg":"HS256","kid":"abcdef"}');
  expect(nothing).toBe("");
  const signed = `${header!}.${Buffer.from(data.kubeconfig).toString("base64url")}`;
  expect(signature).toBe(createHmac("sha256", token.secret).update(signed).digest("base64url"));
});

test("subnets, domain and endpoint reach every file that names them", () => {
  const other = init({
    serviceSubnet: "10.32.0.0/20",
    podSubnet: "10.200.0.0/16",
    dnsDomain: "lab.internal",
    controlPlaneEndpoint: "api.lab:6443",
    resolvConf: undefined,
  });
  const list = files(other);
  expect(textOf(list, "/var/lib/kubelet/config.yaml")).toContain(
    "clusterDNS:\n- 10.32.0.10\nclusterDomain: lab.internal\n",
  );
  expect(textOf(list, "/var/lib/kubelet/config.yaml")).not.toContain("resolvConf");
  expect(textOf(list, "/etc/kubernetes/admin.conf")).toContain("server: https://api.lab:6443\n");
  expect(textOf(list, "/etc/kubernetes/scheduler.conf")).toContain("server: https://172.30.1.2:6443\n");
  const manager = textOf(list, "/etc/kubernetes/manifests/kube-controller-manager.yaml");
  expect(manager).toContain("    - --cluster-cidr=10.200.0.0/16\n");
  const { dnsNames, ipAddresses } = other.certificates.get("apiserver")!.certificate;
  expect(dnsNames).toContain("kubernetes.default.svc.lab.internal");
  expect(dnsNames).toContain("api.lab");
  expect(ipAddresses).toEqual(["10.32.0.1", "172.30.1.2"]);
});

test("an unknown release is refused, not imitated", () => {
  const parameters = { controlPlane: { name: "a", address: "10.0.0.1" }, seed: 1, created: CREATED };
  expect(() => kubeadmInit(resolveCluster({ ...parameters, version: "v1.29.0" }))).toThrow(
    "drydock: kubeadm v1.29.0 is not simulated",
  );
});

test("the packages bring units, plugins and configuration; each path once", () => {
  const list = [...kubernetesPackages(started.cluster), ...containerdPackage(started.cluster), ...nodePrerequisites()];
  expect(new Set(list.map(({ path }) => path)).size).toBe(list.length);
  expect(textOf(list, "/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf").split("\n").slice(-3)).toEqual([
    "ExecStart=",
    "ExecStart=/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS",
    "",
  ]);
  const config = textOf(list, "/etc/containerd/config.toml");
  expect(config).toContain('    sandbox_image = "registry.k8s.io/pause:3.10"\n');
  expect(config).toContain("            SystemdCgroup = true\n");
  expect(
    list
      .filter(({ path }) => path.startsWith("/opt/cni/bin/"))
      .map(({ path }) => path.slice(13))
      .sort(),
  ).toEqual(
    "LICENSE README.md bandwidth bridge dhcp dummy firewall host-device host-local ipvlan loopback macvlan portmap ptp sbr static tap tuning vlan vrf".split(
      " ",
    ),
  );
});

test("a host takes it all, and systemd reads the kubelet's command from unit and drop-in", () => {
  const packages = [
    ...kubernetesPackages(started.cluster),
    ...containerdPackage(started.cluster),
    ...nodePrerequisites(),
  ];
  const { host } = testHosts([], [...packages, ...control]);
  const unit = loadUnitFile(host, "kubelet.service")!;
  expect(unit.dropIns).toEqual(["/usr/lib/systemd/system/kubelet.service.d/10-kubeadm.conf"]);
  expect(values(unit, "Service", "ExecStart")).toEqual([
    "/usr/bin/kubelet $KUBELET_KUBECONFIG_ARGS $KUBELET_CONFIG_ARGS $KUBELET_KUBEADM_ARGS $KUBELET_EXTRA_ARGS",
  ]);
  expect(host.readText("/var/lib/kubelet/pki/kubelet-client-current.pem")).toMatch(/^-----BEGIN CERTIFICATE-----\n/);
  expect(readExecutable(host.files.read("/opt/cni/bin/bridge"))).toEqual({
    kind: "program",
    name: "cni/bridge",
    version: "",
  });
});
