import { changeFile, defaultFilename, withEntry, type Section } from "../../clientcmd/modify.ts";
import { readConfig } from "../../clientcmd/kubeconfig.ts";
import { isFailure } from "../../output/index.ts";
import { command } from "../../cobra/command.ts";
import { bool } from "../../cobra/flag.ts";
import type { Factory } from "../../client/factory.ts";
import { GoError } from "../../errors/go-error.ts";
import { illegalBase64 } from "../../clientcmd/config-schema.ts";
import { encode } from "../../../../sim/kernel/index.ts";
import { helpError } from "./entry.ts";

/** The fields of entries that a property's path may end in. */
const FIELDS: Readonly<Record<Section, readonly string[]>> = {
  clusters: [
    "server",
    "tls-server-name",
    "insecure-skip-tls-verify",
    "certificate-authority",
    "certificate-authority-data",
    "proxy-url",
    "disable-compression",
  ],
  users: [
    "client-certificate",
    "client-certificate-data",
    "client-key",
    "client-key-data",
    "token",
    "tokenFile",
    "as",
    "as-uid",
    "as-groups",
    "username",
    "password",
  ],
  contexts: ["cluster", "user", "namespace"],
};
const BOOLEANS = ["insecure-skip-tls-verify", "disable-compression", "colors"];

interface Property {
  readonly path: string;
  readonly section: Section | undefined;
  readonly name: string;
  readonly field: string | undefined;
}

/** Takes a path apart: `contexts.a.b.namespace` is the field `namespace` of the context `a.b` (kubectl pkg/cmd/config/navigation_step_parser.go). */
function parseProperty(path: string): Property {
  if (path === "current-context") return { path, section: undefined, name: "", field: undefined };
  if (path === "preferences" || path === "preferences.colors")
    return { path, section: undefined, name: "preferences", field: path.split(".")[1] };
  const [section = "", ...rest] = path.split(".");
  if (section !== "clusters" && section !== "users" && section !== "contexts")
    throw new GoError(`unable to parse ${path} after [] at api.Config`);
  const at = rest.findIndex((part, index) => index > 0 && FIELDS[section].includes(part));
  const name = rest.slice(0, at < 0 ? undefined : at).join(".");
  return { path, section, name, field: at < 0 ? undefined : rest[at]! };
}

export const setProperty = command({
  use: "config set PROPERTY_NAME PROPERTY_VALUE",
  summary: "Set an individual value in a kubeconfig file",
  about:
    "Set a single value in the kubeconfig.\n\n PROPERTY_NAME is current-context, or clusters, users or contexts with a name and a field behind, parted by dots.",
  examples: "# The address of a cluster\nkubectl config set clusters.lab.server https://172.30.1.2:6443",
  flags: { "set-raw-bytes": bool("The value of a field of bytes is no base64.") },
  complete: async (invocation) =>
    invocation.args.length === 2
      ? { path: invocation.args[0]!, value: invocation.args[1]! }
      : helpError(invocation, `Unexpected args: [${invocation.args.join(" ")}]`),
  async run({ path, value }, { factory, flags, process }) {
    if (path === "") throw new GoError("you must specify a property");
    mustLoad(factory);
    const property = parseProperty(path);
    if (property.section && property.field === undefined) throw new GoError(`can't set a map to a value: ${path}`);
    const isBytes = property.field?.endsWith("-data") === true;
    const isBoolean = BOOLEANS.includes(property.field ?? "");
    if (isBoolean && !/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value))
      throw new GoError(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`);
    const wrong = isBytes && !flags["set-raw-bytes"] ? illegalBase64(value) : undefined;
    if (wrong !== undefined)
      throw new GoError(`error decoding input value: illegal base64 data at input byte ${wrong}`);
    const bytes = isBytes && flags["set-raw-bytes"] ? Buffer.from(encode(value), "latin1").toString("base64") : value;
    const stored = isBoolean ? /^[1tT]/.test(value) : property.field === "as-groups" ? value.split(",") : bytes;
    change(factory, property, stored);
    await process.print(`Property ${JSON.stringify(path)} set.\n`);
  },
});

export const unsetProperty = command({
  use: "config unset PROPERTY_NAME",
  summary: "Unset an individual value in a kubeconfig file",
  about: "Take a single value out of the kubeconfig, or an entry with all its fields.",
  examples: "# No current context\nkubectl config unset current-context",
  flags: {},
  complete: async (invocation) =>
    invocation.args.length === 1
      ? { path: invocation.args[0]! }
      : helpError(invocation, `Unexpected args: [${invocation.args.join(" ")}]`),
  async run({ path }, { factory, process }) {
    mustLoad(factory);
    change(factory, parseProperty(path), undefined);
    await process.print(`Property ${JSON.stringify(path)} unset.\n`);
  },
});

/** The file is read before the path. */
function mustLoad({ process, globals }: Factory): void {
  const file = defaultFilename(process, globals.kubeconfig);
  const read = readConfig(process, file);
  if (isFailure(read)) throw new GoError(`error loading config file "${file}": ${read.error}`);
}

function change(factory: Factory, { section, name, field }: Property, value: unknown): void {
  const { process, globals } = factory;
  const target = defaultFilename(process, globals.kubeconfig);
  if (name === "preferences")
    return changeFile(process, target, (config) => ({
      ...config,
      preferences: field !== undefined && value === true ? { ...config.preferences, colors: true } : {},
    }));
  if (!section)
    return changeFile(process, target, (config) => ({
      ...config,
      currentContext: (value as string | undefined) ?? "",
    }));
  // Without a name it is all of them.
  if (name === "" && value === undefined)
    return changeFile(process, target, (config) => ({ ...config, [section]: new Map() }));
  const known = factory.config.starting[section].get(name);
  changeFile(process, known?.file ?? target, (config) => {
    if (field === undefined) return withEntry(config, section, name, undefined);
    if (value === undefined && !known) return config;
    const { [field]: _, ...rest } = known?.value ?? {};
    return withEntry(
      config,
      section,
      name,
      value === undefined ? { ...emptyEntry(section), ...rest } : { ...emptyEntry(section), ...rest, [field]: value },
    );
  });
}

/** What Go writes of an entry even where it is empty. */
function emptyEntry(section: Section): Readonly<Record<string, unknown>> {
  return section === "clusters" ? { server: "" } : section === "contexts" ? { cluster: "", user: "" } : {};
}
