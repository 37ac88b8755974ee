import { oneEach } from "../../../../labs/index.ts";
import type { LabProblem } from "../../../sessions/protocol/index.ts";

/** `services/shop/lab.yaml:3:5: words` as a problem of `lab.yaml`, each once. What has no place is said of the first line. */
export function located(name: string, problems: readonly string[]): LabProblem[] {
  return oneEach(problems).map((problem) => {
    const own = problem.startsWith(`${name}/`) ? problem.slice(name.length + 1) : problem;
    const match = /^([^\s:]+):(\d+):(\d+): ([^]*)$/.exec(own);
    if (!match) return { file: "lab.yaml", line: 1, column: 1, message: problem };
    return { file: match[1]!, line: Number(match[2]), column: Number(match[3]), message: match[4]! };
  });
}
