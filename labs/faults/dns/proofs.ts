import type { FaultProof, Sight } from "../testing.ts";

const inside: Sight = {
  type: "kubectl -n shop exec client -- nslookup web.shop.svc.cluster.local",
  broken: /\[1\]$/,
  sound: /Name:\tweb\.shop\.svc\.cluster\.local\nAddress: 10\./,
};
const outside: Sight = {
  type: "kubectl -n shop exec client -- nslookup example.com",
  broken: /\[1\]$/,
  sound: /Name:\texample\.com\nAddress: 198\.51\.100\.10/,
};
const fine = (sight: Sight): Sight => ({ ...sight, broken: sight.sound });
const fresh = "kubectl -n kube-system delete pod -l k8s-app=kube-dns";
const corefile = (edit: string): string =>
  `kubectl -n kube-system get cm coredns -o yaml | sed '${edit}' | kubectl replace -f -; ${fresh}`;

export const PROOFS: readonly FaultProof[] = [
  {
    fault: { "coredns-scaled-down": {} },
    see: [
      inside,
      outside,
      { type: "kubectl -n kube-system get deploy coredns --no-headers", broken: "0/0", sound: "2/2" },
    ],
    repair: "kubectl -n kube-system scale deployment coredns --replicas=2",
  },
  {
    fault: { "corefile-broken": {} },
    see: [
      inside,
      {
        type: "kubectl -n kube-system get pods -l k8s-app=kube-dns",
        broken: /CrashLoopBackOff|Error/,
        sound: /^(?!.*(?:Crash|Error))/s,
      },
      {
        type: "kubectl -n kube-system logs -l k8s-app=kube-dns --tail=5",
        broken: "Unknown directive 'kubernets'",
        sound: "CoreDNS-1",
      },
    ],
    repair: corefile("/kubernets/d"),
  },
  {
    fault: { "corefile-wrong-upstream": {} },
    see: [fine(inside), outside],
    repair: corefile("s#forward . 192.0.2.53#forward . /etc/resolv.conf#"),
  },
  {
    fault: { "corefile-wrong-zone": {} },
    see: [{ ...inside, broken: /can't find web\.shop\.svc\.cluster\.local: NXDOMAIN.*\[1\]$/s }, fine(outside)],
    repair: corefile("s/cluster.lokal/cluster.local/"),
  },
  {
    fault: { "dns-service-selector": {} },
    see: [
      inside,
      {
        type: "kubectl -n kube-system get endpointslices -l kubernetes.io/service-name=kube-dns --no-headers",
        broken: "<unset>",
        sound: "10.244.0.",
      },
    ],
    repair: `kubectl -n kube-system patch svc kube-dns -p '{"spec":{"selector":{"k8s-app":"kube-dns"}}}'`,
  },
  {
    fault: { "dns-service-ip": {} },
    see: [
      inside,
      { type: "kubectl -n kube-system get svc kube-dns --no-headers", broken: " 10.96.0.53 ", sound: " 10.96.0.10 " },
      {
        type: "kubectl -n shop exec client -- cat /etc/resolv.conf",
        broken: "nameserver 10.96.0.10",
        sound: "nameserver 10.96.0.10",
      },
    ],
    repair:
      "kubectl -n kube-system get svc kube-dns -o yaml | sed '/10.96.0.53/d;/clusterIPs:/d;/uid:/d;/resourceVersion:/d' > /tmp/dns.yaml; kubectl -n kube-system delete svc kube-dns; sed 's/^spec:/&\\n  clusterIP: 10.96.0.10/' /tmp/dns.yaml | kubectl apply -f -",
  },
  {
    fault: { "coredns-no-permission": {} },
    see: [
      inside,
      { type: "kubectl -n kube-system get pods -l k8s-app=kube-dns --no-headers", broken: "0/1", sound: "1/1" },
      { type: "kubectl -n kube-system logs -l k8s-app=kube-dns --tail=5", broken: "forbidden", sound: /./ },
    ],
    repair:
      "kubectl create clusterrolebinding system:coredns --clusterrole=system:coredns --serviceaccount=kube-system:coredns; sleep 40",
  },
];
