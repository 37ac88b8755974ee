import { Errno, programVersion, readAll, type Process, type Program } from "../../../host/index.ts";
import { decode } from "../../../kernel/index.ts";
import { namespaceOf, type Namespace } from "../../../net/index.ts";
import { isObject, parseJson, quote, type JsonObject, type JsonValue } from "../../api/index.ts";
import { CniError, CODE, Unsimulated } from "./cni-error.ts";
import { jsonType } from "./go-fields.ts";
import { openNamespace } from "./network-namespace.ts";
import { resultJson, VERSIONS, type CniResult } from "./result.ts";

/** What a plugin is called with. */
export interface PluginCall {
  readonly process: Process;
  /** The namespace that the plugin itself runs in: the machine's. */
  readonly ns: Namespace;
  readonly containerId: string;
  /** The path of the namespace; DEL may come without one. */
  readonly netns: string;
  readonly ifName: string;
  readonly args: string;
  readonly config: JsonObject;
  /** The configuration as it came, for delegates. */
  readonly stdin: string;
  /** The version of the specification that the configuration asks for. */
  readonly version: string;
}

/** A CNI plugin: what it does for each command. Refusals are thrown as CniError. */
export interface Plugin {
  /** Its file's name in /opt/cni/bin. */
  readonly name: string;
  readonly summary: string;
  /** What it says of itself without a command. `version` is that of its file, empty if it has none. */
  about(version: string): string;
  add(call: PluginCall): CniResult | Promise<CniResult>;
  del(call: PluginCall): void | Promise<void>;
  check(call: PluginCall): void | Promise<void>;
}

const STDIN_LIMIT = 1_048_576;
const UNSIMULATED_EXIT = 64;
const NAME = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;

/** The main function of a plugin (containernetworking/cni pkg/skel): its program, registered as `name`. */
export function pluginProgram(plugin: Plugin, name: string): Program {
  return {
    name,
    summary: plugin.summary,
    async run(process) {
      try {
        await main(process, plugin);
        return 0;
      } catch (error) {
        const refusal = error instanceof Errno ? new CniError(wordsOf(error)) : error;
        if (!(refusal instanceof CniError)) throw error;
        const { code, message, details } = refusal;
        await process.print(goJson({ code, msg: message, ...(details === "" ? {} : { details }) }));
        return refusal instanceof Unsimulated ? UNSIMULATED_EXIT : 1;
      }
    },
  };
}

const HTML = /[<>&]/;

