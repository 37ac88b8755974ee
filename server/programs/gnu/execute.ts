import { Errno, exec, findInPath, resolveExecutable, type Process } from "../../sim/host/index.ts";

export type Environment = Readonly<Record<string, string>>;

/** A command that can be started: its file and words. */
export interface Runnable {
  readonly path: string;
  readonly argv: readonly string[];
}

/**
 * Finds the program for some words as execvp(3) does: by PATH unless the name has a slash; a file without known format is a
 * script of /bin/sh.
 */
export function findCommand(
  process: Process,
  words: readonly string[],
  env: Environment = process.env,
): Runnable | Errno {
  const name = words[0] ?? "";
  const path = name.includes("/") ? name : findInPath(process.host, name, env["PATH"], process);
  if (path === undefined) return isForbidden(process, name, env) ? new Errno("EACCES") : new Errno("ENOENT");
  try {
    resolveExecutable(process.host, path, words, process);
    return { path, argv: words };
  } catch (error) {
    if (!(error instanceof Errno)) throw error;
    return error.code === "ENOEXEC" ? { path: "/bin/sh", argv: ["sh", path, ...words.slice(1)] } : error;
  }
}

/** Whether PATH has a file of that name which cannot be executed. */
function isForbidden({ host }: Process, name: string, env: Environment): boolean {
  return (env["PATH"] ?? "")
    .split(":")
    .some((directory) => name !== "" && host.files.exists(`${directory || "."}/${name}`));
}

/** Becomes the program, or says why it cannot. */
export async function becomeCommand(
  process: Process,
  words: readonly string[],
  env: Environment = process.env,
): Promise<Errno> {
  const found = findCommand(process, words, env);
  return found instanceof Errno ? found : exec(process, found.path, found.argv, env);
}

/** The exit code for a command that could not be started: 127 if there is none, else 126. */
export function codeOf(error: Errno): number {
  return error.code === "ENOENT" ? 127 : 126;
}
