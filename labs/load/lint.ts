import { nearest } from "../../grader/index.ts";
import { TOPICS } from "../schema/topics.ts";
import type { PlacedLab } from "./lab-source.ts";

/** What is wrong with a lab that can be opened all the same: it is about nothing that the syllabus knows. */
export function lintProblems({ lab, source }: PlacedLab): string[] {
  const known: readonly string[] = TOPICS;
  return lab.topics.flatMap((topic, at) => {
    if (known.includes(topic)) return [];
    const meant = nearest(topic, known);
    const hint = meant === undefined ? `there are ${known.join(", ")}` : `did you mean ${meant}?`;
    return [source.yaml.problem(["topics", at], `${topic} is no topic: ${hint}`)];
  });
}
