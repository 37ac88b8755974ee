import type { World } from "../../server/sim/world/index.ts";
import type { LabSource, PlacedLab } from "../load/lab-source.ts";
import { noTopic, TOPICS } from "../schema/topics.ts";
import { docsProblems } from "./docs.ts";
import { lineProblems, returnProblems } from "./lines.ts";
import { markdownProblems } from "./markdown.ts";
import { nameProblems } from "./names.ts";
import { placeProblems } from "./places.ts";
import { scriptProblems } from "./scripts.ts";
import { yamlProblems } from "./yaml.ts";

/** What is wrong with the way in which a lab's files are written, whatever its seed: `file:line:column: …`. */
export function textProblems({ folder: { path, files } }: Pick<LabSource, "folder">): string[] {
  return [...files].flatMap(([file, text]) => {
    const place = `${path}/${file}`;
    if (file.endsWith(".md")) return [...lineProblems(place, text), ...markdownProblems(place, text)];
    if (file.endsWith(".sh")) return returnProblems(place, text);
    // What else there is may be meant to be wrong: files that a fault leaves on a machine.
    if (/^(lab|exam|setup\/.*)\.ya?ml$/.test(file)) return yamlProblems(place, text);
    return [];
  });
}

/**
 * What is wrong with a lab that can be opened all the same: it is about nothing that the syllabus knows, or it speaks of
 * what neither it nor its world (`preset`, as it is before the lab is set up) has.
 */
export function lintProblems(placed: PlacedLab, preset: World): string[] {
  return [
    ...topicProblems(placed),
    ...docsProblems(placed),
    ...placeProblems(placed, preset),
    ...scriptProblems(placed),
    ...nameProblems(placed, preset),
  ];
}

function topicProblems({ lab, source }: PlacedLab): string[] {
  const known: readonly string[] = TOPICS;
  return lab.topics.flatMap((topic, at) => {
    if (known.includes(topic)) return [];
    return [source.yaml.problem(["topics", at], noTopic(topic))];
  });
}
