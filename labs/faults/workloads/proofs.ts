import type { FaultProof } from "../testing.ts";

const web = { deployment: "web", namespace: "shop" };

export const PROOFS: readonly FaultProof[] = [
  {
    fault: { "wrong-image": { ...web, image: "registry.k8s.io/e2e-test-images/agnhost:2.530" } },
    see: [
      { type: "kubectl -n shop get pods", broken: /ImagePullBackOff|ErrImagePull/, sound: /^(?!.*Image)/s },
      { type: "kubectl -n shop get events", broken: "agnhost:2.530: not found", sound: /./ },
    ],
    repair: "kubectl -n shop set image deployment web web=registry.k8s.io/e2e-test-images/agnhost:2.53",
  },
  {
    fault: { "wrong-listen-port": { ...web, args: ["netexec", "--http-port=8081"] } },
    see: [
      {
        type: "kubectl -n shop exec client -- wget -qO- -T 2 http://web/hostname",
        broken: "Connection refused",
        sound: /^web-/,
      },
      {
        type: "kubectl -n shop logs -l app=web",
        broken: "Started HTTP server on port 8081",
        sound: "Started HTTP server on port 8080",
      },
    ],
    repair: `kubectl -n shop patch deployment web --type json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/args","value":["netexec","--http-port=8080"]}]'`,
  },
  {
    fault: { "wrong-pod-dns-policy": web },
    see: [
      {
        type: "kubectl -n shop exec deploy/web -- cat /etc/resolv.conf",
        broken: "nameserver 1.1.1.1\n",
        sound: "nameserver 10.96.0.10\n",
      },
      { type: "kubectl -n shop exec deploy/web -- nslookup web.shop.svc.cluster.local", broken: "[1]", sound: "Name:" },
    ],
    repair: `kubectl -n shop patch deployment web -p '{"spec":{"template":{"spec":{"dnsPolicy":"ClusterFirst"}}}}'`,
  },
];
