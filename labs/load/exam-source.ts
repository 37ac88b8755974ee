import { basename } from "node:path";
import { nearest } from "../../grader/index.ts";
import { BadFile } from "../schema/bad-file.ts";
import { Exam } from "../schema/exam.ts";
import { LocatedYaml } from "../schema/located-yaml.ts";
import type { LabFolder } from "./folder.ts";

const EXAM = "exam.yaml";

/** An exam's folder, read and checked as far as it does not depend on the labs that there are. */
export class ExamSource {
  readonly folder: LabFolder;
  readonly yaml: LocatedYaml;
  readonly exam: Exam;

  /** Throws BadFile with all problems that were found. */
  constructor(folder: LabFolder) {
    this.folder = folder;
    const text = folder.files.get(EXAM);
    if (text === undefined)
      throw new BadFile([`${folder.path}/${EXAM}:1:1: there is no such file: an exam is a folder with one`]);
    this.yaml = new LocatedYaml(`${folder.path}/${EXAM}`, text);
    this.exam = this.yaml.check(Exam);
    const problems = [...this.#ownId(), ...this.#labsTwice()];
    if (problems.length > 0) throw new BadFile(problems);
  }

  get id(): string {
    return this.exam.id;
  }

  /** What keeps the exam from being held with the labs that there are: `broken` are those that cannot be opened. */
  labProblems(known: ReadonlySet<string>, broken: ReadonlySet<string>): string[] {
    return this.exam.tasks.flatMap(({ lab }, at) => {
      const path = ["tasks", at, "lab"];
      if (known.has(lab)) return [];
      if (broken.has(lab)) return [this.yaml.problem(path, `lab ${lab} has problems of its own: repair it first`)];
      const meant = nearest(lab, known);
      const hint = meant === undefined ? `there are ${[...known].join(", ")}` : `did you mean ${meant}?`;
      return [this.yaml.problem(path, `there is no lab ${lab}: ${hint}`)];
    });
  }

  #ownId(): string[] {
    const name = basename(this.folder.path);
    if (this.exam.id === name) return [];
    return [this.yaml.problem(["id"], `the folder is called ${name}: both must be the same`)];
  }

  /** A lab is set up from the exam's seed: twice, it would be the same task again. */
  #labsTwice(): string[] {
    const labs = this.exam.tasks.map(({ lab }) => lab);
    return labs.flatMap((lab, at) =>
      labs.indexOf(lab) < at ? [this.yaml.problem(["tasks", at, "lab"], `${lab} is in this exam already`)] : [],
    );
  }
}
