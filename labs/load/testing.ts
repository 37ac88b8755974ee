import { BadFile } from "../schema/bad-file.ts";
import type { LabFolder } from "./folder.ts";
import { LabSource } from "./lab-source.ts";

/** Files by their names in a lab's folder; undefined: there is none. */
export type DemoFiles = Readonly<Record<string, string | undefined>>;

/** Where mistakes are made: a lab in a folder of its own. */
const FOLDER = "labs/x/demo";

/** What every lab needs besides its lab.yaml. */
const USUAL: DemoFiles = { "task.md": "Do it.\n", "explain.md": "So.\n", "proof/solution.sh": "true\n" };

export function demoFolder(files: DemoFiles): LabFolder {
  const all = Object.entries({ ...USUAL, ...files });
  return { path: FOLDER, files: new Map(all.filter((entry): entry is [string, string] => entry[1] !== undefined)) };
}

/** What is said of such a folder with seed 1, without the folder in front. */
export function demoProblems(files: DemoFiles): readonly string[] {
  try {
    new LabSource(demoFolder(files)).place(1);
    return [];
  } catch (error) {
    if (!(error instanceof BadFile)) throw error;
    return error.problems.map(inFolder);
  }
}

/** `lab.yaml:3:1: …` of `labs/x/demo/lab.yaml:3:1: …`. */
export function inFolder(problem: string): string {
  return problem.replace(`${FOLDER}/`, "");
}
