import { cpSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Library } from "./library.ts";
import { Refused } from "./refused.ts";

const OURS = join(import.meta.dirname, "../../../labs/services/lost-endpoints");

test("labs of the authoring folder stand beside the others, as soon as they are saved", () => {
  const root = mkdtempSync(join(tmpdir(), "library-"));
  const [labs, authoring, drafts] = [join(root, "labs"), join(root, "own"), join(root, "drafts")];
  cpSync(OURS, join(labs, "services/lost-endpoints"), { recursive: true });
  const library = new Library({ labs, authoring, drafts });
  const ids = (): string[] => library.catalogue().labs.map(({ id }) => id);
  expect(ids()).toEqual(["lost-endpoints"]);
  const lab = (id: string): void => {
    cpSync(OURS, join(authoring, `services/${id}`), { recursive: true });
    const { files } = library.source("lost-endpoints")!.folder;
    writeFileSync(
      join(authoring, `services/${id}/lab.yaml`),
      files.get("lab.yaml")!.replace("id: lost-endpoints", `id: ${id}`),
    );
  };
  lab("harbour");
  expect(ids()).toEqual(["lost-endpoints", "harbour"]);
  expect(library.place("harbour", 1).id).toBe("harbour");
  // An id that is taken is the first one's.
  lab("lost-endpoints");
  expect(ids()).toEqual(["lost-endpoints", "harbour"]);
  expect(library.catalogue().problems).toEqual([
    expect.stringMatching(/^own\/services\/lost-endpoints\/lab\.yaml:.* has the same id$/),
  ]);
});

test("a draft is found by its hash only, and is in no list", () => {
  const root = mkdtempSync(join(tmpdir(), "library-"));
  const [labs, drafts] = [join(root, "labs"), join(root, "drafts")];
  const hash = "a".repeat(64);
  mkdirSync(labs);
  cpSync(OURS, join(drafts, hash, "lost-endpoints"), { recursive: true });
  cpSync(OURS, join(root, "secret/lost-endpoints"), { recursive: true });
  const library = new Library({ labs, drafts });
  expect(library.catalogue().labs).toEqual([]);
  expect(library.place(`draft:${hash}/lost-endpoints`, 1).id).toBe("lost-endpoints");
  for (const id of [
    "draft:../secret/lost-endpoints",
    `draft:${hash}/../../secret`,
    `draft:${"b".repeat(64)}/x`,
    "draft:",
  ])
    expect(() => library.place(id, 1)).toThrow(Refused);
});
