import type { Bytes } from "../../kernel/index.ts";
import type { Host } from "../host.ts";

/**
 * A program file holds a stub: an ELF header and the name under which the program is registered. So it can be copied,
 * moved, linked and deleted like any other, `chmod -x` stops it, and what runs is what the file says.
 */
const HEADER = "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00";

/** `version` tells variants of one program apart (busybox 1.28.4 and 1.36.1); it asks with `programVersion`. */
export function programStub(name: string, version = ""): Bytes {
  return `${HEADER}drydock program: ${name} ${version}\n`;
}

/** What the kernel finds in a file that it is to execute. */
export type Executable =
  | { readonly kind: "program"; readonly name: string; readonly version: string }
  /** `#!` with an interpreter and at most one argument. */
  | { readonly kind: "script"; readonly interpreter: string; readonly argument: string | undefined }
  /** Neither: execve fails with ENOEXEC, and shells then run it as a script of their own. */
  | { readonly kind: "unknown"; readonly binary: boolean };

export function readExecutable(data: Bytes): Executable {
  if (data.startsWith("\x7fELF")) {
    const match = /drydock program: (\S+) (\S*)\n/.exec(data.slice(0, 256));
    return match ? { kind: "program", name: match[1]!, version: match[2]! } : { kind: "unknown", binary: true };
  }
  if (data.startsWith("#!")) {
    const match = /^#![ \t]*([^ \t\n]+)[ \t]*([^\n]*?)[ \t]*(?:\n|$)/.exec(data.slice(0, 256));
    if (match) return { kind: "script", interpreter: match[1]!, argument: match[2] || undefined };
  }
  return { kind: "unknown", binary: data.slice(0, 80).includes("\0") };
}

/** The version in the stub of the program file that a process runs; empty if it has none. */
export function programVersion(process: { readonly host: Host; readonly row: { readonly exe: string } }): string {
  const data = process.host.readText(process.row.exe);
  const executable = data === undefined ? undefined : readExecutable(data);
  return executable?.kind === "program" ? executable.version : "";
}
