import { beforeEach, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

/** `kubeadm init phase …` on a control plane that runs, and on one that somebody broke. */
let world: World;

beforeEach(async () => {
  world = await freshCluster();
}, 60_000);

const said = (...lines: string[]): Promise<string[]> => typed(world, lines);
const MANIFESTS = "/etc/kubernetes/manifests";
const SAME_RANGE = "--pod-network-cidr 10.244.0.0/16";

test("every manifest, configuration and file that a phase writes is the one of the cluster's birth", async () => {
  const [phases, same, kubelet] = await said(
    `cp -r ${MANIFESTS} /var/lib/kubelet/config.yaml /var/lib/kubelet/kubeadm-flags.env /root; kubeadm init phase control-plane all ${SAME_RANGE}; kubeadm init phase etcd local; rm /var/lib/kubelet/config.yaml; kubeadm init phase kubelet-start`,
    `diff -r /root/manifests ${MANIFESTS} && cd /var/lib/kubelet && diff config.yaml /root/config.yaml && diff kubeadm-flags.env /root/kubeadm-flags.env && echo same`,
    "sleep 10; systemctl is-active kubelet; kubectl get nodes --no-headers | awk '{print $2}'",
  );
  expect(phases).toBe(`[control-plane] Using manifest folder "${MANIFESTS}"
[control-plane] Creating static Pod manifest for "kube-apiserver"
[control-plane] Creating static Pod manifest for "kube-controller-manager"
[control-plane] Creating static Pod manifest for "kube-scheduler"
[etcd] Creating static Pod manifest for local etcd in "${MANIFESTS}"
[kubelet-start] Writing kubelet environment file with flags to file "/var/lib/kubelet/kubeadm-flags.env"
[kubelet-start] Writing kubelet configuration to file "/var/lib/kubelet/config.yaml"
[kubelet-start] Starting the kubelet
`);
  expect(same).toBe("same\n");
  expect(kubelet).toBe("active\nReady\nReady\n");
});

test("every object that a phase makes is the one of the cluster's birth", async () => {
  const objects =
    "kubectl -n kube-system get cm/kube-proxy cm/coredns cm/kubeadm-config cm/kubelet-config ds/kube-proxy deploy/coredns svc/kube-dns sa/coredns sa/kube-proxy role/kube-proxy rolebinding/kube-proxy clusterrole/system:coredns clusterrolebinding/kubeadm:node-proxier -o json | jq -S '.items[] | {kind, data, spec, rules, subjects, labels: .metadata.labels}'";
  const [, phases, same] = await said(
    `${objects} > before; kubectl -n kube-system get cm kubeadm-config -o jsonpath={.data.ClusterConfiguration} > c.yaml`,
    "kubectl -n kube-system delete ds/kube-proxy deploy/coredns svc/kube-dns cm/kube-proxy cm/coredns > /dev/null; kubeadm init phase addon all --config c.yaml; kubeadm init phase upload-config all --config c.yaml",
    `sleep 5; ${objects} > after; diff <(grep -v ClusterIP before) <(grep -v ClusterIP after) && echo same`,
  );
  expect(phases).toBe(`[addons] Applied essential addon: CoreDNS
[addons] Applied essential addon: kube-proxy
[upload-config] Storing the configuration used in ConfigMap "kubeadm-config" in the "kube-system" Namespace
[kubelet] Creating a ConfigMap "kubelet-config" in namespace kube-system with the configuration for the kubelets in the cluster
`);
  expect(same).toBe("same\n");
});

test("without --pod-network-cidr kube-proxy does not know who is a Pod, and nodes get no ranges", async () => {
  const [rules, cidr, flags] = await said(
    "iptables-save -t nat | grep -c '^-A KUBE-SVC-.*! -s 10.244.0.0/16'; kubeadm init phase addon kube-proxy; kubectl -n kube-system rollout restart ds kube-proxy; kubectl -n kube-system rollout status ds kube-proxy > /dev/null; iptables-save -t nat | grep -c '^-A KUBE-SVC-.*! -s 10.244.0.0/16'",
    "kubectl -n kube-system get cm kube-proxy -o yaml | grep clusterCIDR",
    `kubeadm init phase control-plane controller-manager > /dev/null; grep -c -e cidr -e service-cluster-ip ${MANIFESTS}/kube-controller-manager.yaml`,
  );
  expect(rules).toMatch(/^[1-9]\d*\n\[addons\] .*\ndaemonset\.apps\/kube-proxy restarted\n0\n$/);
  expect(cidr).toBe('    clusterCIDR: ""\n');
  expect(flags).toBe("0\n");
});

test("a certificate or kubeconfig that is missing is made, others are kept, and the new ones are believed", async () => {
  const [kept, made, works] = await said(
    "kubeadm init phase certs ca; kubeadm init phase certs etcd-server; kubeadm init phase kubeconfig admin; rm /etc/kubernetes/pki/apiserver.* /etc/kubernetes/admin.conf",
    "kubeadm init phase certs apiserver --apiserver-cert-extra-sans lab.example; kubeadm init phase kubeconfig admin",
    "kill $(pgrep kube-apiserver); sleep 40; kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes --no-headers | awk '{print $2}'",
  );
  expect(kept).toBe(`[certs] Using existing ca certificate authority
[certs] Using existing etcd/server certificate and key on disk
[kubeconfig] Using existing kubeconfig file: "/etc/kubernetes/admin.conf"
`);
  expect(made).toBe(`[certs] Generating "apiserver" certificate and key
[certs] apiserver serving cert is signed for DNS names [controlplane kubernetes kubernetes.default kubernetes.default.svc kubernetes.default.svc.cluster.local lab.example] and IPs [10.96.0.1 172.30.1.2]
[kubeconfig] Writing "admin.conf" kubeconfig file
`);
  expect(works).toBe("Ready\nReady\n");
});

test("a Node gets its marks back, and a token lets machines join", async () => {
  const [marks, taint, token] = await said(
    "kubectl taint node controlplane node-role.kubernetes.io/control-plane- > /dev/null; kubeadm init phase mark-control-plane",
    "kubectl get node controlplane -o jsonpath='{.spec.taints[0].key}'",
    "T=$(kubeadm init phase bootstrap-token | sed -n 's/.*Using token: //p'); kubeadm token list | grep -c $T",
  );
  expect(marks)
    .toBe(`[mark-control-plane] Marking the node controlplane as control-plane by adding the labels: [node-role.kubernetes.io/control-plane node.kubernetes.io/exclude-from-external-load-balancers]
[mark-control-plane] Marking the node controlplane as control-plane by adding the taints [node-role.kubernetes.io/control-plane:NoSchedule]
`);
  expect(taint).toBe("node-role.kubernetes.io/control-plane");
  expect(token).toBe("1\n");
});

test("the release is looked up, and where that fails it is kubeadm's own", async () => {
  const [online, offline, down] = await said(
    "kubeadm init phase control-plane scheduler; grep image: /etc/kubernetes/manifests/kube-scheduler.yaml",
    "echo 'nameserver 127.0.0.9' > /etc/resolv.conf; kubeadm init phase control-plane scheduler 2>&1 | sed -E 's/^W.{29}//'",
    `mv ${MANIFESTS}/kube-apiserver.yaml /root; sleep 5; kubeadm init phase addon coredns --kubernetes-version v1.33.1 2>&1; echo $?`,
  );
  expect(online).toContain("image: registry.k8s.io/kube-scheduler:v1.33.1");
  expect(online).not.toContain("falling back");
  expect(offline)
    .toBe(`version.go:109] could not fetch a Kubernetes version from the internet: unable to get URL "https://dl.k8s.io/release/stable-1.txt": Get "https://dl.k8s.io/release/stable-1.txt": dial tcp: lookup dl.k8s.io on 127.0.0.9:53: server misbehaving
version.go:110] falling back to the local client version: v1.33.1
[control-plane] Creating static Pod manifest for "kube-scheduler"
`);
  expect(down).toContain(
    'error execution phase addon/coredns: could not bootstrap the admin user in file admin.conf: unable to create ClusterRoleBinding: Post "https://172.30.1.2:6443/apis/rbac.authorization.k8s.io/v1/clusterrolebindings?timeout=10s": dial tcp 172.30.1.2:6443: connect: connection refused\n',
  );
  expect(down).toMatch(/\n1\n$/);
});
