import type { Process, Program } from "../../sim/host/index.ts";
import { parseOptions, type Options } from "../options.ts";
import { certs } from "./certificates.ts";
import { findCommand, helpText, parseFlags, type CobraFlag, type Command } from "./cobra/index.ts";
import { images, INIT_DEFAULTS, JOIN_DEFAULTS } from "./defaults.ts";
import { KubeadmError, NotSimulated } from "./failure.ts";
import { INIT_COMMAND } from "./init/command.ts";
import { GLOBAL_FLAGS } from "./init/flags.ts";
import { JOIN_COMMAND } from "./join/command.ts";
import { RESET_COMMAND } from "./reset/command.ts";
import { token } from "./tokens.ts";
import { UPGRADE_COMMAND } from "./upgrade/command.ts";
import { HELP } from "./workflow.ts";

const FLAGS = {
  kubeconfig: { long: "kubeconfig", arg: "FILE" },
  folder: { long: "cert-dir", arg: "DIR" },
  ttl: { long: "ttl", arg: "DURATION" },
  description: { long: "description", arg: "TEXT" },
  usages: { long: "usages", arg: "LIST" },
  groups: { long: "groups", arg: "LIST" },
  printJoinCommand: { long: "print-join-command" },
  output: { short: "o", long: "output", arg: "FORMAT" },
  version: { long: "kubernetes-version", arg: "VERSION" },
  repository: { long: "image-repository", arg: "REGISTRY" },
  verbosity: { short: "v", long: "v", arg: "LEVEL", simulated: false },
  help: { short: "h", long: "help" },
} as const;

type Flag = keyof typeof FLAGS;
type Given = Options<Flag>;

/** The flags that commands take, longest first: cobra knows no others there. */
const FLAGS_OF: readonly (readonly [command: string, flags: readonly Flag[]])[] = [
  ["token create", ["kubeconfig", "ttl", "description", "usages", "groups", "printJoinCommand"]],
  ["token list", ["kubeconfig", "output"]],
  ["token", ["kubeconfig"]],
  ["certs check-expiration", ["kubeconfig", "folder", "output"]],
  ["certs renew", ["kubeconfig", "folder"]],
  ["certs", []],
  ["config images list", ["kubeconfig", "version", "repository"]],
  ["config", ["kubeconfig"]],
  ["version", ["output"]],
];

/**
 * kubeadm v1.33.1: bootstrap tokens, certificates, what it would install, the phases of `init`, how a worker node leaves the cluster
 * and joins it again, and how its kubelet gets the cluster's configuration anew. Setting up a new cluster and upgrades to other
 * releases are not simulated: the presets are what `kubeadm init` leaves.
 */
export const kubeadm: Program = {
  name: "kubeadm",
  summary: "the tool that sets up Kubernetes clusters",
  async run(process, args) {
    const [first = "", second] = args.filter((word) => !word.startsWith("-"));
    const ours = first !== "upgrade" || second === "node";
    if (ours && TREE.some(({ name }) => name === first)) return runCommand(process, args);
    const simulated = /^(?:token|certs|certificates|config|version)$/.test(first);
    if (!simulated) return refuse(process, args.filter((word) => !word.startsWith("-")).slice(0, 2).join(" ") || "help"); // prettier-ignore
    const given = parseOptions(FLAGS, args);
    if ("notSimulated" in given) return refuse(process, given.notSimulated);
    if ("problem" in given) {
      const [, name] = /'(-[^']*)'/.exec(given.problem) ?? [];
      return fail(process, name === undefined ? given.problem : `unknown flag: ${name}`);
    }
    const unknown = strange(given);
    if (unknown !== undefined) return fail(process, `unknown flag: --${FLAGS[unknown].long}`);
    try {
      return await run(process, given);
    } catch (error) {
      return failed(process, error);
    }
  },
};

/** Commands whose flags and help are cobra's own. */
const TREE: readonly Command[] = [INIT_COMMAND, JOIN_COMMAND, RESET_COMMAND, UPGRADE_COMMAND];

