import type { Process } from "../../../sim/host/index.ts";
import { parseBool } from "../cobra/strconv.ts";
import type { Ports } from "../ports.ts";
import { choicesFor } from "./choices.ts";
import { directiveText } from "./directive.ts";

/** Answers what a line may become: prints a choice a line, with a tab and its description, then `:DIRECTIVE`. */
export async function answerRequest(
  process: Process,
  name: string,
  words: readonly string[],
  ports: Ports,
): Promise<number> {
  if (words.length === 0) {
    await process.error("error: requires at least 1 arg(s), only received 0\n");
    return 1;
  }
  const { choices, directive, error } = await choicesFor(process, words, ports);
  if (error !== undefined) await process.error(`[Debug] [Error] ${error}\n`);
  const bare = name === "__completeNoDesc" || !describes(process);
  const lines = choices.map((choice) => (bare ? choice.split("\t", 1)[0]! : choice).split("\n", 1)[0]!.trim());
  await process.print([...lines, `:${directive}`].map((line) => `${line}\n`).join(""));
  const ended = `Completion ended with directive: ${directiveText(directive)}\n`;
  // `options` prints all that it prints to its output.
  await (words[0] === "options" && words.length > 1 ? process.print(ended) : process.error(ended));
  return 0;
}

function describes({ env }: Process): boolean {
  const wish = parseBool(env["KUBECTL_COMPLETION_DESCRIPTIONS"] || env["COBRA_COMPLETION_DESCRIPTIONS"] || "");
  return "error" in wish || wish.value;
}
