import { expect, test } from "vitest";
import { typed } from "../../server/commands/exec/testing.ts";
import { worldCode } from "../../server/sessions/actor/world-code.ts";
import { turn } from "../../server/sim/kernel/testing.ts";
import { CLUSTER_PRESETS } from "../../server/sim/presets/index.ts";
import { boot } from "../../server/sim/world/index.ts";
import { evaluate } from "../evaluate/evaluate.ts";
import { Scene } from "../scene/scene.ts";
import { check } from "../testing.ts";

const API = "gateway.networking.k8s.io/v1";
const LISTENERS = [{ name: "http", port: 80, protocol: "HTTP" }];

const gateway = (name: string, namespace: string, gatewayClassName: string): object => ({
  apiVersion: API,
  kind: "Gateway",
  metadata: { name, namespace },
  spec: { gatewayClassName, listeners: LISTENERS },
});
const route = (name: string, namespace: string, parent: object, host: string): object => ({
  apiVersion: API,
  kind: "HTTPRoute",
  metadata: { name, namespace },
  spec: { parentRefs: [parent], hostnames: [host] },
});

test("why a Gateway's Service is missing, and why it has no route for a host", { timeout: 60_000 }, async () => {
  const world = await boot(worldCode(), CLUSTER_PRESETS["kubeadm-gateway"]!.topology, { seed: 1, turn });
  const apply = async (...objects: readonly object[]): Promise<void> => {
    const json = JSON.stringify({ apiVersion: "v1", kind: "List", items: objects });
    expect((await typed(world, [`kubectl apply -f - > /dev/null <<'END'\n${json}\nEND\nsleep 5`])).join("")).toBe("");
  };
  const why = async (host: string): Promise<string> => {
    const to = { service: "front-nginx", namespace: "default", port: 80, scheme: "http" as const };
    const reach = { from: "controlplane", to, host, expect: { status: 200 } };
    return (await evaluate(new Scene(world), check({ reach }))).why ?? "";
  };
  expect(await why("shop.example")).toBe("it is made for a Gateway front in namespace default, and there is none.");
  await apply(gateway("front", "kube-public", "nginx"), gateway("front", "default", "istio"));
  expect(await why("shop.example")).toBe(
    "Gateway default/front is of the class istio, which does not exist: nobody takes care of it. There is nginx.",
  );
  await apply(
    gateway("front", "default", "nginx"),
    route("moved", "default", { name: "back" }, "*.example"),
    route("stranger", "kube-public", { name: "front", namespace: "default" }, "away.example"),
    route("fits", "default", { name: "front" }, "here.test"),
  );
  const none = (host: string): string => `no HTTPRoute attached to Gateway default/front is for host ${host}: `;
  const nginx = ' (nginx: server "", location /, answers 404).';
  expect(await why("shop.example")).toBe(
    `${none("shop.example")}HTTPRoute default/moved is, but for Gateway default/back${nginx}`,
  );
  expect(await why("away.example")).toBe(
    `${none("away.example")}HTTPRoute kube-public/stranger is, but the Gateway does not take it: Route is not allowed by any listener (NotAllowedByListeners)${nginx}`,
  );
  expect(await why("there.test")).toBe(`${none("there.test")}there are routes for here.test${nginx}`);
});
