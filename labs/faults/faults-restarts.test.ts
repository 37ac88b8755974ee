import { test } from "vitest";
import { presetWorld } from "../../server/sessions/actor/presets.ts";
import { PROOFS } from "./proofs.ts";
import { proveFault, Shops } from "./testing.ts";

const shops = new Shops((preset) => presetWorld(preset));

test.each(
  [...PROOFS.nodes, ...PROOFS.cni, ...PROOFS["kube-proxy"], ...PROOFS["control-plane"]].map(
    (proof) => [JSON.stringify(proof.fault), proof] as const,
  ),
)("%s", { timeout: 60_000 }, async (_, proof) => {
  await proveFault(proof, await shops.fork(proof.preset ?? "kubeadm"));
});
