import type { FaultProof, Sight } from "../testing.ts";

const preset = "kubeadm-calico";
const ask: Sight = {
  type: "kubectl -n shop exec client -- wget -qO- -T 2 http://web/hostname",
  broken: /^wget: download timed out\n.*\[1\]$/s,
  sound: /^web-/,
};
/** A policy as it should be: clients with app=client of namespaces with team=shop reach the web Pods' port. */
const allow = (selector: string, namespaces: string, port: number): string => `kubectl apply -f - <<'END'
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec:
  podSelector: { matchLabels: { app: web } }
  ingress:
    - from:
        - namespaceSelector: { matchLabels: { team: ${namespaces} } }
          podSelector: { matchLabels: { app: ${selector} } }
      ports: [{ protocol: TCP, port: ${port} }]
END
`;
const before = `kubectl label namespace shop team=shop\n${allow("client", "shop", 8080)}`;
const repair = allow("client", "shop", 8080);
const web = { policy: "web", namespace: "shop" };

export const PROOFS: readonly FaultProof[] = [
  {
    fault: { "policy-default-deny": { namespace: "shop" } },
    preset,
    see: [ask, { type: "kubectl -n shop get netpol", broken: "default-deny", sound: "No resources found" }],
    repair: "kubectl -n shop delete netpol default-deny",
  },
  {
    fault: { "policy-no-dns-egress": { namespace: "shop" } },
    preset,
    see: [
      { ...ask, broken: /^wget: bad address 'web'\n.*\[1\]$/s },
      {
        type: "kubectl -n shop exec client -- wget -qO- -T 2 http://$(kubectl -n shop get svc web -o jsonpath={.spec.clusterIP})/hostname",
        broken: /^web-/,
        sound: /^web-/,
      },
    ],
    repair: `kubectl -n shop patch netpol only-inside --type json -p '[{"op":"add","path":"/spec/egress/-","value":{"to":[{"namespaceSelector":{"matchLabels":{"kubernetes.io/metadata.name":"kube-system"}}}],"ports":[{"protocol":"UDP","port":53},{"protocol":"TCP","port":53}]}}]'`,
  },
  {
    fault: { "policy-wrong-namespace-selector": { ...web, labels: { team: "shops" } } },
    preset,
    before,
    see: [ask],
    repair,
  },
  {
    fault: { "policy-wrong-pod-selector": { ...web, labels: { app: "clients" } } },
    preset,
    before,
    see: [ask],
    repair,
  },
  { fault: { "policy-wrong-port": { ...web, port: 80 } }, preset, before, see: [ask], repair },
];
