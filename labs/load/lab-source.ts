import { createHash } from "node:crypto";
import { basename } from "node:path";
import { z } from "zod";
import { Lab } from "../schema/lab.ts";
import { drawFrom } from "../schema/draw.ts";
import { BadFile } from "../schema/bad-file.ts";
import { LocatedYaml } from "../schema/located-yaml.ts";
import {
  drawn,
  drawVariants,
  substitute,
  substituteAll,
  textNames,
  Variant,
  variables,
  VariantName,
  type VariantValues,
} from "../schema/variants.ts";
import { readProof, type Proof } from "../proof/proof.ts";
import { characterProblems } from "./characters.ts";
import type { LabFolder } from "./folder.ts";
import { labProblems, manifestsProblems, orderProblems, proofProblems, variantProblems } from "./problems.ts";

const LAB = "lab.yaml";

const Variants = z.looseObject({ variants: z.record(VariantName, Variant).default({}) });

/** A lab's folder, read and checked as far as it does not depend on a seed. */
export class LabSource {
  readonly folder: LabFolder;
  readonly yaml: LocatedYaml;
  readonly variants: Readonly<Record<string, Variant>>;
  readonly proofs: readonly Proof[];

  /** Throws BadFile with all problems that were found. */
  constructor(folder: LabFolder) {
    this.folder = folder;
    const text = folder.files.get(LAB);
    if (text === undefined)
      throw new BadFile([`${folder.path}/${LAB}:1:1: there is no such file: a lab is a folder with one`]);
    const unreadable = characterProblems(folder);
    if (unreadable.length > 0) throw new BadFile(unreadable);
    this.yaml = new LocatedYaml(`${folder.path}/${LAB}`, text);
    this.variants = this.yaml.check(Variants).variants;
    const proofs = readProofs(folder);
    this.proofs = proofs.read;
    const problems = [...proofs.problems, ...variantProblems(folder, this.variants), ...orderProblems(this)];
    if (problems.length === 0) return;
    const first = this.yaml.fieldProblems(Lab);
    throw new BadFile(first.length > 0 ? first : problems);
  }

  /** Changes whenever a file of the lab does: the first twelve digits of their hash. */
  get version(): string {
    const files = [...this.folder.files].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 12);
  }

  /** The lab as it is for a seed. Its manifests are read if they are asked for: that takes longest. Throws BadFile. */
  place(seed: number, { manifests = true }: { readonly manifests?: boolean } = {}): PlacedLab {
    const values = this.#values(seed);
    const lab = this.#check(seed, values);
    const problems = [
      ...labProblems(this, lab),
      ...(manifests ? manifestsProblems(this, lab) : []),
      ...proofProblems(this, lab),
    ];
    if (problems.length > 0) throw new BadFile(problems);
    return new PlacedLab(this, lab, seed, values);
  }

  /** What a seed draws, by the names that may stand between double braces. */
  draw(seed: number): readonly (readonly [name: string, value: string])[] {
    const values = this.#values(seed);
    return textNames(this.variants).map((name) => [name, substitute(`{{${name}}}`, values)]);
  }

  /** A drawn value that fits nowhere is one mistake, of the variant, however often it stands in the lab. */
  #check(seed: number, values: VariantValues): Lab {
    try {
      return this.yaml.check(Lab, substituteAll(this.yaml.value, values));
    } catch (error) {
      if (!(error instanceof BadFile)) throw error;
      const guilty = variables(values).find(
        ([, value]) =>
          error.problems.filter((problem) => problem.endsWith(`found the text ${JSON.stringify(value)}`)).length > 1,
      );
      if (!guilty) throw error;
      const [name, value] = guilty;
      const [words = ""] = error.problems.filter((problem) => problem.endsWith(JSON.stringify(value)));
      const why = words.split(": ").slice(2).join(": ");
      throw new BadFile([
        this.yaml.problem(["variants", name], `seed ${seed} draws ${value} where that cannot stand: ${why}`),
      ]);
    }
  }

  #values(seed: number): VariantValues {
    return drawVariants(this.variants, drawFrom(seed, basename(this.folder.path)));
  }
}

/** A lab with its variants drawn. */
export class PlacedLab {
  readonly source: LabSource;
  readonly lab: Lab;
  readonly seed: number;
  readonly values: VariantValues;

  constructor(source: LabSource, lab: Lab, seed: number, values: VariantValues) {
    this.source = source;
    this.lab = lab;
    this.seed = seed;
    this.values = values;
  }

  get id(): string {
    return this.lab.id;
  }

  /** All points that there are. */
  get points(): number {
    return this.lab.tasks.reduce((sum, task) => sum + task.points, 0);
  }

  /** The proofs that are about what was drawn. */
  get proofs(): readonly Proof[] {
    return this.source.proofs.filter(({ when }) => drawn(this.values, when));
  }

  /** A file of the folder, with the values put in. */
  text(file: string): string {
    return substitute(this.source.folder.files.get(file) ?? "", this.values);
  }
}

function readProofs({ path, files }: LabFolder): { read: Proof[]; problems: string[] } {
  const read: Proof[] = [];
  const problems: string[] = [];
  for (const [file, text] of files) {
    if (!file.startsWith("proof/")) continue;
    const name = file.slice("proof/".length);
    if (!/^(solution|wrong-)[\w.-]*\.sh$/.test(name)) {
      problems.push(`${path}/${file}:1:1: a proof is called solution.sh, solution-….sh or wrong-….sh: rename it`);
      continue;
    }
    const proof = readProof(name, text);
    if ("name" in proof) read.push(proof);
    else problems.push(...proof.map(({ line, words }) => `${path}/${file}:${line}:1: ${words}`));
  }
  return { read, problems };
}
