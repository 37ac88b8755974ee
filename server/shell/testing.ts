import type { Daemon, FileSpec, Host, Hosts, Program } from "../sim/host/index.ts";
import type { Kernel } from "../sim/kernel/index.ts";
import { runProgram, testHosts, type Ran } from "../sim/host/testing.ts";
import { ash, bash, dash } from "./index.ts";
import { testPrograms } from "./testing-programs.ts";

/** Where cases run, here and when they were recorded. */
export const CASE_DIRECTORY = "/tmp/drydock-case";

/** A machine with the shells and a few small programs. */
export function shellHost(
  files: readonly FileSpec[] = [],
  programs: readonly (Program | Daemon)[] = [],
  kernel?: Kernel,
): { hosts: Hosts; host: Host } {
  // prettier-ignore
  return testHosts(
    [bash, dash, ash, ...testPrograms, ...programs],
    [
      { path: "/usr/bin/sh", program: "dash" },
      { path: CASE_DIRECTORY, dir: true },
      { path: "/usr/lib", dir: true },
      { path: "/lib", link: "usr/lib" },
      { path: "/etc/hostname", text: "controlplane\n" },
      ...files,
    ],
    kernel,
  );
}

export interface RunOptions {
  /** `bash`, `dash`, `ash`, or `sh`. */
  readonly shell?: string;
  /** How the text is given: with `-c`, as a script file, on standard input. */
  readonly how?: "command" | "file" | "stdin";
  readonly args?: readonly string[];
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export const CASE_ENVIRONMENT: Readonly<Record<string, string>> = {
  PATH: "/usr/bin:/bin",
  HOME: CASE_DIRECTORY,
  SHLVL: "1",
  LANG: "C.UTF-8",
};

/** Runs a text in a shell on a machine of its own. */
export function sh(text: string, options: RunOptions = {}): Promise<Ran> {
  return shOn(shellHost().host, text, options);
}

export function shOn(host: Host, text: string, options: RunOptions = {}): Promise<Ran> {
  const { shell = "bash", how = "command", args = [], stdin = "" } = options;
  const file = `${CASE_DIRECTORY}/case.sh`;
  if (how === "file") host.files.write(file, text);
  const words =
    how === "command"
      ? ["-c", text, ...args]
      : how === "file"
        ? ["./case.sh", ...args]
        : args.length > 0
          ? ["-s", ...args]
          : [];
  return runProgram(host, [shell, ...words], {
    cwd: CASE_DIRECTORY,
    env: { ...CASE_ENVIRONMENT, ...options.env },
    stdin: how === "stdin" ? text : stdin,
  });
}
