import type { PlacedLab } from "../load/lab-source.ts";
import { kindsOf } from "../load/preset-kinds.ts";
import { substitute, type VariantValues } from "../schema/variants.ts";
import type { World } from "../../server/sim/world/index.ts";
import { Known } from "./known.ts";

/** A name that a text speaks of, as what it stands there, and where: counted from 1. */
interface Mention {
  readonly name: string;
  readonly as: "host" | "namespace" | "file" | "object";
  readonly line: number;
  readonly column: number;
}

/** Prompts and hints may only name hosts, namespaces, objects and files that the lab or its world has, or that proofs make. */
export function nameProblems(placed: PlacedLab, preset: World): string[] {
  const { lab, source, values } = placed;
  const { path, files } = source.folder;
  const known = new Known(placed, preset);
  const roles = rolesOf(kindsOf(lab.preset).map(({ kind }) => kind));
  return lab.tasks.flatMap(({ prompt, hints }, at) => {
    const inPrompt = mentions(files.get(prompt) ?? "", values, roles).flatMap((mention) => {
      const words = known.problem(mention);
      return words === undefined ? [] : [`${path}/${prompt}:${mention.line}:${mention.column}: ${words}`];
    });
    const inHints = hints.flatMap((hint, index) =>
      mentions(typeof hint === "string" ? hint : hint.text, values, roles).flatMap((mention) => {
        const words = known.problem(mention);
        return words === undefined ? [] : [source.yaml.problem(["tasks", at, "hints", index], words)];
      }),
    );
    return [...inPrompt, ...inHints];
  });
}

interface Roles {
  readonly before: RegExp;
  readonly after: RegExp;
}

const HOSTS = "[Hh]osts?|[Nn]odes?|[Mm]achines?";
const NAMESPACES = "[Nn]amespaces?";
const FILES = "[Ff]iles?";

/** The words that tell what stands beside them. Kinds are written as Kubernetes does: `Service`, `Pods`. */
function rolesOf(kinds: readonly string[]): Roles {
  const objects = kinds
    .filter((kind) => !["Namespace", "Node"].includes(kind))
    .map((kind) => (kind.endsWith("y") ? `${kind}|${kind.slice(0, -1)}ies` : `${kind}(?:e?s)?`))
    .join("|");
  const any = `(?<host>${HOSTS})|(?<namespace>${NAMESPACES})|(?<file>${FILES})|(?<object>${objects})`;
  return {
    before: new RegExp(`\\b(?:${any})(?: named| called)? $`),
    after: new RegExp(`^ (?:${any})\\b`),
  };
}

const BETWEEN = /^(?:,| and| or|, and|, or) $/;
const NAME = /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;
const PATH = /^\/[\w.-]+(?:\/[\w.-]+)+$/;

function mentions(text: string, values: VariantValues, { before, after }: Roles): Mention[] {
  return text.split("\n").flatMap((line, at) => {
    // Indented lines are commands, in which a name may stand for anything.
    if (/^ {4}|^\s*```/.test(line)) return [];
    const found: Mention[] = [];
    let end = 0;
    let last: Mention["as"] | undefined;
    for (const { 0: span, 1: inside = "", index } of line.matchAll(/`([^`]+)`/g)) {
      const gap = line.slice(end, index);
      end = index + span.length;
      const told = before.exec(gap) ?? after.exec(line.slice(end));
      const as = told ? roleOf(told.groups!) : BETWEEN.test(gap) ? last : undefined;
      last = as;
      const place = { line: at + 1, column: index + 2 };
      const name = substitute(inside, values);
      found.push(...inSpan(name).map((each) => ({ ...each, ...place })));
      if (as === "file" ? /^[\w./-]+$/.test(name) : as !== undefined && NAME.test(name))
        found.push({ name, as: as!, ...place });
    }
    return found;
  });
}

function roleOf(groups: Readonly<Record<string, string | undefined>>): Mention["as"] {
  return (["host", "namespace", "file"] as const).find((role) => groups[role] !== undefined) ?? "object";
}

/** What a span says by itself: `ssh node01`, `kubectl -n shop …`, `/etc/hosts`. */
function inSpan(text: string): Pick<Mention, "name" | "as">[] {
  const [, host] = /^ssh (?:\w+@)?([a-z0-9][a-z0-9.-]*)(?: |$)/.exec(text) ?? [];
  const [, namespace] = /^(?:sudo )?kubectl .*?(?:-n|--namespace)[ =]([a-z0-9][a-z0-9-]*)(?: |$)/.exec(text) ?? [];
  return [
    ...(host === undefined ? [] : [{ name: host, as: "host" as const }]),
    ...(namespace === undefined ? [] : [{ name: namespace, as: "namespace" as const }]),
    ...(PATH.test(text) ? [{ name: text, as: "file" as const }] : []),
  ];
}