/** As json.MarshalIndent prints, with four spaces. */
export function goJson(value: JsonObject): string {
  const text = JSON.stringify(value, null, 4);
  if (!HTML.test(text)) return text;
  return text.replace(/[<>&]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** An error of a file as Go prints it: `open /run/x: permission denied`. */
function wordsOf(error: Errno): string {
  return `${error.path === undefined ? "" : `open ${error.path}: `}${error.message.toLowerCase()}`;
}

/** In the order of skel.go, with the commands that cannot do without them. */
const VARIABLES: readonly (readonly [string, readonly string[]])[] = [
  ["CNI_COMMAND", []],
  ["CNI_CONTAINERID", ["ADD", "CHECK", "DEL"]],
  ["CNI_NETNS", ["ADD", "CHECK"]],
  ["CNI_IFNAME", ["ADD", "CHECK", "DEL"]],
  ["CNI_PATH", ["ADD", "CHECK", "DEL", "GC", "STATUS"]],
];

async function main(process: Process, plugin: Plugin): Promise<void> {
  const { env } = process;
  const variable = (name: string): string => env[name] ?? "";
  const command = variable("CNI_COMMAND");
  if (command === "") {
    await process.error(`${plugin.about(programVersion(process))}\n`);
    return process.error(`CNI protocol versions supported: ${VERSIONS.join(", ")}\n`);
  }
  const missing = VARIABLES.filter(([name, needed]) => needed.includes(command) && variable(name) === "");
  if (missing.length > 0)
    throw new CniError(`required env variables [${missing.map(([name]) => name).join(",")}] missing`, CODE.environment);
  if (command === "VERSION")
    return process.print(`${JSON.stringify({ cniVersion: VERSIONS.at(-1), supportedVersions: VERSIONS })}\n`);
  const stdin = decode((await readAll(process, process.fds.get(0), STDIN_LIMIT)) ?? "");
  const config = parseConfig(stdin);
  validateEnvironment(variable("CNI_CONTAINERID"), variable("CNI_IFNAME"), command);
  const call: PluginCall = {
    process,
    ns: namespaceOf(process),
    containerId: variable("CNI_CONTAINERID"),
    netns: variable("CNI_NETNS"),
    ifName: variable("CNI_IFNAME"),
    args: variable("CNI_ARGS"),
    config,
    stdin,
    version: versionOf(config),
  };
  switch (command) {
    case "ADD": {
      checkVersion(call.version);
      const result = await plugin.add(call);
      refuseOwnNamespace(call);
      return process.print(goJson(resultJson(result, call.version)));
    }
    case "DEL":
      checkVersion(call.version);
      await plugin.del(call);
      return refuseOwnNamespace(call);
    case "CHECK":
      requireVersion(call.version, "0.4.0", command);
      return plugin.check(call);
    case "GC":
    case "STATUS":
      return requireVersion(call.version, "1.1.0", command);
    default:
      throw new CniError(`unknown CNI_COMMAND: ${command}`, CODE.environment);
  }
}

function parseConfig(stdin: string): JsonObject {
  const parsed = readJson(stdin);
  const refuse = (why: string): CniError => new CniError(`error unmarshall network config: ${why}`, CODE.decoding);
  if (!parsed.ok) throw refuse(parsed.error);
  const config = parsed.value ?? {};
  if (!isObject(config))
    throw refuse(
      `json: cannot unmarshal ${jsonType(config)} into Go value of type struct { Name string "json:\\"name\\"" }`,
    );
  const { name = "" } = config;
  if (typeof name !== "string")
    throw refuse(`json: cannot unmarshal ${jsonType(name)} into Go struct field .name of type string`);
  if (name === "") throw new CniError("missing network name", CODE.config);
  if (!NAME.test(name)) throw new CniError("invalid characters found in network name", CODE.config, name);
  return config;
}

/** Where it is no JSON, Go's words tell. */
function readJson(text: string): { ok: true; value: JsonValue } | { ok: false; error: string } {
  try {
    return { ok: true, value: JSON.parse(text) as JsonValue };
  } catch {
    return parseJson(text);
  }
}

/** pkg/utils ValidateContainerID and ValidateInterfaceName. */
function validateEnvironment(containerId: string, ifName: string, command: string): void {
  if (command === "GC" || command === "STATUS") return;
  if (containerId === "") throw new CniError("missing containerID", CODE.unknownContainer);
  if (!NAME.test(containerId)) throw new CniError("invalid characters in containerID", CODE.environment, containerId);
  if (ifName === "") throw new CniError("interface name is empty", CODE.environment);
  if (ifName.length > 15)
    throw new CniError(
      "interface name is too long",
      CODE.environment,
      "interface name should be less than 16 characters",
    );
  if (ifName === "." || ifName === "..") throw new CniError("interface name is . or ..", CODE.environment);
  if (/[/:\s]/.test(ifName))
    throw new CniError("interface name contains / or : or whitespace characters", CODE.environment);
}

function versionOf({ cniVersion }: JsonObject): string {
  if (cniVersion === undefined || cniVersion === null || cniVersion === "") return "0.1.0";
  if (typeof cniVersion === "string") return cniVersion;
  throw new CniError(
    `decoding version from network config: json: cannot unmarshal ${jsonType(cniVersion)} into Go struct field .cniVersion of type string`,
    CODE.decoding,
  );
}

function checkVersion(version: string): void {
  if ((VERSIONS as readonly string[]).includes(version)) return;
  throw new CniError(
    "incompatible CNI versions",
    CODE.incompatibleVersion,
    `config is ${quote(version)}, plugin supports [${VERSIONS.map(quote).join(" ")}]`,
  );
}

function requireVersion(version: string, least: string, command: string): void {
  checkVersion(version);
  if (VERSIONS.indexOf(version as never) >= VERSIONS.indexOf(least as never)) return;
  throw new CniError(`config version does not allow ${command}`, CODE.incompatibleVersion);
}

/** pkg/ns CheckNetNS: a path that leads nowhere is none of its business. */
function refuseOwnNamespace(call: PluginCall): void {
  let there: Namespace;
  try {
    there = openNamespace(call.process, call.netns);
  } catch (error) {
    if (error instanceof CniError) return;
    throw error;
  }
  if (there === call.ns)
    throw new CniError("plugin's netns and netns from CNI_NETNS should not be the same", CODE.namespace);
}
