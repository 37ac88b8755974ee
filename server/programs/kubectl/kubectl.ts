import type { Process, Program } from "../../sim/host/index.ts";
import { MILLISECOND, type Duration } from "../../sim/kernel/index.ts";
import { Factory } from "./client/factory.ts";
import { clientFlags } from "./clientcmd/client-flags.ts";
import { GLOBAL_FLAGS } from "./clientcmd/global-flags.ts";
import type { Command, Invocation } from "./cobra/command.ts";
import { REQUESTS } from "./completion/requests.ts";
import { find, words, type Found } from "./cobra/find.ts";
import { FlagSet, type ParsedFlags } from "./cobra/flag-set.ts";
import { helpText } from "./cobra/help.ts";
import { suggestions } from "./cobra/suggest.ts";
import { klog } from "./client/klog.ts";
import { Aggregate, ConnectionError, ExitError, GoError, NotSimulated, StatusError } from "./errors/go-error.ts";
import { report } from "./errors/report.ts";
import { isFailure, type Failure } from "./output/failure.ts";
import { runPlugin } from "./plugins.ts";
import type { Ports } from "./ports.ts";
import { ROOT } from "./verbs/index.ts";

/** kubectl 1.33.1 as a program of simulated hosts. */
export function createKubectl(ports: Ports): Program {
  return {
    name: "kubectl",
    summary: "control the Kubernetes cluster manager",
    run: (process, args) => runKubectl(process, args, ports),
  };
}

/**
 * What the real one takes before it asks anything: sixty megabytes of Go are loaded, and the cache of discovery is read
 * (measured: 40 to 60 ms). Controllers have done their first work by the time the next command asks.
 */
const START: Duration = 40 * MILLISECOND;

/** kubectl pkg/cmd/profiling.go */
const PROFILES = ["none", "cpu", "heap", "goroutine", "threadcreate", "block", "mutex"];

async function runKubectl(process: Process, args: readonly string[], ports: Ports): Promise<number> {
  const [first = "", ...rest] = args;
  if (REQUESTS.has(first)) {
    const { answerRequest } = await process.kernel.busy(import("./completion/request.ts"));
    return answerRequest(process, first, rest, ports);
  }
  const found = await process.kernel.busy(find(ROOT, GLOBAL_FLAGS, args));
  const path = ["kubectl", ...found.names].join(" ");
  const fail = async ({ error }: Failure): Promise<number> => {
    await process.error(`${error.startsWith("error: ") ? "" : "error: "}${error}${error.endsWith("\n") ? "" : "\n"}`);
    return found.command.failureCode ?? 1;
  };
  if (found.names.length === 0) {
    const [unknown] = words(found.args, new FlagSet(GLOBAL_FLAGS));
    if (unknown !== undefined) {
      const code = await runPlugin(process, args, 1);
      const similar = suggestions(ROOT.subcommands!, unknown);
      return code ?? (await fail({ error: `unknown command ${JSON.stringify(unknown)} for "kubectl"${similar}` }));
    }
  }
  // A plugin may add to what can be created, and to nothing else (kubectl pkg/cmd/cmd.go).
  if (path === "kubectl create" && args[0] === "create" && /^[^-]/.test(args[1] ?? "-"))
    await runPlugin(process, args, 2);
  const parsed = new FlagSet({ ...GLOBAL_FLAGS, ...found.command.flags }).parse(found.args);
  if (isFailure(parsed))
    return fail({ error: `${parsed.error}\n${found.command.flagHelp ?? `See '${path} --help' for usage.`}` });
  const printHelp = async (onError = false): Promise<void> => {
    const text = helpText(found.command, path);
    await (onError ? process.error(text) : process.print(text));
  };
  if (parsed.help) {
    await printHelp(found.command.help !== undefined);
    return 0;
  }
  for (const name of parsed.given) {
    const { deprecated } = found.command.flags[name] ?? {};
    if (deprecated !== undefined) await process.error(`Flag --${name} has been deprecated, ${deprecated}\n`);
  }
  await process.sleep(START);
  const factory = new Factory(process, clientFlags(found.command, parsed, process.env), ports, printHelp);
  const { values: flags, given, args: operands, dash } = parsed;
  const line = (): string => commandLine(found, args);
  return act(found, { process, path, flags, given, args: operands, dash, factory, commandLine: line }, parsed, fail);
}

