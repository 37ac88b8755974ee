import { basename } from "node:path";
import { nearest } from "../../grader/index.ts";
import { BadFile } from "../schema/bad-file.ts";
import { Exam, type Draw } from "../schema/exam.ts";
import { LocatedYaml } from "../schema/located-yaml.ts";
import { characterProblems } from "./characters.ts";
import { noTopic, TOPICS } from "../schema/topics.ts";
import type { LabFolder } from "./folder.ts";

const EXAM = "exam.yaml";

/** What labs are drawn by. */
export interface DrawnFrom {
  readonly topics: readonly string[];
  readonly level: string;
}

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
    const unreadable = characterProblems(folder);
    if (unreadable.length > 0) throw new BadFile(unreadable);
    this.yaml = new LocatedYaml(`${folder.path}/${EXAM}`, text);
    this.exam = this.yaml.check(Exam);
    const problems = [...this.#ownId(), ...this.#labsTwice(), ...this.#hostsTwice()];
    if (problems.length > 0) throw new BadFile(problems);
  }

  get id(): string {
    return this.exam.id;
  }

  /** What keeps the exam from being held with the labs that there are: `broken` are those that cannot be opened. */
  labProblems(known: ReadonlyMap<string, DrawnFrom>, broken: ReadonlySet<string>): string[] {
    return [...this.#taskProblems(new Set(known.keys()), broken), ...this.#drawProblems(known)];
  }

  /** All labs that may be in an attempt at it. */
  labs(known: ReadonlyMap<string, DrawnFrom>): ReadonlySet<string> {
    const named = this.exam.tasks.map(({ lab }) => lab);
    const fitting = this.exam.draw.map((draw) => this.#fitting(draw, known));
    return new Set([...named, ...this.#taking(fitting, known).flat()]);
  }

  #fitting({ topics, level }: Draw, known: ReadonlyMap<string, DrawnFrom>): string[] {
    const named = new Set(this.exam.tasks.map(({ lab }) => lab));
    return [...known].flatMap(([id, lab]) => {
      const fits = (level ?? lab.level) === lab.level && lab.topics.some((topic) => topics.includes(topic));
      return fits && !named.has(id) ? [id] : [];
    });
  }

  #taskProblems(known: ReadonlySet<string>, broken: ReadonlySet<string>): string[] {
    return this.exam.tasks.flatMap(({ lab }, at) => {
      const path = ["tasks", at, "lab"];
      if (known.has(lab)) return [];
      if (broken.has(lab)) return [this.yaml.problem(path, `lab ${lab} has problems of its own: repair it first`)];
      const meant = nearest(lab, known);
      const hint = meant === undefined ? `there are ${[...known].join(", ")}` : `did you mean ${meant}?`;
      return [this.yaml.problem(path, `there is no lab ${lab}: ${hint}`)];
    });
  }

  /** Whatever was drawn before, there must be enough labs left. */
  #drawProblems(known: ReadonlyMap<string, DrawnFrom>): string[] {
    const { draw } = this.exam;
    const fitting = draw.map((each) => this.#fitting(each, known));
    const taking = this.#taking(fitting, known);
    return draw.flatMap(({ topics, level, count }, at) => {
      const strange = topics.findIndex((topic) => !(TOPICS as readonly string[]).includes(topic));
      if (strange >= 0) return [this.yaml.problem(["draw", at, "topics", strange], noTopic(topics[strange]!))];
      const own = new Set(fitting[at]);
      const before = draw.slice(0, at).reduce((sum, other, index) => {
        return sum + Math.min(other.count, shared(taking[index]!, own));
      }, 0);
      if (own.size - before >= count) return [];
      const which = `${level === undefined ? "" : `${level} `}labs of ${topics.join(", ")}`;
      const others = before > 0 ? `, of which draws before it may take ${before}` : "";
      return [this.yaml.problem(["draw", at], `there are ${own.size} ${which}${others}: ${count} cannot be drawn`)];
    });
  }

  /** Which labs each draw may take: those of its topics first, and others only if these may run out. */
  #taking(fitting: readonly string[][], known: ReadonlyMap<string, DrawnFrom>): string[][] {
    const taking: string[][] = [];
    for (const [at, { topics, count }] of this.exam.draw.entries()) {
      const about = fitting[at]!.filter((id) => topics.includes(known.get(id)!.topics[0] ?? ""));
      const own = new Set(about);
      const before = taking.reduce((sum, ids, i) => sum + Math.min(this.exam.draw[i]!.count, shared(ids, own)), 0);
      taking.push(about.length - before >= count ? about : fitting[at]!);
    }
    return taking;
  }

  #ownId(): string[] {
    const name = basename(this.folder.path);
    if (this.exam.id === name) return [];
    return [this.yaml.problem(["id"], `the folder is called ${name}: both must be the same`)];
  }

  /** A host is that of one task's cluster. Tasks that share a cluster are tasks of one lab. */
  #hostsTwice(): string[] {
    const hosts = this.exam.tasks.map(({ host }) => host);
    return hosts.flatMap((host, at) =>
      host !== undefined && hosts.indexOf(host) < at
        ? [
            this.yaml.problem(
              ["tasks", at, "host"],
              `${host} is the host of another lab of this exam, and each lab has a cluster of its own: give this one another name. Tasks that are to share a cluster are tasks of one lab`,
            ),
          ]
        : [],
    );
  }

  /** A lab is set up from the exam's seed: twice, it would be the same task again. */
  #labsTwice(): string[] {
    const labs = this.exam.tasks.map(({ lab }) => lab);
    return labs.flatMap((lab, at) =>
      labs.indexOf(lab) < at ? [this.yaml.problem(["tasks", at, "lab"], `${lab} is in this exam already`)] : [],
    );
  }
}

function shared(ids: readonly string[], own: ReadonlySet<string>): number {
  return ids.filter((id) => own.has(id)).length;
}
