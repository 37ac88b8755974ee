import { createHash } from "node:crypto";
import { baseOrder } from "../sessions/protocol/index.ts";
import type { PartRow } from "../store/store.ts";

/** On which an exam's terminals begin. */
export const BASE = { host: "base", user: "candidate" };

/**
 * An exam's last part is its base: it has no tasks and is not graded. Attempts at labs have none, nor have exams that were
 * started before there was one.
 */
export function isBase({ lab }: Pick<PartRow, "lab">): boolean {
  return baseOrder(lab) !== undefined;
}

export function taskParts<P extends Pick<PartRow, "lab">>(parts: readonly P[]): readonly P[] {
  return parts.filter((part) => !isBase(part));
}

/** The names of an exam's hosts on its base: those that the exam says, and drawn ones (`cka4711`) for the others. */
export function hostNames(
  labs: readonly { readonly lab: string; readonly host?: string | undefined }[],
  seed: number,
): string[] {
  const taken = new Set(labs.flatMap(({ host }) => host ?? []));
  return labs.map(({ lab, host }) => {
    if (host !== undefined) return host;
    for (let tries = 0; ; tries++) {
      const digest = createHash("sha256").update(`${seed}/${lab}/${tries}`).digest();
      const name = `cka${1000 + (digest.readUInt32BE() % 9000)}`;
      if (taken.has(name)) continue;
      taken.add(name);
      return name;
    }
  });
}
