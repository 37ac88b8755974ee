import type { FaultProof } from "../testing.ts";

export const PROOFS: readonly FaultProof[] = [
  {
    fault: { "kube-proxy-crashed": {} },
    after:
      "kubectl -n shop delete svc late --ignore-not-found; kubectl -n shop expose deployment web --name=late --port=80 --target-port=8080",
    before: "kubectl -n shop expose deployment web --name=late --port=80 --target-port=8080",
    see: [
      {
        type: "kubectl -n kube-system get pods -l k8s-app=kube-proxy",
        broken: /CrashLoopBackOff|Error/,
        sound: /^(?!.*(?:Crash|Error))/s,
      },
      { type: "kubectl -n kube-system logs -l k8s-app=kube-proxy --tail=20", broken: "iptabels", sound: /./ },
      { type: "kubectl -n shop exec client -- wget -qO- -T 2 http://web/hostname", broken: /^web-/, sound: /^web-/ },
      { type: "kubectl -n shop exec client -- wget -qO- -T 2 http://late/hostname", broken: "[1]", sound: /^web-/ },
    ],
    repair:
      'kubectl -n kube-system get cm kube-proxy -o yaml | sed \'s/mode: "iptabels"/mode: ""/\' | kubectl replace -f -; kubectl -n kube-system delete pod -l k8s-app=kube-proxy',
  },
  {
    fault: { "kube-proxy-missing": {} },
    before: "kubectl -n shop expose deployment web --name=late --port=80 --target-port=8080",
    after:
      "kubectl -n shop delete svc late; kubectl -n shop expose deployment web --name=late --port=80 --target-port=8080",
    see: [
      {
        type: "kubectl -n kube-system get ds kube-proxy --no-headers",
        broken: /^kube-proxy +0 +0/,
        sound: /^kube-proxy +2 +2 +2/,
      },
      { type: "kubectl -n shop exec client -- wget -qO- -T 2 http://late/hostname", broken: "[1]", sound: /^web-/ },
    ],
    repair: `kubectl -n kube-system patch ds kube-proxy -p '{"spec":{"template":{"spec":{"nodeSelector":{"kubernetes.io/os":"linux"}}}}}'`,
  },
  {
    fault: { "wrong-cluster-cidr": {} },
    see: [
      {
        type: "kubectl -n shop exec buyer -- wget -qO- -T 2 http://web/clientip",
        broken: "10.244.1.1:",
        sound: /^10\.244\.1\.(?!1:)/,
      },
    ],
    repair:
      "kubectl -n kube-system get cm kube-proxy -o yaml | sed s/10.142/10.244/ | kubectl replace -f -; kubectl -n kube-system delete pod -l k8s-app=kube-proxy",
  },
];
