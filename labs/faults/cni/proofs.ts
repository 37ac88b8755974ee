import type { FaultProof } from "../testing.ts";

const pinned = (name: string): string =>
  `kubectl -n shop run ${name} --image=busybox:1.36 --overrides='{"spec":{"nodeName":"node01"}}' -- sleep infinity`;
const again = `kubectl -n shop delete pod shopper --now; ${pinned("shopper")}`;

export const PROOFS: readonly FaultProof[] = [
  {
    fault: { "cni-config-missing": { on: "node01" } },
    after: pinned("late"),
    see: [
      { type: "kubectl get node node01 --no-headers", broken: "NotReady", sound: " Ready" },
      {
        type: "kubectl describe node node01 | grep Ready",
        broken: "cni plugin not initialized",
        sound: "KubeletReady",
      },
      { type: "kubectl -n shop get pods", broken: "ContainerCreating", sound: /^(?!.*ContainerCreating)/s },
      { type: "kubectl -n shop exec client -- wget -qO- -T 2 http://web/hostname", broken: /^web-/, sound: /^web-/ },
    ],
    repair: "ssh node01 mv /root/backup/10-flannel.conflist /etc/cni/net.d/",
  },
  {
    fault: { "cni-config-second": { on: "node01" } },
    before: pinned("shopper"),
    after: again,
    see: [
      { type: "kubectl -n shop get pod shopper -o wide --no-headers", broken: " 192.168.77.", sound: " 10.244.1." },
      {
        type: "kubectl -n shop exec client -- ping -c 1 -W 1 $(kubectl -n shop get pod shopper -o jsonpath={.status.podIP})",
        broken: "100% packet loss",
        sound: " 0% packet loss",
      },
    ],
    repair: `ssh node01 rm /etc/cni/net.d/00-bridge.conflist; ${again}`,
  },
  {
    fault: { "cni-config-broken": { on: "node01" } },
    after: pinned("late"),
    see: [
      { type: "kubectl get node node01 --no-headers", broken: "NotReady", sound: " Ready" },
      { type: "kubectl -n shop get pods", broken: "ContainerCreating", sound: /^(?!.*ContainerCreating)/s },
      {
        type: "ssh node01 journalctl -u containerd --no-pager | grep -c 10-flannel.conflist || true",
        broken: /^[1-9]/,
        sound: /./,
      },
    ],
    repair: "scp /etc/cni/net.d/10-flannel.conflist node01:/etc/cni/net.d/",
  },
  {
    fault: { "cni-binary-missing": { on: "node01", becomes: "flannel.old" } },
    after: pinned("late"),
    see: [
      { type: "kubectl -n shop get pods", broken: "ContainerCreating", sound: /^(?!.*ContainerCreating)/s },
      {
        type: "kubectl -n shop get events",
        broken: 'failed to find plugin "flannel" in path [/opt/cni/bin]',
        sound: /./,
      },
    ],
    repair: "ssh node01 mv /opt/cni/bin/flannel.old /opt/cni/bin/flannel; sleep 15",
  },
  {
    fault: { "wrong-pod-cidr": {} },
    see: [
      { type: "kubectl -n kube-flannel get pods", broken: /CrashLoopBackOff|Error/, sound: /^(?!.*(?:Crash|Error))/s },
      { type: "kubectl -n kube-flannel logs -l app=flannel --tail=20", broken: "10.244", sound: /./ },
    ],
    repair:
      "kubectl -n kube-flannel get cm kube-flannel-cfg -o yaml | sed s/10.242/10.244/ | kubectl apply -f -; kubectl -n kube-flannel delete pod -l app=flannel",
  },
  {
    fault: { "network-add-on-missing": {} },
    see: [
      {
        type: "kubectl -n kube-flannel get ds --no-headers",
        broken: /^kube-flannel-ds +0 +0/,
        sound: /^kube-flannel-ds +2 +2 +2/,
      },
      { type: "kubectl -n kube-flannel get pods", broken: "No resources found", sound: "Running" },
    ],
    repair: `kubectl -n kube-flannel patch ds kube-flannel-ds --type json -p '[{"op":"remove","path":"/spec/template/spec/nodeSelector"}]'`,
  },
];
