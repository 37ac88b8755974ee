import { parentPort } from "node:worker_threads";
import { BadFile, jsonSchema, openLab } from "../../../../labs/index.ts";
import { presetWorld } from "../../../sessions/actor/presets.ts";
import { isExam, type AuthoringAnswer, type AuthoringOrder, type LabDraft } from "../../../sessions/protocol/index.ts";
import { examTemplate, template } from "../new.ts";
import { checkDraft } from "./check.ts";
import { checkExam } from "./check-exam.ts";
import { listLabs } from "./listing.ts";
import { located } from "./located.ts";
import { proveDraft } from "./prove-draft.ts";
import { sourceOf } from "./source-of.ts";

/** Does what the main thread orders for those who write labs, one after the other. */
export function answerOrders(): void {
  let before: Promise<void> = Promise.resolve();
  const post = (answer: AuthoringAnswer): void => parentPort!.postMessage(answer, []);
  parentPort!.on("message", (order: AuthoringOrder) => {
    before = before.then(async () => {
      try {
        for await (const answer of answersTo(order)) post(answer);
      } catch (error) {
        post({ kind: "bug", message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      }
    });
  });
}

async function* answersTo(order: AuthoringOrder): AsyncGenerator<AuthoringAnswer> {
  switch (order.kind) {
    case "list":
      return yield { kind: "list", ...listLabs(order.roots) };
    case "template":
      return yield { kind: "template", files: { ...(order.of === "exam" ? examTemplate : template)(order.id) } };
    case "schema":
      // It is read by a program: half of it is spaces.
      return yield { kind: "schema", text: JSON.stringify(JSON.parse(jsonSchema(order.of))) };
    case "check":
      return yield {
        kind: "check",
        check: isExam(order.draft.files) ? checkExam(order.draft, order.roots) : await checkDraft(order.draft),
      };
    case "rehearse":
      return yield { kind: "rehearse", problems: located(order.draft.name, await rehearsed(order.draft, order.seed)) };
    case "prove":
      return yield* proveDraft(order.draft, order.seeds);
  }
}

/** What keeps a draft from being opened. */
async function rehearsed(draft: LabDraft, seed: number): Promise<readonly string[]> {
  try {
    const placed = sourceOf(draft).place(seed);
    await openLab(placed, await presetWorld(placed.lab.preset));
    return [];
  } catch (error) {
    if (error instanceof BadFile) return error.problems;
    throw error;
  }
}
