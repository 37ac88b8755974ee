import { attempt, Errno, readAll, type Process, type Program } from "../../sim/host/index.ts";
import {
  addElement,
  createSet,
  deleteElement,
  destroyAllSets,
  destroySet,
  flushSet,
  isRefused,
  listSets,
  namespaceOf,
  parseElement,
  renameSet,
  setsOf,
  splitWords,
  swapSets,
  testElement,
  type ElementDraft,
  type Namespace,
  type SetRow,
} from "../../sim/net/index.ts";
import { decode } from "../../sim/kernel/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { mayAdminNetwork } from "../ip/permission.ts";
import { serviceNames } from "../iptables/names.ts";
import { isUsage, readCommand, type Command } from "./command.ts";
import { isComplaint, readElementOptions, readSetOptions, type Complaint } from "./options.ts";
import { listSet, saveSet } from "./print.ts";

/** Sets of addresses, ports and networks that iptables rules look into (ipset 7.17). */
export const ipset: Program = {
  name: "ipset",
  summary: "administration tool for IP sets",
  async run(process, args) {
    const outcome = await runLine(process, args);
    if (outcome.text !== "") await process.print(outcome.text);
    if (outcome.error !== "") await process.error(outcome.error);
    return outcome.status;
  },
};

interface Outcome {
  readonly text: string;
  readonly error: string;
  readonly status: number;
}

const DONE: Outcome = { text: "", error: "", status: 0 };

function version(process: Process): string {
  return `ipset v${versionOf(process, "ipset") || "7.19"}`;
}

function complain(process: Process, complaint: Complaint, where = ""): Outcome {
  if ("unsimulated" in complaint)
    return { text: "", error: `drydock: ipset: '${complaint.unsimulated}' is not simulated\n`, status: 64 };
  if ("usage" in complaint)
    return {
      text: "",
      error: `${version(process)}: ${complaint.usage}\nTry \`ipset help' for more information.\n`,
      status: 2,
    };
  return { text: "", error: `${version(process)}: ${where}${complaint.problem}\n`, status: 1 };
}

async function runLine(process: Process, args: readonly string[]): Promise<Outcome> {
  const command = readCommand(args);
  if (isUsage(command)) return complain(process, command);
  if (command.verb === "version") return { ...DONE, text: `${version(process)}, protocol version: 7\n` };
  if (command.verb === "help") return complain(process, { unsimulated: "help" });
  if (!mayAdminNetwork(process))
    return complain(process, { problem: "Kernel error received: Operation not permitted" });
  if (command.verb === "restore") return restore(process, command);
  const outcome = run(process, namespaceOf(process), command);
  if (command.file === undefined || outcome.status !== 0) return command.quiet ? { ...outcome, error: "" } : outcome;
  process.host.files.write(command.file, outcome.text, {}, process);
  return { ...outcome, text: "" };
}

/** Each line is a command; the first that fails ends it, with its number. */
async function restore(process: Process, command: Command): Promise<Outcome> {
  const text =
    command.file === undefined
      ? decode((await readAll(process, process.fds.get(0), process.kernel.limits.memory)) ?? "")
      : attempt(() => decode(process.host.files.read(command.file!, process)));
  if (text instanceof Errno)
    return complain(process, { problem: `Cannot open ${command.file!} for reading: ${text.message}` });
  const ns = namespaceOf(process);
  // Elements of one set go to the kernel together: a word that cannot be read keeps back those before it.
  let waiting: (() => Outcome)[] = [];
  let waitingFor = "";
  const flush = (): Outcome => {
    const batch = waiting;
    waiting = [];
    return batch.reduce((last, send) => (last.status === 0 ? send() : last), DONE);
  };
  for (const [at, raw] of text.split("\n").entries()) {
    const line = raw.trim();
    if (line === "" || line.startsWith("#") || line === "COMMIT") continue;
    const read = readCommand(splitWords(line));
    if (isUsage(read)) return complain(process, read);
    const one: Command = { ...read, exist: read.exist || command.exist };
    const batch = one.verb === "add" || one.verb === "del" ? `${one.verb} ${one.name!}` : "";
    const ready = batch === "" ? undefined : readElement(process, ns, one, `Error in line ${at + 1}: `);
    if (ready && "status" in ready) return ready;
    if (batch === "" || batch !== waitingFor) {
      const outcome = flush();
      if (outcome.status !== 0) return outcome;
    }
    waitingFor = batch;
    if (ready) waiting.push(() => changeElements(process, ns, one, ready, `Error in line ${at + 1}: `));
    else {
      const outcome = run(process, ns, one, at + 1);
      if (outcome.text !== "") await process.print(outcome.text);
      if (outcome.status !== 0) return outcome;
    }
  }
  return flush();
}

