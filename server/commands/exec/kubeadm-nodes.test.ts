import { beforeEach, expect, test } from "vitest";
import type { World } from "../../sim/world/index.ts";
import { freshCluster, typed } from "./testing.ts";

/** Nodes that leave the cluster with `kubeadm reset` and come back with `kubeadm join`. */
let world: World;

beforeEach(async () => {
  world = await freshCluster();
}, 60_000);

const said = (...lines: string[]): Promise<string[]> => typed(world, lines);

test("a worker that is reset and joins again is a new node, which runs Pods", async () => {
  const [reset, left, join, ready] = await said(
    `kubeadm token create --print-join-command > join; kubectl create deploy web --image nginx > /dev/null; kubectl drain node01 --ignore-daemonsets --force &> /dev/null; kubectl delete node node01 > /dev/null; scp -q join node01:; ssh node01 kubeadm reset -f`,
    "ssh node01 'ls /etc/kubernetes /etc/kubernetes/manifests /etc/cni/net.d; crictl pods -q; systemctl is-active kubelet'",
    "ssh node01 'rm -r /etc/cni/net.d/* && ip link delete cni0 && bash join'",
    "sleep 15; kubectl get nodes --no-headers | awk '{print $1, $2}'; kubectl get csr --no-headers | awk '{print $4, $6}'; kubectl get pods -l app=web --no-headers | awk '{print $3}'; ssh node01 ls /etc/kubernetes /etc/kubernetes/pki",
  );
  expect(reset).toMatch(/^\[reset\] Stopping the kubelet service$/m);
  expect(left).toBe(
    "/etc/cni/net.d:\n10-flannel.conflist\n\n/etc/kubernetes:\nmanifests\npki\n\n/etc/kubernetes/manifests:\ninactive\n",
  );
  expect(join).toMatch(/^This node has joined the cluster:$/m);
  expect(ready).toMatch(
    /^controlplane Ready\nnode01 Ready\nsystem:bootstrap:\w{6} Approved,Issued\nRunning\n\/etc\/kubernetes:\nkubelet.conf\nmanifests\npki\n\n\/etc\/kubernetes\/pki:\nca.crt\n$/,
  );
});

test("what would spoil a node that is in use is refused before anything is done", async () => {
  const [init, join, ready] = await said(
    "kubeadm init || echo $?",
    'ssh node01 "$(kubeadm token create --print-join-command)" || echo $?',
    "kubectl get nodes --no-headers | awk '{print $2}'",
  );
  expect(init).toContain("[ERROR Port-6443]: Port 6443 is in use\n");
  expect(init).toMatch(/^1$/m);
  expect(join).toContain(
    "[ERROR FileAvailable--etc-kubernetes-kubelet.conf]: /etc/kubernetes/kubelet.conf already exists\n",
  );
  expect(join).toMatch(/^1$/m);
  expect(ready).toBe("Ready\nReady\n");
});

test("a token that is wrong or gone lets nobody join", async () => {
  const HASH =
    "openssl x509 -in /etc/kubernetes/pki/ca.crt -pubkey -noout | openssl pkey -pubin -outform der | sha256sum | cut -c-64";
  const [gone, other] = await said(
    `kubectl delete node node01 > /dev/null; ssh node01 kubeadm reset -f &> /dev/null; ssh node01 kubeadm join 172.30.1.2:6443 --token abcdef.0123456789abcdef --discovery-token-ca-cert-hash sha256:$(${HASH}) 2>&1 | grep ^error`,
    `ssh node01 kubeadm join 172.30.1.2:6443 --token $(kubeadm token create) --discovery-token-ca-cert-hash sha256:$(printf %064d 0) 2>&1 | grep ^error`,
  );
  const error = "error execution phase preflight: couldn't validate the identity of the API Server: ";
  expect(gone).toBe(`${error}could not find a JWS signature in the cluster-info ConfigMap for token ID "abcdef"\n`);
  expect(other).toMatch(
    `${error}cluster CA found in cluster-info ConfigMap is invalid: none of the public keys "sha256:`,
  );
});

test("a kubelet's configuration comes back from the cluster, and what would upgrade a control plane says that it cannot", async () => {
  const [worker, controlPlane] = await said(
    "ssh node01 'cd /var/lib/kubelet; cp config.yaml /root; sed -i s/ca.crt/none.crt/ config.yaml; kubeadm upgrade node 2> /dev/null; diff /root/config.yaml config.yaml && echo same; grep -h clientCA /etc/kubernetes/tmp/*/config.yaml'",
    "kubeadm upgrade node || echo $?; kubeadm upgrade plan || echo $?",
  );
  expect(worker!.replaceAll(/config\d+/g, "config")).toBe(
    `[upgrade] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...
[upgrade] Use 'kubeadm init phase upload-config --config your-config-file' to re-upload it.
[upgrade/preflight] Running pre-flight checks
[upgrade/preflight] Skipping prepull. Not a control plane node.
[upgrade/control-plane] Skipping phase. Not a control plane node.
[upgrade/kubeconfig] Skipping phase. Not a control plane node.
[upgrade] Backing up kubelet config file to /etc/kubernetes/tmp/kubeadm-kubelet-config/config.yaml
[kubelet-start] Writing kubelet configuration to file "/var/lib/kubelet/config.yaml"
[upgrade/kubelet-config] The kubelet configuration for this node was successfully upgraded!
[upgrade/addon] Skipping the addon/coredns phase. Not a control plane node.
[upgrade/addon] Skipping the addon/kube-proxy phase. Not a control plane node.
same
    clientCAFile: /etc/kubernetes/pki/none.crt
`,
  );
  expect(controlPlane).toBe(
    "64\n64\ndrydock: kubeadm: 'upgrade node on a control plane' is not simulated\ndrydock: kubeadm: 'upgrade plan' is not simulated\n",
  );
});
