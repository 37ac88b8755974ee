import { expect, test } from "vitest";
import { probe, resolveTargets, Scene } from "../../../grader/index.ts";
import { worldCode } from "../../sessions/actor/world-code.ts";
import { turn } from "../../sim/kernel/testing.ts";
import { CLUSTER_PRESETS } from "../../sim/presets/index.ts";
import { boot } from "../../sim/world/index.ts";
import { typed } from "../exec/testing.ts";
import { told } from "./index.ts";

const SETUP = `kubectl create deployment web --image=nginx:1.27 >/dev/null; kubectl expose deployment web --port=80 >/dev/null
kubectl create service clusterip empty --tcp=80 >/dev/null; kubectl run client --image=busybox:1.36 -- sleep 9999 >/dev/null
kubectl apply -f - >/dev/null <<'E'
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: cafe}
spec: {gatewayClassName: nginx, listeners: [{name: http, port: 80, protocol: HTTP}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: shop}
spec:
  parentRefs: [{name: cafe}]
  hostnames: [shop.example.com]
  rules:
  - {matches: [{path: {value: /index.html}}], backendRefs: [{name: web, port: 80}]}
  - {matches: [{path: {value: /empty}}], backendRefs: [{name: empty, port: 80}]}
  - {matches: [{path: {value: /typo}}], backendRefs: [{name: wbe, port: 80}]}
  - {matches: [{path: {value: /old}}], filters: [{type: RequestRedirect, requestRedirect: {statusCode: 301}}]}
  - {matches: [{path: {value: /beta}, headers: [{name: beta, value: "1"}]}], backendRefs: [{name: web, port: 80, weight: 1}, {name: empty, port: 80, weight: 0}]}
E
sleep 20`;

test("a trace tells which HTTPRoute and rule of a Gateway decided, or that none does", async () => {
  const world = await boot(worldCode(), CLUSTER_PRESETS["kubeadm-gateway"]!.topology, { seed: 1, turn });
  await typed(world, [SETUP]);
  const scene = new Scene(world);
  const [place] = scene.places({ pod: "client", namespace: "default" });
  const decision = (path: string, host = "shop.example.com", headers = {}): string | undefined => {
    const found = resolveTargets(scene, `http://cafe-nginx.default.svc.cluster.local./${path}`);
    if ("missing" in found) throw new Error(found.missing);
    const lines = told(scene, place!, probe(scene, place!, found.targets[0]!, { host, headers })).split("\n");
    const line = lines.findLast((one) => one.startsWith("  nginx in "));
    return line
      ?.trim()
      .replace(/in Pod \S+:/, "in POD:")
      .replaceAll(/\b10\.[\d.]+\b/g, "IP");
  };
  const answers = [
    decision("index.html"), decision("empty/x"), decision("typo"), decision("old"), decision("beta"),
    decision("beta", undefined, { beta: "1" }), decision("none"), decision("", "other.example.com"),
  ]; // prettier-ignore
  const AT = "nginx in POD: server shop.example.com, location ";
  const SOCKETS = "unix:/var/run/nginx/nginx";
  expect(answers).toEqual([
    `${AT}/index.html: passed to IP:80, answers 200 (HTTPRoute default/shop rule[0]: Service default/web:80)`,
    `${AT}/empty/: passed to ${SOCKETS}-503-server.sock, answers 503 (HTTPRoute default/shop rule[1]: Service default/empty:80, which has no ready endpoints)`,
    `${AT}/typo: passed to ${SOCKETS}-500-server.sock, answers 500 (HTTPRoute default/shop rule[2]: a backend that cannot be resolved)`,
    `${AT}/old, answers 301 (HTTPRoute default/shop rule[3]: filter RequestRedirect)`,
    `${AT}/beta, answers 404 (no match of HTTPRoute default/shop for path /beta fits the request's method, headers and query)`,
    `${AT}/_ngf-internal-rule0-route0: passed to IP:80, answers 404 (HTTPRoute default/shop rule[4]: Service default/web:80)`,
    `${AT}/, answers 404 (no HTTPRoute attached to Gateway default/cafe has a rule for host shop.example.com and path /none)`,
    'nginx in POD: server "", location /, answers 404 (no HTTPRoute attached to Gateway default/cafe is for host other.example.com: there are routes for shop.example.com)',
  ]);
}, 60_000);
