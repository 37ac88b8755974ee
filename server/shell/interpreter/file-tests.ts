import { attempt, Errno, type Stat } from "../../sim/host/index.ts";
import { isSetOption } from "./options.ts";
import { allValues, element, parameter, parameterData, splitSubscript } from "./parameters.ts";
import type { Shell } from "./shell.ts";

/** The conditions of `[ ]`, `test` and `[[ ]]` that look at files, variables and texts. As test.c. */

export const UNARY = new Set([..."abcdefghkLnNoOpGrRsStuvwxz"].map((letter) => `-${letter}`));

const FILE_TYPES: Record<string, Stat["type"]> = {
  "-b": "block",
  "-c": "char",
  "-d": "dir",
  "-f": "file",
  "-p": "fifo",
  "-S": "socket",
};

export function unaryTest(shell: Shell, operator: string, operand: string): boolean {
  switch (operator) {
    case "-n":
      return operand !== "";
    case "-z":
      return operand === "";
    case "-t":
      return /^\s*\d+\s*$/.test(operand) && shell.process.isTty(Number(operand));
    case "-v":
      return isSet(shell, operand);
    case "-R":
      return shell.variables.find(operand)?.reference === true && shell.variables.find(operand)!.data !== undefined;
    case "-o":
      return isSetOption(operand) && shell.options.has(operand);
    case "-h":
    case "-L":
      return lookAt(shell, operand, true)?.type === "link";
    default:
      return fileTest(shell, operator, operand);
  }
}

function fileTest(shell: Shell, operator: string, path: string): boolean {
  const { process, host } = shell;
  const stat = lookAt(shell, path, false);
  if (!stat) return false;
  const type = FILE_TYPES[operator];
  if (type !== undefined) return stat.type === type;
  switch (operator) {
    case "-r":
      return host.files.access(path, 4, process);
    case "-w":
      return host.files.access(path, 2, process);
    case "-x":
      return host.files.access(path, 1, process);
    case "-s":
      return stat.size > 0;
    case "-u":
      return (stat.mode & 0o4000) !== 0;
    case "-g":
      return (stat.mode & 0o2000) !== 0;
    case "-k":
      return (stat.mode & 0o1000) !== 0;
    case "-O":
      return stat.uid === process.uid;
    case "-G":
      return stat.gid === process.gid;
    default:
      // -a and -e ask whether it exists, -N whether it was changed since it was read: times of reading are not kept.
      return true;
  }
}

function lookAt(shell: Shell, path: string, link: boolean): Stat | undefined {
  const { files } = shell.host;
  const descriptor = /^\/dev\/(?:fd\/(\d+)|std(in|out|err))$/.exec(path);
  if (descriptor) {
    const fd = descriptor[1] === undefined ? ["in", "out", "err"].indexOf(descriptor[2]!) : Number(descriptor[1]);
    if (!shell.process.fds.find(fd)) return undefined;
  }
  const stat = attempt(() => (link ? files.lstat(path, shell.process) : files.stat(path, shell.process)));
  if (!(stat instanceof Errno)) return stat;
  // A pipe or socket behind a descriptor has no name in the file system.
  return descriptor && !link ? { type: "fifo", mode: 0o600, uid: shell.process.uid, gid: shell.process.gid, mtime: 0, size: 0, ino: 0, links: 1 } : undefined; // prettier-ignore
}

function isSet(shell: Shell, name: string): boolean {
  const target = splitSubscript(name);
  if (target.subscript === undefined) return parameter(shell, name) !== undefined;
  if (target.subscript === "@" || target.subscript === "*")
    return allValues(parameterData(shell, target.name)).length > 0;
  return element(shell, target.name, target.subscript) !== undefined;
}

/** `-nt`, `-ot`, `-ef`. */
export function compareFiles(shell: Shell, left: string, operator: string, right: string): boolean {
  const [a, b] = [lookAt(shell, left, false), lookAt(shell, right, false)];
  if (operator === "-ef") {
    if (!a || !b) return false;
    const { files } = shell.host;
    return (
      files.realpath(left, shell.process) === files.realpath(right, shell.process) || (a.ino === b.ino && a.ino !== 0)
    );
  }
  if (operator === "-nt") return a !== undefined && (b === undefined || a.mtime > b.mtime);
  return b !== undefined && (a === undefined || a.mtime < b.mtime);
}

export function compareNumbers(a: number | bigint, operator: string, b: number | bigint): boolean {
  switch (operator) {
    case "-eq":
      return a === b;
    case "-ne":
      return a !== b;
    case "-lt":
      return a < b;
    case "-le":
      return a <= b;
    case "-gt":
      return a > b;
    default:
      return a >= b;
  }
}
