import { expect, test } from "vitest";
import { presetWorld } from "../../server/sessions/actor/presets.ts";
import { FAULTS } from "./index.ts";
import { PROOFS } from "./proofs.ts";
import { proveFault, Shops } from "./testing.ts";

const shops = new Shops((preset) => presetWorld(preset));

/** Those whose processes are started again and again are in faults-restarts.test.ts. */
const { machines, dns, services, policies, ingress, workloads } = PROOFS;

test("every fault has a proof", () => {
  const proved = new Set(Object.values(PROOFS).flatMap((proofs) => proofs.flatMap(({ fault }) => Object.keys(fault))));
  expect(Object.keys(FAULTS).filter((name) => !proved.has(name))).toEqual([]);
});

test("every fault says what is wrong, what shows first, and what puts it right; every parameter says what it is", () => {
  for (const { name, words, symptom, repair, schema } of Object.values(FAULTS)) {
    for (const text of [words, symptom, repair]) expect(text, name).toMatch(/^[^\n]{10,}[^.\n]$/);
    for (const [field, { description }] of Object.entries(schema.shape))
      expect(description, `${name}.${field}`).toBeTruthy();
  }
});

test.each(
  [...machines, ...dns, ...services, ...policies, ...ingress, ...workloads].map(
    (proof) => [JSON.stringify(proof.fault), proof] as const,
  ),
)("%s", { timeout: 60_000 }, async (_, proof) => {
  await proveFault(proof, await shops.fork(proof.preset ?? "kubeadm"));
});
