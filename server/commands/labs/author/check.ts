import { BadFile, type LabSource } from "../../../../labs/index.ts";
import { DRAWS, type DraftCheck, type LabDraft } from "../../../sessions/protocol/index.ts";
import { labProblems } from "../index.ts";
import { located } from "./located.ts";
import { sourceOf } from "./source-of.ts";

/** What `labs lint` says of a draft, and what its variants draw. */
export async function checkDraft(draft: LabDraft): Promise<Omit<DraftCheck, "hash">> {
  try {
    const source = sourceOf(draft);
    return { problems: located(draft.name, await labProblems(source)), draws: drawsOf(source), exam: null };
  } catch (error) {
    if (!(error instanceof BadFile)) throw error;
    return { problems: located(draft.name, error.problems), draws: [], exam: null };
  }
}

function drawsOf(source: LabSource): DraftCheck["draws"] {
  return Array.from({ length: DRAWS }, (_, at) => ({ seed: at + 1, values: Object.fromEntries(source.draw(at + 1)) }));
}