function run(process: Process, ns: Namespace, command: Command, line?: number): Outcome {
  const where = line === undefined ? "" : `Error in line ${line}: `;
  const tell = (refusal: string | undefined): Outcome =>
    refusal === undefined ? DONE : complain(process, { problem: refusal }, where);
  const { verb, name, second } = command;
  for (const one of verb === "rename" || verb === "swap" ? [name, second] : [name])
    if (one !== undefined && one.length > MOST_LETTERS) return tell(tooLong(one));
  switch (verb) {
    case "create": {
      const draft = readSetOptions(second!, command.rest);
      return isComplaint(draft) ? complain(process, draft, where) : tell(createSet(ns, name!, draft, command.exist));
    }
    case "add":
    case "del":
    case "test":
      return element(process, ns, command, where);
    case "destroy":
      return tell(name === undefined ? destroyAllSets(ns) : destroySet(ns, name));
    case "flush":
      if (name !== undefined) return tell(flushSet(ns, name));
      for (const one of setsOf(ns).keys()) flushSet(ns, one);
      return DONE;
    case "rename":
      return tell(renameSet(ns, name!, second!));
    case "swap":
      return tell(swapSets(ns, name!, second!));
    default:
      return show(ns, command, tell);
  }
}

const MOST_LETTERS = 31;

function tooLong(name: string): string {
  return `Syntax error: setname '${name}' is longer than ${MOST_LETTERS} characters`;
}

function show(ns: Namespace, command: Command, tell: (refusal: string) => Outcome): Outcome {
  const { name } = command;
  const sets = setsOf(ns);
  const one = name === undefined ? undefined : sets.get(name);
  if (name !== undefined && !one) return tell("The set with the given name does not exist");
  const chosen: (readonly [string, SetRow])[] = one ? [[name!, one]] : listSets(ns);
  if (command.namesOnly) return { ...DONE, text: chosen.map(([own]) => `${own}\n`).join("") };
  const saving = command.verb === "save" || command.output === "save";
  const blocks = chosen.map(([own, set]) => (saving ? saveSet : listSet)(ns, own, set, command));
  return { ...DONE, text: blocks.join(saving ? "" : "\n") };
}

function element(process: Process, ns: Namespace, command: Command, where: string): Outcome {
  const ready = readElement(process, ns, command, where);
  return "status" in ready ? ready : changeElements(process, ns, command, ready, where);
}

interface Ready {
  readonly set: SetRow;
  readonly keys: readonly string[];
  readonly options: Omit<ElementDraft, "key">;
}

/** What the words of an element mean for its set. */
function readElement(process: Process, ns: Namespace, command: Command, where: string): Ready | Outcome {
  const { verb, name, second } = command;
  if (name!.length > MOST_LETTERS) return complain(process, { problem: tooLong(name!) }, where);
  const set = setsOf(ns).get(name!);
  if (!set) return complain(process, { problem: "The set with the given name does not exist" }, where);
  const keys = parseElement(set, second!, serviceNames(process.host), verb === "test");
  if (isRefused(keys)) return complain(process, { problem: keys.problem }, where);
  const options = readElementOptions(set, command.rest);
  if (isComplaint(options)) return complain(process, options, where);
  return { set, keys, options };
}

function changeElements(
  process: Process,
  ns: Namespace,
  { verb, name, second, exist }: Command,
  { set, keys, options }: Ready,
  where: string,
): Outcome {
  if (verb === "test") {
    const [key] = keys;
    const held = testElement(ns, set, key!);
    const error = held ? `Warning: ${second!} is in set ${name!}.\n` : `${second!} is NOT in set ${name!}.\n`;
    return { text: "", error, status: held ? 0 : 1 };
  }
  for (const key of keys) {
    const refusal =
      verb === "add" ? addElement(ns, set, { key, ...options }, exist) : deleteElement(ns, set, key, exist);
    if (refusal !== undefined) return complain(process, { problem: refusal }, where);
  }
  return DONE;
}
