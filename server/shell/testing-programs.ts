import { Errno, LineInput, open, type Process, type Program } from "../sim/host/index.ts";
import { decode, encode, SECOND } from "../sim/kernel/index.ts";

/** The few programs that tests of the shell call. They do what the tests need of the real ones, no more. */

function program(name: string, run: (process: Process, args: readonly string[]) => Promise<number>): Program {
  return { name, summary: name, run };
}

async function copy(process: Process, file: ReturnType<typeof open>): Promise<void> {
  for (;;) {
    const bytes = await file.read(process, 65_536);
    if (bytes === "") return;
    await process.write(1, bytes);
  }
}

const cat = program("cat", async (process, args) => {
  let status = 0;
  for (const name of args.length > 0 ? args : ["-"]) {
    try {
      const file = name === "-" ? process.fds.get(0) : open(process.host, name, { read: true }, process);
      await copy(process, file);
    } catch (error) {
      if (!(error instanceof Errno) || error.code === "EPIPE") throw error;
      await process.error(`cat: ${name}: ${error.message}\n`);
      status = 1;
    }
  }
  return status;
});

const seq = program("seq", async (process, args) => {
  const [first, last] = args.length > 1 ? [Number(args[0]), Number(args[1])] : [1, Number(args[0])];
  let text = "";
  for (let number = first; number <= last; number++) {
    text += `${number}\n`;
    if (text.length > 4096) {
      await process.print(text);
      text = "";
    }
  }
  await process.print(text);
  return 0;
});

const sleep = program("sleep", async (process, args) => {
  await process.sleep(Number(args[0]) * SECOND);
  return 0;
});

const env = program("env", async (process) => {
  await process.print(Object.entries(process.env).map(([name, value]) => `${name}=${value}\n`).join("")); // prettier-ignore
  return 0;
});

const printenv = program("printenv", async (process, args) => {
  const values = args.map((name) => process.env[name]).filter((value) => value !== undefined);
  await process.print(values.map((value) => `${value}\n`).join(""));
  return values.length === args.length ? 0 : 1;
});

const head = program("head", async (process, args) => {
  let count = Number(args.join("").replace(/\D/g, "") || 10);
  const input = new LineInput(process, process.fds.get(0));
  for await (const line of input) {
    await process.write(1, line);
    if (--count === 0) break;
  }
  return 0;
});

const wc = program("wc", async (process) => {
  let count = 0;
  for await (const line of new LineInput(process, process.fds.get(0))) if (line.endsWith("\n")) count++;
  await process.print(`${count}\n`);
  return 0;
});

const sort = program("sort", async (process) => {
  const lines: string[] = [];
  for await (const line of new LineInput(process, process.fds.get(0))) lines.push(line);
  await process.write(1, lines.sort().join(""));
  return 0;
});

const yes = program("yes", async (process) => {
  for (;;) await process.print("y\n".repeat(512));
});

const ls = program("ls", async (process, args) => {
  const names = args.filter((arg) => !arg.startsWith("-"));
  if (names.length === 0) {
    const found = process.host.files.list(".", process).filter((name) => !name.startsWith("."));
    await process.print(found.sort().map((name) => `${name}\n`).join("")); // prettier-ignore
    return 0;
  }
  let status = 0;
  for (const name of names) {
    if (process.host.files.exists(name, process)) await process.print(`${name}\n`);
    else {
      await process.error(`ls: cannot access '${name}': No such file or directory\n`);
      status = 2;
    }
  }
  return status;
});

const touch = program("touch", async (process, args) => {
  for (const name of args) process.host.files.write(name, "", { append: true }, process);
  return 0;
});

const mkdir = program("mkdir", async (process, args) => {
  for (const name of args.filter((arg) => !arg.startsWith("-"))) process.host.files.mkdir(name, { parents: args.includes("-p") }, process); // prettier-ignore
  return 0;
});

const rm = program("rm", async (process, args) => {
  for (const name of args.filter((arg) => !arg.startsWith("-"))) process.host.files.removeTree(name, process);
  return 0;
});

const ln = program("ln", async (process, args) => {
  const [target, name] = args.filter((arg) => !arg.startsWith("-"));
  process.host.files.symlink(target!, name!, process);
  return 0;
});

const chmod = program("chmod", async (process, args) => {
  const [mode, ...names] = args;
  for (const name of names) {
    const before = process.host.files.stat(name, process).mode;
    const bits = mode === "+x" ? before | 0o111 : mode === "-x" ? before & ~0o111 : parseInt(mode!, 8);
    process.host.files.chmod(name, bits, process);
  }
  return 0;
});

const tr = program("tr", async (process, [from, to]) => {
  for (;;) {
    const bytes = await process.read(0);
    if (bytes === "") return 0;
    const text = decode(bytes);
    const range = (spec: string): string => (spec === "a-z" ? "abcdefghijklmnopqrstuvwxyz" : spec === "A-Z" ? "ABCDEFGHIJKLMNOPQRSTUVWXYZ" : spec); // prettier-ignore
    const [source, target] = [range(from!), range(to!)];
    await process.write(1, encode([...text].map((char) => target[source.indexOf(char)] ?? char).join("")));
  }
});

const echo = program("echo", async (process, args) => {
  await process.print(`${args.join(" ")}\n`);
  return 0;
});

export const testPrograms: readonly Program[] = [
  cat, echo, seq, sleep, env, printenv, head, wc, sort, yes, ls, touch, mkdir, rm, ln, chmod, tr,
]; // prettier-ignore
