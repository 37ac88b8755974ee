import { expect, test } from "vitest";
import { desk, labText } from "./testing.ts";

const LAB = `draft:${"a".repeat(64)}/alpha`;

test("an attempt at a draft is called so, lives apart by its name, and counts for nobody's progress", async () => {
  const { attempts, fleet } = await desk();
  fleet.labs.set(LAB, labText("alpha"));
  const started = await attempts.startDraft({ of: "services/alpha", lab: LAB, seed: 3 });
  expect(started).toMatchObject({
    id: expect.stringMatching(/^draft-[\w-]{16}$/),
    kind: "lab",
    of: "draft:services/alpha",
    title: "Draft: The alpha lab",
  });
  await attempts.submit(started.id);
  expect(await attempts.catalogue()).toMatchObject({
    labs: [{ id: "alpha", best: null, attempts: 0 }],
    recent: [{ id: started.id, title: "Draft: The alpha lab" }],
  });
});

test("an attempt at a draft of an exam is one of its labs, with its base and its end, and counts for nobody's progress", async () => {
  const { attempts, clock } = await desk();
  const plan = { title: "Harbour mock", minutes: 5, pass: 50, labs: [{ lab: "beta", weight: 2, host: "quay" }] };
  const started = await attempts.startDraftExam({ of: "exams/harbour", seed: 3, plan }, { owner: "ada" });
  expect(started).toMatchObject({
    kind: "exam",
    of: "draft:exams/harbour",
    title: "Draft: Harbour mock",
    endsAt: clock.now() + 300_000,
    parts: [{ lab: "beta", weight: 2, ssh: "quay" }],
    base: { part: 1 },
  });
  await attempts.submit(started.id);
  expect((await attempts.catalogue("ada")).exams).toMatchObject([{ id: "mock", best: null, attempts: 0 }]);
  await expect(attempts.start({ kind: "exam", of: "draft:exams/harbour" })).rejects.toMatchObject({
    code: "unknown-lab",
  });
});

test("nobody starts a draft as they start a lab, even if they know its hash", async () => {
  const { attempts, fleet } = await desk();
  fleet.labs.set(LAB, labText("alpha"));
  for (const name of [LAB, "draft:services/alpha"])
    await expect(attempts.start({ kind: "lab", of: name })).rejects.toMatchObject({
      code: "unknown-lab",
      help: expect.stringContaining("/authoring"),
    });
});
