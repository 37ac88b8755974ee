import { nearest, Scene } from "../../grader/index.ts";
import type { World } from "../../server/sim/world/index.ts";
import { PRESETS } from "../../server/sim/presets/index.ts";
import type { PlacedLab } from "../load/lab-source.ts";
import { variables, type VariantValues } from "../schema/variants.ts";

const WORD = /[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/g;

/** What a lab speaks of itself, and what its world has before the lab is set up. */
export class Known {
  readonly #preset: World;
  /** Everything that the lab says besides prompts and hints. */
  readonly #texts: string;
  readonly #words: ReadonlySet<string>;
  readonly #objects: ReadonlySet<string>;

  constructor(placed: PlacedLab, preset: World) {
    this.#preset = preset;
    this.#texts = ownTexts(placed);
    this.#words = new Set([...this.#texts.matchAll(WORD)].flatMap(([word]) => [word, ...word.split(".")]));
    this.#objects = objectsOf(preset);
  }

  /** Why a name should not stand where it does; undefined if it may. */
  problem({
    name,
    as,
  }: {
    readonly name: string;
    readonly as: "host" | "namespace" | "file" | "object";
  }): string | undefined {
    if (as === "file" ? this.#hasFile(name) : this.#words.has(name) || this.#objects.has(name) || this.#hosts.has(name))
      return undefined;
    const meant = nearest(name, [...this.#words, ...this.#objects, ...this.#hosts]);
    const hint = meant === undefined ? "" : `: did you mean ${meant}?`;
    return `this lab has no ${as} ${name}${hint}`;
  }

  get #hosts(): ReadonlySet<string> {
    return new Set(this.#preset.hosts.machines().map(({ name }) => name));
  }

  #hasFile(path: string): boolean {
    if (this.#texts.includes(path)) return true;
    return this.#preset.hosts.machines().some(({ host }) => host.files.exists(path));
  }
}

/** What the learner is told names what there is; all else makes it, breaks it, or looks at it. */
function ownTexts(placed: PlacedLab): string {
  const { lab, source, values } = placed;
  const { tasks, title: _title, summary: _summary, ...rest } = lab;
  const told = tasks.map(({ hints: _hints, prompt: _prompt, ...task }) => task);
  const files = [...source.folder.files.keys()].filter((file) => !file.endsWith(".md") && file !== "lab.yaml");
  const texts = files.map((file) => withVariables(placed.text(file), values));
  return [JSON.stringify({ rest, told, values, world: PRESETS[lab.preset]?.topology }), ...texts].join("\n");
}

/** Proofs have variants as variables of their shell. */
function withVariables(script: string, values: VariantValues): string {
  return variables(values).reduce(
    (text, [name, value]) => text.replaceAll(new RegExp(`\\$(?:${name}\\b|\\{${name}\\})`, "g"), () => value),
    script,
  );
}

function objectsOf(preset: World): ReadonlySet<string> {
  const scene = new Scene(preset);
  if (!scene.hasCluster) return new Set();
  const { objects } = scene;
  const all = objects.kinds.flatMap(
    (kind) => objects.list(kind.group === "" ? kind.plural : `${kind.plural}.${kind.group}`, undefined).objects,
  );
  return new Set(all.map(({ metadata }) => metadata.name));
}
