import { expect, test } from "vitest";
import type { Pod } from "../../server/sim/kube/api/index.ts";
import type { Probe } from "../probe/probe.ts";
import { TestScene } from "../testing.ts";
import { explainIngress } from "./ingress.ts";

interface Rule {
  readonly host?: string;
  readonly path: string;
  readonly to?: string;
  readonly port?: number;
}

const CONTROLLER = {
  metadata: { name: "ingress" },
  spec: { containers: [{ name: "c", image: "registry.k8s.io/ingress-nginx/controller:v1.12.3", args: [] }] },
} as unknown as Pod;

function world(): TestScene {
  const scene = new TestScene();
  for (const [name, controller] of [
    ["nginx", "k8s.io/ingress-nginx"],
    ["other", "example.com/other"],
  ] as const)
    // prettier-ignore
    scene.put("ingressClasses", { metadata: { name }, spec: { controller } });
  const { address } = scene.pod("cart-1", { labels: { app: "cart" } });
  scene.service("cart", "10.96.44.8", [{ name: "http", port: 80, targetPort: 8080 }], {
    selector: { app: "cart" },
    endpoints: [{ address, port: 8080 }],
  });
  scene.service("stock", "10.96.44.9", [{ port: 80, targetPort: 8080 }], { selector: { app: "stocks" } });
  scene.service("pay", "10.96.44.10", [{ port: 80, targetPort: 8080 }], { namespace: "bank", endpoints: [] });
  return scene;
}

function ingress(scene: TestScene, name: string, className: string | undefined, rules: readonly Rule[]): void {
  scene.put("ingresses", {
    metadata: { name, namespace: "shop" },
    spec: {
      ...(className === undefined ? {} : { ingressClassName: className }),
      rules: rules.map(({ host, path, to = "cart", port = 80 }) => ({
        ...(host === undefined ? {} : { host }),
        http: { paths: [{ path, pathType: "Prefix", backend: { service: { name: to, port: { number: port } } } }] },
      })),
    },
    status: { loadBalancer: {} },
  });
}

function why(scene: TestScene, host: string, path: string): string | undefined {
  const probe = { target: { host: "172.30.2.2", path }, backend: { pod: CONTROLLER }, status: 404 };
  return explainIngress(scene.scene, probe as unknown as Probe, host)?.why;
}

test("the rule that was followed, and who stands behind it", () => {
  const scene = world();
  ingress(scene, "front", "nginx", [
    { host: "a.example", path: "/cart" },
    { host: "a.example", path: "/admin", port: 8000 },
    { host: "a.example", path: "/stock", to: "stock" },
    { host: "a.example", path: "/pay", to: "pay" },
    { host: "a.example", path: "/crat", to: "crat" },
  ]);
  expect(["/cart/one", "/admin", "/stock", "/pay?x=1", "/crat"].map((path) => why(scene, "a.example", path))).toEqual([
    "Ingress shop/front sends /cart/one (by its path /cart) to Service cart, port 80",
    "Ingress shop/front sends /admin to Service cart, which has no port 8000, it has 80 (http)",
    "Ingress shop/front sends /stock to Service stock, which has no endpoints: its selector app=stocks matches no Pod; there are Pods with app=cart",
    "Ingress shop/front sends /pay to Service pay, which is not in namespace shop, but in bank",
    "Ingress shop/front sends /crat to Service crat, which is not in namespace shop; there is a Service cart",
  ]);
});

test("no rule: the host, the path, or an Ingress that nobody serves", () => {
  const scene = world();
  ingress(scene, "front", "nginx", [{ host: "a.example", path: "/cart" }]);
  ingress(scene, "none", undefined, [{ host: "b.example", path: "/" }]);
  ingress(scene, "ghost", "ngnix", [{ host: "c.example", path: "/" }]);
  ingress(scene, "foreign", "other", [{ host: "*.d.example", path: "/" }]);
  const hosts = ["x.example", "b.example", "c.example", "www.d.example"];
  expect([why(scene, "a.example", "/cartoon"), ...hosts.map((host) => why(scene, host, "/"))]).toEqual([
    "no rule fits the path /cartoon: Ingress shop/front has /cart (Prefix) for a.example",
    "no Ingress has a rule for the host x.example",
    "Ingress shop/none has a rule for b.example/, but it has no class, and so no controller serves it",
    "Ingress shop/ghost has a rule for c.example/, but there is no IngressClass ngnix",
    "Ingress shop/foreign has a rule for *.d.example/, but its class other is for the controller example.com/other",
  ]);
});

test("an answer of somebody else is not explained here", () => {
  const probe = { target: { host: "cart", path: "/" }, backend: { name: "node01" }, status: 200 };
  expect(explainIngress(world().scene, probe as unknown as Probe, undefined)).toBeUndefined();
});