async function runCommand(process: Process, args: readonly string[]): Promise<number> {
  const root: Command = { name: "kubeadm", short: "kubeadm", flags: GLOBAL_FLAGS, commands: TREE };
  const { command, path, rest } = findCommand(root, args);
  const help: CobraFlag = { name: "help", short: "h", type: "bool", usage: "" };
  const known = [...command.flags, ...GLOBAL_FLAGS];
  const given = parseFlags([...known, help], rest);
  if ("error" in given) return fail(process, given.error);
  if (given.isTrue("help")) return printed(process, helpText(command, path, GLOBAL_FLAGS));
  const [operand] = given.operands;
  const unwanted = command.operands ? command.operands(given.operands) : operand && `unknown command ${JSON.stringify(operand)} for "${path}"`; // prettier-ignore
  if (unwanted) return fail(process, unwanted);
  if (!command.run || command.run === HELP) return printed(process, helpText(command, path, GLOBAL_FLAGS));
  for (const { name, simulated, deprecated } of known.filter((flag) => given.has(flag.name))) {
    if (simulated === false) return refuse(process, `${path.replace(/^kubeadm /, "")} --${name}`);
    if (deprecated !== undefined) await process.error(`Flag --${name} has been deprecated, ${deprecated}\n`);
  }
  try {
    await command.run({ process, command, path, given });
    return 0;
  } catch (error) {
    return failed(process, error);
  }
}

async function printed(process: Process, text: string): Promise<number> {
  await process.print(text);
  return 0;
}

async function failed(process: Process, error: unknown): Promise<number> {
  if (error instanceof NotSimulated) return refuse(process, error.message);
  if (error instanceof KubeadmError) return fail(process, error.message);
  throw error;
}

/** A flag that its command does not have. */
function strange(given: Given): Flag | undefined {
  const command = given.operands.join(" ").replace(/^certificates\b/, "certs");
  const known = FLAGS_OF.find(([name]) => `${command} `.startsWith(`${name} `))?.[1] ?? [];
  return (Object.keys(FLAGS) as Flag[]).find((flag) => flag !== "help" && given.has(flag) && !known.includes(flag));
}

async function run(process: Process, given: Given): Promise<number> {
  const [command = "", ...words] = given.operands;
  if (given.has("help")) return refuse(process, `${given.operands.join(" ")} --help`);
  const kubeconfig = given.value("kubeconfig");
  const common = kubeconfig === undefined ? {} : { kubeconfig };
  switch (command) {
    case "token": {
      const text = (flag: "ttl" | "description" | "usages" | "groups"): Partial<Record<typeof flag, string>> => {
        const value = given.value(flag);
        return value === undefined ? {} : { [flag]: value };
      };
      if (given.has("output") && given.value("output") !== "text") return refuse(process, `--output ${given.value("output")}`); // prettier-ignore
      const options = { ...text("ttl"), ...text("description"), ...text("usages"), ...text("groups") };
      return token(process, words, { ...common, ...options, printJoinCommand: given.has("printJoinCommand") });
    }
    case "certs":
    case "certificates": {
      const folder = given.value("folder");
      if (given.has("output") && given.value("output") !== "text") return refuse(process, `--output ${given.value("output")}`); // prettier-ignore
      if (["generate-csr"].includes(words[0] ?? "")) return refuse(process, `certs ${words[0]}`);
      return certs(process, words, { ...common, ...(folder === undefined ? {} : { folder }) });
    }
    case "version":
      return version(process, given.value("output"));
    default:
      return config(process, words, given);
  }
}

const COMMIT = "8adc0f041b8e7ad1d30e29cc59c6ae7a15e19828";

async function version(process: Process, output: string | undefined): Promise<number> {
  const text = `kubeadm version: &version.Info{Major:"1", Minor:"33", EmulationMajor:"", EmulationMinor:"", MinCompatibilityMajor:"", MinCompatibilityMinor:"", GitVersion:"v1.33.1", GitCommit:"${COMMIT}", GitTreeState:"clean", BuildDate:"2025-05-15T08:25:56Z", GoVersion:"go1.24.2", Compiler:"gc", Platform:"linux/amd64"}`;
  if (output !== undefined && output !== "short") return refuse(process, `version --output ${output}`);
  await process.print(`${output === "short" ? "v1.33.1" : text}\n`);
  return 0;
}

async function config(process: Process, words: readonly string[], given: Given): Promise<number> {
  const name = words.join(" ");
  if (name === "images list") {
    const asked = given.value("version");
    if (asked !== undefined && !/^v?1\.33\.\d+$/.test(asked)) return refuse(process, `--kubernetes-version ${asked}`);
    await process.print(images(asked ?? "v1.33.1", given.value("repository")).map((image) => `${image}\n`).join("")); // prettier-ignore
    return 0;
  }
  if (name === "print init-defaults" || name === "print join-defaults") {
    await process.print(name === "print init-defaults" ? INIT_DEFAULTS : JOIN_DEFAULTS);
    return 0;
  }
  return refuse(process, `config ${name}`.trim());
}

async function refuse(process: Process, what: string): Promise<number> {
  await process.error(`drydock: kubeadm: '${what}' is not simulated\n`);
  return 64;
}

async function fail(process: Process, text: string): Promise<number> {
  await process.error(`${text}\nTo see the stack trace of this error execute with --v=5 or higher\n`);
  return 1;
}
