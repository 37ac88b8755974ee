import type { FaultProof } from "../testing.ts";

const pinned = (name: string): string =>
  `kubectl -n shop run ${name} --image=busybox:1.36 --overrides='{"spec":{"nodeName":"node01"}}' -- sleep infinity`;

export const PROOFS: readonly FaultProof[] = [
  {
    fault: { "kubelet-stopped": { on: "node01", disabled: true } },
    after: "sleep 50",
    see: [
      { type: "kubectl get node node01 --no-headers", broken: "NotReady", sound: " Ready" },
      { type: "ssh node01 systemctl is-active kubelet", broken: "inactive\n[3]", sound: /^active\n$/ },
      { type: "ssh node01 systemctl is-enabled kubelet", broken: "disabled\n[1]", sound: /^enabled\n$/ },
    ],
    repair: "ssh node01 systemctl enable --now kubelet",
  },
  {
    fault: { "containerd-stopped": { on: "node01" } },
    after: "sleep 50",
    see: [
      { type: "kubectl get node node01 --no-headers", broken: "NotReady", sound: " Ready" },
      { type: "ssh node01 crictl ps", broken: "[1]", sound: "kube-proxy" },
      { type: "kubectl -n shop exec client -- wget -qO- -T 2 http://web/hostname", broken: /^web-/, sound: /^web-/ },
    ],
    repair: "ssh node01 systemctl start containerd",
  },
  {
    fault: { "kubelet-wrong-config": { on: "node01", field: "clientCAFile", value: "/etc/kubernetes/pki/CA.crt" } },
    after: "sleep 50",
    see: [
      { type: "kubectl get node node01 --no-headers", broken: "NotReady", sound: " Ready" },
      {
        type: "ssh node01 journalctl -u kubelet --no-pager | grep -c 'pki/CA.crt: no such file' || true",
        broken: /^[1-9]/,
        sound: /./,
      },
      { type: "ssh node01 systemctl is-active kubelet", broken: /activating|failed/, sound: /^active\n$/ },
    ],
    repair: "ssh node01 'sed -i s/CA.crt/ca.crt/ /var/lib/kubelet/config.yaml; systemctl restart kubelet'",
  },
  {
    fault: { "kubelet-wrong-runtime-endpoint": { on: "node01" } },
    after: "sleep 50",
    see: [
      { type: "kubectl get node node01 --no-headers", broken: "NotReady", sound: " Ready" },
      { type: "ssh node01 systemctl is-active kubelet", broken: /activating|failed/, sound: /^active\n$/ },
    ],
    repair:
      "ssh node01 'sed -i s#crio/crio.sock#containerd/containerd.sock# /var/lib/kubelet/kubeadm-flags.env; systemctl restart kubelet'",
  },
  {
    fault: { "kubelet-wrong-server": { on: "node01", server: "https://172.30.1.2:6553" } },
    after: "sleep 50",
    see: [
      { type: "kubectl get node node01 --no-headers", broken: "NotReady", sound: " Ready" },
      { type: "ssh node01 systemctl is-active kubelet", broken: "active", sound: /^active\n$/ },
    ],
    repair: "ssh node01 'sed -i s/:6553/:6443/ /etc/kubernetes/kubelet.conf; systemctl restart kubelet'",
  },
  {
    fault: { "wrong-cluster-dns": { on: "node01", address: "10.96.0.11" } },
    before: pinned("shopper"),
    after: `kubectl -n shop delete pod shopper --now; ${pinned("shopper")}`,
    see: [
      {
        type: "kubectl -n shop exec shopper -- cat /etc/resolv.conf",
        broken: "nameserver 10.96.0.11\n",
        sound: "nameserver 10.96.0.10\n",
      },
      {
        type: "kubectl -n shop exec shopper -- wget -qO- -T 2 http://web/hostname",
        broken: "wget: bad address 'web'",
        sound: /^web-/,
      },
      { type: "kubectl -n shop exec buyer -- wget -qO- -T 2 http://web/hostname", broken: /^web-/, sound: /^web-/ },
    ],
    repair: `ssh node01 'sed -i s/10.96.0.11/10.96.0.10/ /var/lib/kubelet/config.yaml; systemctl restart kubelet'; kubectl -n shop delete pod shopper --now; ${pinned("shopper")}`,
  },
  {
    fault: { "node-cordoned": { node: "node01" } },
    after: "kubectl -n shop scale deployment web --replicas=3",
    see: [
      { type: "kubectl get node node01 --no-headers", broken: "Ready,SchedulingDisabled", sound: " Ready " },
      { type: "kubectl -n shop get pods -l app=web", broken: "Pending", sound: /^(?!.*Pending)/s },
      { type: "kubectl -n shop get events", broken: "node(s) were unschedulable", sound: /./ },
    ],
    repair: "kubectl uncordon node01",
  },
  {
    fault: { "node-tainted": { node: "node01", effect: "NoExecute" } },
    see: [
      { type: "kubectl -n shop get pods -l app=web", broken: "Pending", sound: /^(?!.*Pending)/s },
      { type: "kubectl -n shop get events", broken: "untolerated taint {maintenance: true}", sound: /./ },
    ],
    repair: "kubectl taint node node01 maintenance-",
  },
];