/** Flags whose values are nobody's business. */
const CLASSIFIED = new Set(["password", "token", "username"]);

/** cli-runtime pkg/genericclioptions/command_headers.go and record_flags.go parseCommandArguments */
function commandLine({ command }: Found, args: readonly string[]): string {
  const parsed = new FlagSet({ ...GLOBAL_FLAGS, ...command.flags }).parse(args);
  if (isFailure(parsed)) return "";
  const flags = parsed.assigned.map(([name, value]) => `--${name}=${CLASSIFIED.has(name) ? "CLASSIFIED" : value}`);
  return ["kubectl", ...parsed.args, ...flags].join(" ");
}

/** Takes a call through its command: complete, validate, run. What goes wrong is reported here and nowhere else. */
async function act(
  { command }: Found,
  invocation: Invocation,
  parsed: ParsedFlags,
  fail: (failure: Failure) => Promise<number>,
): Promise<number> {
  const { process, factory } = invocation;
  try {
    const { profile, vmodule } = factory.globals;
    if (!PROFILES.includes(profile)) return await fail({ error: `unknown profile '${profile}'` });
    if (profile !== "none") throw new NotSimulated("--profile");
    if (vmodule.length > 0) throw new NotSimulated("--vmodule");
    const refused = missing(command, parsed) ?? together(command, parsed);
    if (refused) return await fail(refused);
    const options = await command.complete(invocation);
    if (isFailure(options)) return await fail(options);
    const invalid = command.validate?.(options, invocation);
    if (invalid) return await fail(invalid);
    const code = (await command.run(options, invocation)) ?? 0;
    return code === 0 ? await warningsAsErrors(factory) : code;
  } catch (error) {
    if (!(error instanceof GoError)) throw error;
    await explain(factory, error);
    const { text, code } = report(error);
    await process.error(text);
    return code === 1 && !(error instanceof ExitError) ? (command.failureCode ?? code) : code;
  } finally {
    factory.close();
  }
}

function missing({ required = [] }: Command, { given }: ParsedFlags): Failure | undefined {
  const names = required.filter((name) => !given.has(name)).map((name) => JSON.stringify(name));
  return names.length === 0 ? undefined : { error: `required flag(s) ${names.join(", ")} not set` };
}

function together({ exclusive = [] }: Command, { given }: ParsedFlags): Failure | undefined {
  for (const group of exclusive) {
    const set = group.filter((name) => given.has(name)).sort();
    if (set.length > 1)
      return {
        error: `if any flags in the group [${group.join(" ")}] are set none of the others can be; [${set.join(" ")}] were all set`,
      };
  }
  return undefined;
}

/** What `-v` shows of an error before it is reported (kubectl pkg/cmd/util/helpers.go StandardErrorMessage). */
async function explain(factory: Factory, error: GoError): Promise<void> {
  const { process, globals } = factory;
  if (error instanceof Aggregate) for (const one of error.errors) await explain(factory, one);
  if (error instanceof StatusError && error.reason !== "Invalid" && globals.v >= 4) {
    const { kind, apiVersion, metadata, status, message, reason, details, code } = error.status;
    const shown = { kind, apiVersion, metadata, status, message, reason, details, code };
    await klog(process, "I", "helpers.go:246", `server response object: %s[${JSON.stringify(shown, null, 2)}]`);
  }
  if (error instanceof ConnectionError && globals.v >= 4)
    await klog(process, "I", "helpers.go:264", `Connection error: ${error.method} ${error.url}: ${error.why}`);
}

async function warningsAsErrors({ globals, usedClient, process }: Factory): Promise<number> {
  const count = usedClient?.warnings ?? 0;
  if (!globals["warnings-as-errors"] || count === 0) return 0;
  await process.error(`error: ${count} ${count === 1 ? "warning" : "warnings"} received\n`);
  return 1;
}
