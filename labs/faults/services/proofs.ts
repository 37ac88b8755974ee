import type { FaultProof, Sight } from "../testing.ts";

const name = { service: "web", namespace: "shop" };
const refused: Sight = {
  type: "kubectl -n shop exec client -- wget -qO- -T 2 http://web/hostname",
  broken: /^wget: can't connect to remote host \([\d.]+\): Connection refused\n.*\[1\]$/s,
  sound: /^web-/,
};
const silent: Sight = { ...refused, broken: /^wget: download timed out\n.*\[1\]$/s };
const port = (field: string, value: string | number): string =>
  `kubectl -n shop patch svc web --type json -p '${JSON.stringify([{ op: "replace", path: `/spec/ports/0/${field}`, value }])}'`;
const node = (at: number, broken: Sight["broken"]): Sight => ({
  on: "outside",
  type: `curl -sS -m 1 http://172.30.${at}.2:30080/hostname`,
  broken,
  sound: /^web-/,
});

export const PROOFS: readonly FaultProof[] = [
  {
    fault: { "service-selector": { ...name, change: { app: "wed" } } },
    see: [
      refused,
      {
        type: "kubectl -n shop describe svc web | grep ^Endpoints:",
        broken: /^Endpoints: *\n$/,
        sound: /:8080,.*:8080/,
      },
    ],
    repair: "kubectl -n shop set selector svc web app=web",
  },
  {
    fault: { "service-target-port": { ...name, port: 9 } },
    see: [
      refused,
      { type: "kubectl -n shop describe svc web | grep ^Endpoints:", broken: /:9,.*:9/, sound: /:8080,.*:8080/ },
    ],
    repair: port("targetPort", 8080),
  },
  {
    fault: { "service-port-name": { ...name, name: "htpp" } },
    see: [refused],
    repair: port("targetPort", "http"),
  },
  {
    fault: { "service-wrong-port": { ...name, port: 8080 } },
    see: [
      silent,
      { type: "kubectl -n shop get svc web --no-headers", broken: " 8080:30080/TCP", sound: " 80:30080/TCP" },
    ],
    repair: port("port", 80),
  },
  {
    fault: { "service-wrong-type": name },
    see: [{ ...refused, broken: /^web-/ }, node(2, /^curl: \(7\) .*\[7\]$/s)],
    repair: `kubectl -n shop patch svc web -p '{"spec":{"type":"NodePort","ports":[{"port":80,"nodePort":30080}]}}'`,
  },
  {
    fault: { "service-wrong-node-port": { ...name, nodePort: 30088 } },
    see: [node(2, /^curl: \(7\) .*\[7\]$/s)],
    repair: port("nodePort", 30080),
  },
  {
    fault: { "service-local-policy": name },
    see: [node(1, /^curl: \(28\) .*\[28\]$/s), node(2, /^web-/)],
    repair: `kubectl -n shop patch svc web -p '{"spec":{"externalTrafficPolicy":"Cluster"}}'`,
  },
  {
    fault: { "service-missing-endpoints": { deployment: "web", namespace: "shop" } },
    see: [
      refused,
      {
        type: "kubectl -n shop get pods -l app=web --no-headers",
        broken: /^(?:web-\S+ +0\/1 +Running.*\n){2}$/,
        sound: /^(?:web-\S+ +1\/1 +Running.*\n){2}$/,
      },
      { type: "kubectl -n shop get events", broken: "Readiness probe failed", sound: /./ },
    ],
    repair: `kubectl -n shop patch deployment web --type json -p '[{"op":"remove","path":"/spec/template/spec/containers/0/readinessProbe"}]'`,
  },
  {
    fault: { "service-stale-endpoints": { ...name, address: "10.244.1.200" } },
    see: [
      silent,
      {
        type: "kubectl -n shop get endpointslices -l kubernetes.io/service-name=web --no-headers",
        broken: "10.244.1.200",
        sound: /^(?!.*10\.244\.1\.200)/s,
      },
    ],
    repair: "kubectl -n shop delete endpointslice web-manual; kubectl -n shop set selector svc web app=web",
  },
];
