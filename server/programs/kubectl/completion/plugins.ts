import {
  attempt,
  Errno,
  exitCode,
  FdTable,
  findInPath,
  MemoryOutput,
  spawnChild,
  type Process,
} from "../../../sim/host/index.ts";
import { decode } from "../../../sim/kernel/index.ts";
import { findCommand } from "../../gnu/execute.ts";
import { DEFAULT } from "./directive.ts";
import type { Choices } from "./choices.ts";

/** The commands that files called `kubectl-a-b_c` make: `a`, and below it `b-c`. */
interface PluginTree {
  readonly children: Map<string, PluginTree>;
}

const summaryOf = (name: string): string => `The command ${name} is a plugin installed by the user`;

/** The first words of all plugins in PATH, as commands of kubectl (kubectl pkg/cmd/plugin/plugin_completion.go). */
export function pluginNames(process: Process): { readonly name: string; readonly summary: string }[] {
  return [...pluginTree(process).children.keys()].map((name) => ({ name, summary: summaryOf(name) }));
}

/** Completes behind a word that is no command: a plugin's subcommands, and what its `kubectl_complete-NAME` offers. */
export async function completePlugin(process: Process, before: readonly string[], word: string): Promise<Choices> {
  const debug = (text: string): Promise<void> => process.error(`[Debug] ${text}\n`);
  await debug("Cleared global flags for plugin completion");
  let tree = pluginTree(process);
  let depth = 0;
  for (let next; (next = tree.children.get(before[depth] ?? "")); depth++) tree = next;
  if (depth === 0)
    return { choices: [], directive: DEFAULT, error: `unable to find a command for arguments: [${before.join(" ")}]` };
  const args = before.slice(depth);
  const subcommands = args.length === 0 && !word.startsWith("-") ? [...tree.children.keys()].sort() : [];
  const choices = subcommands.filter((name) => name.startsWith(word)).map((name) => `${name}\t${summaryOf(name)}`);
  const program = `kubectl_complete-${before.slice(0, depth).join("-").replaceAll(/-/g, "_").replaceAll(" ", "-")}`;
  await debug(`About to look for: ${program}`);
  const path = findInPath(process.host, program, process.env["PATH"], process);
  if (path === undefined) {
    await debug(`Plugin ${program.replace("_complete", "")} does not provide a matching completion executable`);
    return { choices, directive: DEFAULT };
  }
  await debug(`About to call: ${path} ${[...args, word].join(" ")}`);
  const { lines, directive } = await ask(process, [path, ...args, word]);
  return { choices: [...choices, ...lines], directive };
}

/** Runs a completion program: a choice a line, and perhaps `:DIRECTIVE` as the last. */
async function ask(process: Process, words: readonly string[]): Promise<{ lines: string[]; directive: number }> {
  const found = findCommand(process, [...words]);
  if (found instanceof Errno) return { lines: [], directive: DEFAULT };
  const output = new MemoryOutput(process.kernel.limits.memory);
  const fds = new FdTable([0, 2].flatMap((fd) => (process.fds.find(fd) ? [[fd, process.fds.find(fd)!] as const] : [])));
  fds.set(1, output);
  const child = spawnChild(process, { ...found, fds });
  let code: number | undefined;
  while (code === undefined) {
    const { change, status } = await process.wait([child]);
    if (change === "exited") code = exitCode(status!);
  }
  if (code !== 0) return { lines: [], directive: DEFAULT };
  const lines = decode(output.take())
    .split("\n")
    .filter((line) => line !== "");
  const last = /^:(-?\d+)$/.exec(lines.at(-1) ?? "");
  return last ? { lines: lines.slice(0, -1), directive: Number(last[1]) } : { lines, directive: DEFAULT };
}

function pluginTree(process: Process): PluginTree {
  const root: PluginTree = { children: new Map() };
  for (const name of pluginFiles(process)) {
    let tree = root;
    for (const part of name.split("-").slice(1)) {
      const word = part.replaceAll("_", "-");
      if (!tree.children.has(word)) tree.children.set(word, { children: new Map() });
      tree = tree.children.get(word)!;
    }
  }
  return root;
}

function pluginFiles(process: Process): string[] {
  const { files } = process.host;
  return [...new Set((process.env["PATH"] ?? "").split(":"))].flatMap((folder) => {
    const names = folder.trim() === "" ? [] : attempt(() => files.list(folder, process));
    if (names instanceof Errno) return [];
    return names.filter((name) => name.startsWith("kubectl-"));
  });
}
