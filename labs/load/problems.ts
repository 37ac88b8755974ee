import { basename } from "node:path";
import { listed, nearest } from "../../grader/index.ts";
import type { Lab } from "../schema/lab.ts";
import { possibleValues, textNames, usedVariants, type Variant, type When } from "../schema/variants.ts";
import type { LabFolder } from "./folder.ts";
import type { LabSource } from "./lab-source.ts";
import { manifestProblems } from "./manifests.ts";

/** `{{name}}` in a file of the folder where no variant has that name, or where only a text or number can stand: each name once. */
export function variantProblems({ path, files }: LabFolder, variants: Readonly<Record<string, Variant>>): string[] {
  const inText = textNames(variants);
  const told = new Set<string>();
  const problems: string[] = [];
  for (const [file, text] of files)
    for (const [at, line] of text.split("\n").entries()) {
      const complain = (name: string, column: number, words: string): void => {
        if (!told.has(name)) problems.push(`${path}/${file}:${at + 1}:${column}: ${words}`);
        told.add(name);
      };
      const open = line.replace(/\{\{[^{}]*\}\}/g, (whole) => "_".repeat(whole.length)).search(/\{\{\s*[a-zA-Z_]/);
      if (open >= 0) complain("{{", open + 1, "the {{ that opens here is never closed: write {{name}}");
      for (const name of usedVariants(line)) {
        if (inText.includes(name)) continue;
        const written = `\\{\\{\\s*${name.replace(/[^\w]/g, "\\$&")}\\s*\\}\\}`;
        const whole = new RegExp(`["']${written}["']`).test(line);
        if (file === "lab.yaml" && whole && Object.hasOwn(variants, name.split(".")[0]!)) continue;
        complain(name, line.search(new RegExp(written)) + 1, `{{${name}}} ${unknownWords(name, inText, variants)}`);
      }
    }
  return problems;
}

/** Values of variants that use others which are drawn after them. */
export function orderProblems({ yaml, variants }: Pick<LabSource, "yaml" | "variants">): string[] {
  const names = Object.keys(variants);
  return names.flatMap((name, at) => {
    const later = usedVariants(JSON.stringify(variants[name])).find((used) => names.indexOf(used.split(".")[0]!) >= at);
    return later === undefined
      ? []
      : [yaml.problem(["variants", name], `uses {{${later}}}, which is drawn later: write ${later} above it`)];
  });
}

function unknownWords(name: string, inText: readonly string[], variants: Readonly<Record<string, Variant>>): string {
  if (Object.hasOwn(variants, name))
    return `stands for several fields: ${inText.some((other) => other.startsWith(`${name}.`)) ? `there are ${listed(inText.filter((other) => other.startsWith(`${name}.`)))}` : "it can only be a whole value of lab.yaml"}`;
  const meant = nearest(name, inText);
  const known = inText.length > 0 ? `there are ${inText.join(", ")}` : "there are none";
  return `is no variant of this lab: ${meant === undefined ? known : `did you mean ${meant}?`}`;
}

/** What a `when` asks for that can never be drawn. */
function whenProblem(when: When, variants: Readonly<Record<string, Variant>>): string | undefined {
  for (const [name, wanted] of Object.entries(when)) {
    const known = textNames(variants);
    if (!known.includes(name)) {
      const meant = nearest(name, known);
      const hint = meant === undefined ? `there are ${known.join(", ") || "none"}` : `did you mean ${meant}?`;
      return `there is no variant ${name}: ${hint}`;
    }
    const variant = variants[name];
    if (variant && "between" in variant) {
      const [low, high] = variant.between;
      const outside = [wanted].flat().find((one) => !(Number(one) >= low && Number(one) <= high));
      if (outside !== undefined) return `${name} is never ${outside}: it lies between ${low} and ${high}`;
    }
    const possible = possibleValues(variants, name);
    const never = [wanted].flat().find((one) => possible && !possible.includes(String(one)));
    if (never !== undefined) return `${name} is never ${never}: it is one of ${possible!.join(", ")}`;
  }
  return undefined;
}

/** What the parts of a lab say of each other: its folder, and the files that it names. */
export function labProblems({ folder, yaml, variants }: LabSource, lab: Lab): string[] {
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
  const total = lab.tasks.reduce((sum, { points }) => sum + points, 0);
  if (lab.untouched >= total)
    problems.push(yaml.problem(["untouched"], `the lab has ${total} points: somebody who does nothing must get fewer`));
  for (const [at, task] of lab.tasks.entries()) file(["tasks", at, "prompt"], task.prompt);
  for (const [at, step] of lab.setup.entries()) {
    file(["setup", at, "manifest"], step.manifest);
    file(["setup", at, "script", "file"], step.script?.file);
    file(["setup", at, "file", "from"], step.file?.from);
    const never = step.when && whenProblem(step.when, variants);
    if (never !== undefined) problems.push(yaml.problem(["setup", at, "when"], never));
  }
  return problems;
}

/** What is wrong in the manifests of a lab. */
export function manifestsProblems({ folder }: LabSource, lab: Lab): string[] {
  return lab.setup.flatMap(({ manifest }) =>
    manifest === undefined ? [] : manifestProblems(folder, manifest, lab.preset),
  );
}

/** What proofs say of a lab: checks that they name, points that they add up. */
export function proofProblems({ folder, proofs, variants }: LabSource, lab: Lab): string[] {
  const parts = lab.tasks.flatMap((task) => [
    ...task.checks.map(({ id, points, partial }) => ({ id, points, partial })),
    ...task.questions.map(({ id, points }) => ({ id, points, partial: false })),
  ]);
  const ids = parts.map(({ id }) => id);
  const total = parts.reduce((sum, { points }) => sum + points, 0);
  const problems: string[] = [];
  if (!proofs.some(({ name }) => name.startsWith("solution")))
    problems.push(`${folder.path}/proof/solution.sh:1:1: there is no such file: a lab proves that it can be solved`);
  for (const { name, script, when = {}, wrong } of proofs) {
    if (!wrong && script.replace(/^\s*(#.*)?$/gm, "").trim() === "") {
      problems.push(`${folder.path}/proof/${name}:1:1: a solution that does nothing: write what solves the lab`);
      continue;
    }
    const complain = (keyword: string, words: string): void => {
      const line = script.split("\n").findIndex((text) => new RegExp(`^#\\s*${keyword}\\b`).test(text)) + 1;
      problems.push(`${folder.path}/proof/${name}:${Math.max(line, 1)}:1: ${words}`);
    };
    const never = whenProblem(when, variants);
    if (never !== undefined) complain("when", never);
    if (!wrong) continue;
    const unknown = [...wrong.fails, ...wrong.because.map(({ check }) => check)].filter((id) => !ids.includes(id));
    for (const id of new Set(unknown)) {
      const meant = nearest(id, ids);
      complain(
        "fails",
        `there is no check or question ${id}: ${meant === undefined ? `there are ${ids.join(", ")}` : `did you mean ${meant}?`}`,
      );
    }
    const passes = wrong.because.find(({ check }) => ids.includes(check) && !wrong.fails.includes(check));
    if (passes) complain("because", `${passes.check} is not among what fails: name it there, or take this line away`);
    if (wrong.of !== total) complain("scores", `the lab has ${total} points, not ${wrong.of}`);
    const failed = parts.filter(({ id }) => wrong.fails.includes(id));
    const left = total - failed.reduce((sum, { points }) => sum + points, 0);
    if (unknown.length === 0 && !failed.some(({ partial }) => partial) && wrong.score !== left)
      complain("scores", `with ${wrong.fails.join(" and ")} failing it scores ${left}, not ${wrong.score}`);
  }
  return problems;
}
