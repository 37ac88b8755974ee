import type { FaultProof, Sight } from "../testing.ts";

const preset = "kubeadm-ingress";
const name = { ingress: "web", namespace: "shop" };
const before = `openssl req -x509 -newkey rsa:2048 -nodes -days 365 -subj /CN=shop.example -addext subjectAltName=DNS:shop.example -keyout /tmp/key -out /tmp/crt 2>/dev/null
kubectl -n shop create secret tls web-tls --cert=/tmp/crt --key=/tmp/key
kubectl -n shop create ingress web --class=nginx --rule='shop.example/*=web:80,tls=web-tls'`;
const port =
  "$(kubectl -n ingress-nginx get svc ingress-nginx-controller -o jsonpath='{.spec.ports[?(@.name==\"http\")].nodePort}')";
const tls = port.replace('"http"', '"https"').replace('\\"http\\"', '\\"https\\"');
const page = (broken: string): Sight => ({
  type: `curl -sk -m 3 -o /dev/null -w '%{http_code}' --resolve shop.example:${tls}:172.30.1.2 https://shop.example:${tls}/hostname`,
  broken,
  sound: /^200$/,
});
const shown = (broken: Sight["broken"]): Sight => ({
  type: `curl -sS -m 3 --cacert /tmp/crt -o /dev/null --resolve shop.example:${tls}:172.30.1.2 https://shop.example:${tls}/hostname`,
  broken,
  sound: /^$/,
});

export const PROOFS: readonly FaultProof[] = [
  {
    fault: { "ingress-no-class": name },
    preset,
    before,
    see: [page("404"), { type: "kubectl -n shop get ingress web --no-headers", broken: "<none>", sound: " nginx " }],
    repair: `kubectl -n shop patch ingress web -p '{"spec":{"ingressClassName":"nginx"}}'`,
  },
  {
    fault: { "ingress-wrong-class": name },
    preset,
    before,
    see: [page("404"), { type: "kubectl -n shop get ingress web --no-headers", broken: " ngnix ", sound: " nginx " }],
    repair: `kubectl -n shop patch ingress web -p '{"spec":{"ingressClassName":"nginx"}}'`,
  },
  {
    fault: { "ingress-wrong-backend": { ...name, service: "wed" } },
    preset,
    before,
    see: [
      page("503"),
      { type: "kubectl -n shop describe ingress web", broken: 'services "wed" not found', sound: "web:80 (" },
    ],
    repair: `kubectl -n shop patch ingress web --type json -p '[{"op":"replace","path":"/spec/rules/0/http/paths/0/backend/service/name","value":"web"}]'`,
  },
  {
    fault: { "ingress-wrong-host": { ...name, host: "shop.exmaple" } },
    preset,
    before,
    see: [
      page("404"),
      { type: "kubectl -n shop get ingress web --no-headers", broken: " shop.exmaple ", sound: " shop.example " },
    ],
    repair: `kubectl -n shop patch ingress web --type json -p '[{"op":"replace","path":"/spec/rules/0/host","value":"shop.example"}]'`,
  },
  {
    fault: { "ingress-wrong-path": { ...name, path: "/host" } },
    preset,
    before,
    see: [page("404")],
    repair: `kubectl -n shop patch ingress web --type json -p '[{"op":"replace","path":"/spec/rules/0/http/paths/0/path","value":"/"},{"op":"replace","path":"/spec/rules/0/http/paths/0/pathType","value":"Prefix"}]'`,
  },
  {
    fault: { "ingress-tls-wrong-secret": name },
    preset,
    before,
    see: [page("200"), shown(/^curl: \(60\) SSL certificate problem: .*\[60\]$/s)],
    repair: `kubectl -n shop patch ingress web --type json -p '[{"op":"replace","path":"/spec/tls/0/secretName","value":"web-tls"}]'`,
  },
  {
    fault: { "ingress-tls-expired": { secret: "web-tls", namespace: "shop", host: "shop.example" } },
    preset,
    before,
    see: [
      page("200"),
      shown(/^curl: \(60\) SSL certificate problem: .*\[60\]$/s),
      {
        type: "kubectl -n shop get secret web-tls -o jsonpath='{.data.tls\\.crt}' | base64 -d | openssl x509 -noout -checkend 0",
        broken: "Certificate will expire\n[1]",
        sound: "Certificate will not expire\n",
      },
    ],
    repair:
      "kubectl -n shop delete secret web-tls; kubectl -n shop create secret tls web-tls --cert=/tmp/crt --key=/tmp/key",
  },
  {
    fault: { "ingress-controller-scaled-down": {} },
    preset,
    before,
    see: [page("000"), { type: "kubectl -n ingress-nginx get deploy --no-headers", broken: "0/0", sound: "1/1" }],
    repair: "kubectl -n ingress-nginx scale deployment ingress-nginx-controller --replicas=1",
  },
];
