import { basename } from "node:path";
import { nearest } from "../../grader/index.ts";
import type { Lab } from "../schema/lab.ts";
import { usedVariants } from "../schema/variants.ts";
import type { LabFolder } from "./folder.ts";
import type { LabSource } from "./lab-source.ts";
import { manifestProblems } from "./manifests.ts";

/** `{{name}}` in a file of the folder where no variant has that name. */
export function variantProblems({ path, files }: LabFolder, variants: readonly string[]): string[] {
  return [...files].flatMap(([file, text]) =>
    text.split("\n").flatMap((line, at) =>
      usedVariants(line).flatMap((name) => {
        if (variants.includes(name)) return [];
        const column = line.search(new RegExp(`\\{\\{\\s*${name.replace(/[^\w]/g, "\\$&")}\\s*\\}\\}`)) + 1;
        const meant = nearest(name, variants);
        const known = variants.length > 0 ? `there are ${variants.join(", ")}` : "there are none";
        const hint = meant === undefined ? known : `did you mean ${meant}?`;
        return [`${path}/${file}:${at + 1}:${column}: {{${name}}} is no variant of this lab: ${hint}`];
      }),
    ),
  );
}

/** What the parts of a lab say of each other: its folder, the files that it names, manifests. */
export function labProblems({ folder, yaml }: LabSource, lab: Lab): string[] {
  const problems: string[] = [];
  const folderName = basename(folder.path);
  if (lab.id !== folderName)
    problems.push(yaml.problem(["id"], `the folder is called ${folderName}: both must be the same`));
  const file = (path: readonly PropertyKey[], name: string | undefined): void => {
    if (name === undefined || folder.files.has(name)) return;
    const meant = nearest(name, folder.files.keys());
    problems.push(
      yaml.problem(
        path,
        `there is no file ${name} in the lab's folder${meant === undefined ? "" : `: did you mean ${meant}?`}`,
      ),
    );
  };
  file(["explain"], lab.explain);
  for (const [at, task] of lab.tasks.entries()) file(["tasks", at, "prompt"], task.prompt);
  for (const [at, step] of lab.setup.entries()) {
    file(["setup", at, "manifest"], step.manifest);
    file(["setup", at, "script", "file"], step.script?.file);
    file(["setup", at, "file", "from"], step.file?.from);
    if (step.manifest !== undefined) problems.push(...manifestProblems(folder, step.manifest));
  }
  return problems;
}

/** What proofs say of a lab: checks that they name, points that they add up. */
export function proofProblems({ folder, proofs }: LabSource, lab: Lab): string[] {
  const parts = lab.tasks.flatMap((task) => [
    ...task.checks.map(({ id, points, partial }) => ({ id, points, partial })),
    ...task.questions.map(({ id, points }) => ({ id, points, partial: false })),
  ]);
  const ids = parts.map(({ id }) => id);
  const total = parts.reduce((sum, { points }) => sum + points, 0);
  const problems: string[] = [];
  if (!proofs.some(({ name }) => name.startsWith("solution")))
    problems.push(`${folder.path}/proof/solution.sh:1:1: there is no such file: a lab proves that it can be solved`);
  for (const { name, script, wrong } of proofs) {
    if (!wrong) continue;
    const complain = (keyword: string, words: string): void => {
      const line = script.split("\n").findIndex((text) => new RegExp(`^#\\s*${keyword}\\b`).test(text)) + 1;
      problems.push(`${folder.path}/proof/${name}:${Math.max(line, 1)}:1: ${words}`);
    };
    const unknown = [...wrong.fails, ...wrong.because.map(({ check }) => check)].filter((id) => !ids.includes(id));
    for (const id of new Set(unknown)) {
      const meant = nearest(id, ids);
      complain(
        "fails",
        `there is no check or question ${id}: ${meant === undefined ? `there are ${ids.join(", ")}` : `did you mean ${meant}?`}`,
      );
    }
    if (wrong.of !== total) complain("scores", `the lab has ${total} points, not ${wrong.of}`);
    const failed = parts.filter(({ id }) => wrong.fails.includes(id));
    const left = total - failed.reduce((sum, { points }) => sum + points, 0);
    if (unknown.length === 0 && !failed.some(({ partial }) => partial) && wrong.score !== left)
      complain("scores", `with ${wrong.fails.join(" and ")} failing it scores ${left}, not ${wrong.score}`);
  }
  return problems;
}
