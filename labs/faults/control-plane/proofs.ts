import type { FaultProof, Sight } from "../testing.ts";

/** What needs the API server. */
const refused: Sight = {
  type: "kubectl get nodes",
  broken: "The connection to the server 172.30.1.2:6443 was refused - did you specify the right host or port?\n[1]",
  sound: "controlplane",
};
/** What needs the scheduler: a third web Pod. */
const scale = (replicas: number): string => `kubectl -n shop scale deployment web --replicas=${replicas}`;
const pending: Sight = { type: "kubectl -n shop get pods -l app=web", broken: "Pending", sound: /^(?!.*Pending)/s };
const edit = (component: string, script: string): string =>
  `sed -i '${script}' /etc/kubernetes/manifests/kube-${component}.yaml; sleep 30`;

export const PROOFS: readonly FaultProof[] = [
  {
    fault: { "static-pod-broken": { component: "kube-scheduler", flag: "leader-elect", value: "yess" } },
    after: scale(3),
    see: [
      pending,
      {
        type: "kubectl -n kube-system get pods -l component=kube-scheduler",
        broken: /CrashLoopBackOff|Error/,
        sound: "Running",
      },
      { type: "kubectl -n kube-system logs kube-scheduler-controlplane", broken: "leader-elect", sound: /./ },
    ],
    repair: edit("scheduler", "s/leader-elect=yess/leader-elect=true/"),
  },
  {
    fault: {
      "static-pod-broken": {
        component: "kube-controller-manager",
        flag: "kubeconfig",
        value: "/etc/kubernetes/manager.conf",
      },
    },
    after: "kubectl -n shop create deployment late --image=busybox:1.36 -- sleep infinity",
    see: [
      { type: "kubectl -n shop get deploy", broken: /late +0\/1 +0 +0/, sound: /^(?!.*0\/1)/s },
      {
        type: "kubectl -n kube-system get pods -l component=kube-controller-manager",
        broken: /CrashLoopBackOff|Error/,
        sound: "Running",
      },
    ],
    repair: edit("controller-manager", "s#=/etc/kubernetes/manager.conf#=/etc/kubernetes/controller-manager.conf#"),
  },
  {
    fault: {
      "static-pod-broken": { component: "kube-apiserver", flag: "service-cluster-ip-rangee", value: "10.96.0.0/12" },
    },
    see: [refused, { type: "crictl ps -a --name kube-apiserver", broken: "Exited", sound: "Running" }],
    repair: edit("apiserver", "/rangee/d"),
  },
  {
    fault: { "static-pod-manifest-missing": { component: "kube-scheduler" } },
    after: scale(3),
    see: [
      pending,
      {
        type: "kubectl -n kube-system get pods",
        broken: /^(?!.*kube-scheduler)/s,
        sound: "kube-scheduler-controlplane",
      },
    ],
    repair: "mv /root/kube-scheduler.yaml /etc/kubernetes/manifests/; sleep 20",
  },
  {
    fault: {
      "static-pod-wrong-image": { component: "kube-scheduler", image: "registry.k8s.io/kube-scheduler:v1.33.100" },
    },
    after: scale(3),
    see: [
      pending,
      {
        type: "kubectl -n kube-system get pods -l component=kube-scheduler",
        broken: /ImagePullBackOff|ErrImagePull/,
        sound: "Running",
      },
    ],
    repair: edit("scheduler", "s/v1.33.100/v1.33.1/"),
  },
  {
    fault: { "etcd-wrong-url": {} },
    see: [
      refused,
      {
        type: "cat /var/log/pods/kube-system_kube-apiserver-*/kube-apiserver/*.log | tail -5",
        broken: "127.0.0.1:2397",
        sound: /./,
      },
    ],
    repair: edit("apiserver", "s/:2397/:2379/"),
  },
  {
    fault: { "kubeconfig-wrong-server": { file: "scheduler.conf", server: "https://172.30.1.2:6553" } },
    after: scale(3),
    see: [pending],
    repair:
      "sed -i s/:6553/:6443/ /etc/kubernetes/scheduler.conf; crictl stop $(crictl ps -q --name kube-scheduler); sleep 30",
  },
  {
    fault: { "kubeconfig-wrong-server": { file: "admin.conf", server: "https://172.30.1.2:6553" } },
    see: [
      {
        type: "kubectl --kubeconfig /etc/kubernetes/admin.conf get nodes",
        broken:
          "The connection to the server 172.30.1.2:6553 was refused - did you specify the right host or port?\n[1]",
        sound: "controlplane",
      },
    ],
    repair: "sed -i s/:6553/:6443/ /etc/kubernetes/admin.conf",
  },
  {
    fault: { "certificate-missing": { file: "apiserver-etcd-client.crt" } },
    after: "crictl stop $(crictl ps -q --name kube-apiserver); sleep 30",
    see: [
      refused,
      {
        type: "cat /var/log/pods/kube-system_kube-apiserver-*/kube-apiserver/*.log | tail -5",
        broken: "apiserver-etcd-client.crt",
        sound: /./,
      },
    ],
    repair: "mv /root/apiserver-etcd-client.crt /etc/kubernetes/pki/; sleep 50",
  },
];
