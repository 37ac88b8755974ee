import { expect, test } from "vitest";
import { CLUSTER_PRESETS } from "../../sim/presets/index.ts";
import { typed } from "./testing.ts";
import { freshPreset } from "./testing-presets.ts";

/** Each part alone, and two with many. */
const NAMES = Object.keys(CLUSTER_PRESETS).filter((name) => name.split("-").length < 3);

test.each([...NAMES, "kubeadm-calico-ipvs-ingress-metallb-3node", "kubeadm-weave-ipvs-3node"])(
  "%s: its nodes are ready and Pods reach each other, unless it has no network",
  async (preset) => {
    const [nodes, running, answer] = await typed(await freshPreset(preset), [
      "kubectl get nodes --no-headers | awk '{print $2}' | sort | uniq -c | tr -s ' '",
      "kubectl create deployment web --image=nginx --replicas=3; kubectl expose deployment web --port 80; kubectl wait --for=condition=Available deployment/web --timeout=30s",
      "curl -s -m 3 -o /dev/null -w '%{http_code}' $(kubectl get svc web -o jsonpath={.spec.clusterIP})",
    ]);
    const count = preset.endsWith("3node") ? 3 : 2;
    const without = preset.includes("nocni");
    expect(nodes).toBe(` ${count} ${without ? "NotReady" : "Ready"}\n`);
    expect(running!.includes("condition met")).toBe(!without);
    expect(answer).toMatch(without ? /^000/ : /^200$/);
  },
  120_000,
);
