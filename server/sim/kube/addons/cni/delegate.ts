import {
  attempt,
  Errno,
  FdTable,
  MemoryInput,
  MemoryOutput,
  signalDescription,
  spawnChild,
  type ExitStatus,
} from "../../../host/index.ts";
import { decode, encode } from "../../../kernel/index.ts";
import { isObject, parseJson, quote, readJson } from "../../api/index.ts";
import { CniError } from "./cni-error.ts";
import { readResult, type CniResult } from "./result.ts";
import type { PluginCall } from "./skel.ts";

const OUTPUT_LIMIT = 1_048_576;

/** Runs another plugin with ADD and reads its result (cni pkg/invoke DelegateAdd). `config` is its standard input, `args` its CNI_ARGS. */
export async function delegateAdd(
  call: PluginCall,
  type: string,
  config: string,
  args = call.args,
): Promise<CniResult> {
  const stdout = await delegate(call, type, "ADD", config, args);
  const parsed = readJson(stdout);
  if (!parsed.ok) throw new CniError(`failed to unmarshal raw result: ${parsed.error}`);
  return readResult(parsed.value, call.version);
}

export async function delegateDel(call: PluginCall, type: string, config: string): Promise<void> {
  await delegate(call, type, "DEL", config);
}

export async function delegateCheck(call: PluginCall, type: string, config: string): Promise<void> {
  await delegate(call, type, "CHECK", config);
}

/** Finds the plugin's file in CNI_PATH and runs it as a process of its own. */
async function delegate(
  call: PluginCall,
  type: string,
  command: string,
  config: string,
  args = call.args,
): Promise<string> {
  const { process } = call;
  const path = findPlugin(call, type);
  const [stdout, stderr] = [new MemoryOutput(OUTPUT_LIMIT), new MemoryOutput(OUTPUT_LIMIT)];
  const pid = attempt(() =>
    spawnChild(process, {
      path,
      argv: [path],
      env: { ...process.env, CNI_COMMAND: command, CNI_ARGS: args },
      fds: new FdTable([
        [0, new MemoryInput(encode(config))],
        [1, stdout],
        [2, stderr],
      ]),
    }),
  );
  if (pid instanceof Errno)
    throw new CniError(`netplugin failed with no error message: fork/exec ${path}: ${pid.message.toLowerCase()}`);
  const { status } = await process.wait([pid]);
  const [said, complained] = [decode(stdout.take()), decode(stderr.take())];
  if (!status || !("code" in status) || status.code !== 0) throw refusal(said, complained, status);
  if (complained !== "") await process.error(complained);
  return said;
}

/** pkg/invoke FindInPath. */
function findPlugin({ process }: PluginCall, type: string): string {
  if (type === "") throw new CniError("no plugin name provided");
  if (type.includes("/")) throw new CniError(`invalid plugin name: ${type}`);
  const directories = (process.env["CNI_PATH"] ?? "").split(":");
  if (directories.length === 0) throw new CniError("no paths provided");
  for (const directory of directories) {
    const stat = attempt(() => process.host.files.stat(`${directory}/${type}`, process));
    if (!(stat instanceof Errno) && stat.type === "file") return `${directory}/${type}`;
  }
  throw new CniError(`failed to find plugin ${quote(type)} in path [${directories.join(" ")}]`);
}

/** What an unhappy plugin has said becomes one's own error (pkg/invoke/raw_exec.go pluginErr). */
function refusal(stdout: string, stderr: string, status: ExitStatus | undefined): CniError {
  if (stdout === "")
    return new CniError(
      stderr === ""
        ? `netplugin failed with no error message: ${describe(status)}`
        : `netplugin failed: ${quote(stderr)}`,
    );
  const parsed = parseJson(stdout);
  if (!parsed.ok)
    return new CniError(`netplugin failed but error parsing its diagnostic message ${quote(stdout)}: ${parsed.error}`);
  const { code, msg, details } = isObject(parsed.value) ? parsed.value : {};
  return new CniError(
    typeof msg === "string" ? msg : "",
    typeof code === "number" ? code : 0,
    typeof details === "string" ? details : "",
  );
}

function describe(status: ExitStatus | undefined): string {
  if (!status) return "exit status 1";
  return "code" in status ? `exit status ${status.code}` : `signal: ${signalDescription(status.signal).toLowerCase()}`;
}
