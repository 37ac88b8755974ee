import { nearest } from "../../grader/index.ts";
import { parse } from "../../server/shell/syntax/index.ts";
import type { PlacedLab } from "../load/lab-source.ts";

/** Scripts of a lab that bash cannot read to their end, and answers that proofs give to questions which are not asked. */
export function scriptProblems({ lab, source }: PlacedLab): string[] {
  const { path, files } = source.folder;
  const questions = lab.tasks.flatMap((task) => task.questions.flatMap(({ id }) => [id, `${task.id}/${id}`]));
  const problems: string[] = [];
  const named = new Set(lab.setup.map(({ script }) => script?.file));
  for (const [file, text] of files) {
    const isProof = file.startsWith("proof/");
    if (!isProof && !named.has(file)) continue;
    const fault = syntaxFault(text);
    if (fault) problems.push(`${path}/${file}:${fault.line}:1: ${fault.words}`);
    if (isProof) problems.push(...answerProblems(`${path}/${file}`, text, questions));
  }
  const visit = (value: unknown, at: readonly PropertyKey[]): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, inner] of Object.entries(value)) {
      const below = [...at, Array.isArray(value) ? Number(key) : key];
      const fault = key === "run" && typeof inner === "string" ? syntaxFault(inner) : undefined;
      if (fault) problems.push(source.yaml.problem(below, `line ${fault.line} of the script: ${fault.words}`));
      else visit(inner, below);
    }
  };
  visit({ setup: lab.setup, tasks: lab.tasks }, []);
  return problems;
}

function syntaxFault(text: string): { readonly line: number; readonly words: string } | undefined {
  const { fault, incomplete } = parse(text);
  const last = text.trimEnd().split("\n").length;
  if (fault)
    return { line: Math.min(fault.line, last), words: `bash cannot read it: ${fault.complaints[0] ?? "syntax error"}` };
  return incomplete ? { line: last, words: "the last command is not complete: bash waits for the rest" } : undefined;
}

function answerProblems(place: string, script: string, questions: readonly string[]): string[] {
  return script.split("\n").flatMap((line, at) => {
    const [, id] = /^\s*answer\s+([\w/-]+)(?:\s|$)/.exec(line) ?? [];
    if (id === undefined || questions.includes(id)) return [];
    const meant = nearest(id, questions);
    const hint =
      questions.length === 0
        ? "this lab asks none"
        : meant
          ? `did you mean ${meant}?`
          : `there are ${questions.join(", ")}`;
    return [
      `${place}:${at + 1}:${line.indexOf(id, line.indexOf("answer") + 6) + 1}: there is no question ${id}: ${hint}`,
    ];
  });
}
