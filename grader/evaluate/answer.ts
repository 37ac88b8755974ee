import { sameAnswer, withoutIgnored, type Question } from "../question.ts";
import type { Finding } from "../result.ts";
import { commandAt } from "../scene/place.ts";
import type { Scene } from "../scene/scene.ts";
import { answerCommand, rightAnswer } from "./right-answer.ts";
import { excerpt, quoted } from "./words.ts";

/** A question: the given answer against the right one, which is computed in the world unless the lab states it. */
export async function evaluateAnswer(scene: Scene, question: Question, typed: string | undefined): Promise<Finding> {
  const right = await rightAnswer(scene, question.answer);
  const { kind, file, ignore } = question;
  const place = file && scene.machine(file.on);
  const given = place ? place.host.readText(file.path) : typed;
  const holds =
    given !== undefined &&
    sameAnswer(kind === "file" ? file!.as : kind, withoutIgnored(ignore, given), withoutIgnored(ignore, right));
  const nothing = file ? `no file ${file.path} on ${file.on}` : "no answer";
  const observed =
    given === undefined ? nothing : given.trim() === "" ? (file ? "an empty file" : nothing) : given.trim();
  const see = answerCommand(scene, question.answer) ?? (place && commandAt(place, `cat ${file.path}`));
  return {
    holds,
    expected: file ? quoted(right) : right,
    observed: file && given !== undefined && given.trim() !== "" ? quoted(given) : observed,
    ...(file && !holds && given !== undefined
      ? { evidence: [{ kind: "diff", title: file.path, before: excerpt(right), after: excerpt(given.trim()) }] }
      : {}),
    ...(see === undefined ? {} : { see }),
  };
}
