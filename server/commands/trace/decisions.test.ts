import { expect, test } from "vitest";
import { probe, resolveTargets, Scene } from "../../../grader/index.ts";
import { worldCode } from "../../sessions/actor/world-code.ts";
import { turn } from "../../sim/kernel/testing.ts";
import { CLUSTER_PRESETS } from "../../sim/presets/index.ts";
import { boot } from "../../sim/world/index.ts";
import { typed } from "../exec/testing.ts";
import { told } from "./index.ts";

const SETUP = [
  "kubectl create deployment web --image=nginx:1.27 > /dev/null",
  "kubectl expose deployment web --port=80 > /dev/null",
  "kubectl run client --image=busybox:1.36 -- sleep 9999 > /dev/null",
  "kubectl create ingress shop --class=nginx --rule='shop.example.com/pay*=web:80' > /dev/null",
  "sleep 20",
];

test("a trace tells which record, Service and Ingress rule decided", async () => {
  const world = await boot(worldCode(), CLUSTER_PRESETS["kubeadm-ingress"]!.topology, { seed: 1, turn });
  await typed(world, SETUP);
  const scene = new Scene(world);
  const [place] = scene.places({ pod: "client", namespace: "default" });
  /** The lines of programs, without what differs from seed to seed. */
  const programs = (to: string, host?: string): string[] => {
    const found = resolveTargets(scene, to);
    if ("missing" in found) throw new Error(found.missing);
    const made = probe(scene, place!, found.targets[0]!, host === undefined ? {} : { host });
    const lines = told(scene, place!, made).split("\n");
    return lines
      .filter((line) => /^ {2}(CoreDNS|nginx) in /.test(line))
      .map((line) =>
        line
          .trim()
          .replace(/in Pod \S+:/, "in POD:")
          .replaceAll(/\b10\.[\d.]+\b/g, "IP"),
      );
  };
  expect(programs("http://web/")).toEqual([
    "CoreDNS in POD: web.default.svc.cluster.local A: IP (plugin kubernetes) (Service default/web)",
  ]);
  expect(programs("http://nope.default.svc.cluster.local./").at(-1)).toBe(
    "CoreDNS in POD: nope.default.svc.cluster.local A: NXDOMAIN (plugin kubernetes) (there is no Service default/nope)",
  );
  const ingress = "http://ingress-nginx-controller.ingress-nginx.svc.cluster.local./";
  expect(programs(`${ingress}pay`, "shop.example.com").at(-1)).toBe(
    "nginx in POD: server shop.example.com, location /pay: passed to IP:80, answers 404 (Ingress default/shop path /pay: Service default/web:80)",
  );
  expect(programs(`${ingress}x`, "shop.example.com").at(-1)).toBe(
    "nginx in POD: server shop.example.com, location /: passed to 127.0.0.1:8181, answers 404 (no Ingress of this controller has a rule for host shop.example.com and path /x: the default backend answers)",
  );
}, 60_000);
