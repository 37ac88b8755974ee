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

test("nobody starts a draft as they start a lab, even if they know its hash", async () => {
  const { attempts, fleet } = await desk();
  fleet.labs.set(LAB, labText("alpha"));
  for (const name of [LAB, "draft:services/alpha"])
    await expect(attempts.start({ kind: "lab", of: name })).rejects.toMatchObject({
      code: "unknown-lab",
      help: expect.stringContaining("/authoring"),
    });
});
