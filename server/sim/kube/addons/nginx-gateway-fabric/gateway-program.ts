import { attempt, basename, Errno, type DaemonProcess } from "../../../host/index.ts";
import { ApiSession } from "../ingress-nginx/api-session.ts";
import { generateCertificates } from "./certificates.ts";
import type { ControlPlanes } from "./control-plane.ts";
import { zapLine } from "./rows.ts";

/** Flags of the verbs, with what they are if they are not given (cmd/gateway/commands.go); those without a default must be given. */
const CONTROLLER: Readonly<Record<string, string | undefined>> = {
  "gateway-ctlr-name": undefined,
  gatewayclass: undefined,
  config: "",
  service: "",
  "agent-tls-secret": "",
  "metrics-port": "9113",
  "metrics-disable": "false",
  "metrics-secure-serving": "false",
  "health-port": "8081",
  "health-disable": "false",
  "leader-election-disable": "false",
  "leader-election-lock-name": "nginx-gateway-leader-election-lock",
  "product-telemetry-disable": "false",
  "gateway-api-experimental-features": "false",
  "nginx-docker-secret": "",
  "snippets-filters": "false",
};

const CERTIFICATES: Readonly<Record<string, string | undefined>> = {
  service: undefined,
  "cluster-domain": "cluster.local",
  "server-tls-secret": "server-tls",
  "agent-tls-secret": "agent-tls",
  overwrite: "false",
};

/** Flags that have no effect here but for these values. */
const FIXED: readonly string[] = ["metrics-port", "metrics-disable", "metrics-secure-serving", "health-port", "health-disable", "gateway-api-experimental-features", "nginx-docker-secret", "snippets-filters", "overwrite"]; // prettier-ignore

/** /usr/bin/gateway: the control plane, and what its Job and nginx' init containers run. */
export function runGateway(self: DaemonProcess, controlPlanes: ControlPlanes): void {
  const [program = "", verb = "", ...args] = self.argv;
  const end = (code: number, words: string): void => {
    self.log(words);
    self.exit(code);
  };
  if (verb === "initialize") return initialize(self, args);
  if (verb !== "controller" && verb !== "generate-certs")
    return end(64, `drydock: ${basename(program)}: '${verb}' is not simulated`);
  const known = verb === "controller" ? CONTROLLER : CERTIFICATES;
  const flags = readFlags(args, known);
  if ("error" in flags) return end(1, `Error: ${flags.error}`);
  if ("unsimulated" in flags) return end(64, `drydock: ${basename(program)}: '${flags.unsimulated}' is not simulated`);
  const { values } = flags;
  if (verb === "generate-certs") return certify(self, values);
  controlPlanes.started(self, {
    className: values["gatewayclass"]!,
    controllerName: values["gateway-ctlr-name"]!,
    service: values["service"]!,
    agentSecret: values["agent-tls-secret"]!,
  });
}

type Flags = Readonly<Record<string, string>>;

function readFlags(
  args: readonly string[],
  known: Readonly<Record<string, string | undefined>>,
): { readonly values: Flags } | { readonly error: string } | { readonly unsimulated: string } {
  const values: Record<string, string> = {};
  for (const [name, standard] of Object.entries(known)) if (standard !== undefined) values[name] = standard;
  for (const arg of args) {
    const [, name = "", value = "true"] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (!Object.hasOwn(known, name)) return { error: name === "" ? `unknown command "${arg}" for "gateway"` : `unknown flag: --${name}` }; // prettier-ignore
    if (FIXED.includes(name) && value !== known[name]) return { unsimulated: arg };
    values[name] = value;
  }
  const missing = Object.keys(known).filter((name) => values[name] === undefined);
  if (missing.length > 0) return { error: `required flag(s) ${missing.map((name) => JSON.stringify(name)).join(", ")} not set` }; // prettier-ignore
  return { values };
}

function certify(self: DaemonProcess, flags: Flags): void {
  const reached = new ApiSession(self, "gateway/v0.0.0 (linux/amd64) kubernetes/$Format").reach();
  const namespace = self.env["POD_NAMESPACE"] ?? "";
  const error =
    "error" in reached
      ? reached.error
      : generateCertificates(self.kernel, reached.client, {
          namespace,
          service: flags["service"]!,
          domain: flags["cluster-domain"]!,
          serverSecret: flags["server-tls-secret"]!,
          agentSecret: flags["agent-tls-secret"]!,
        });
  if (error !== undefined) self.log(`Error: ${error}`);
  self.exit(error === undefined ? 0 : 1);
}

/** Copies files into directories: nginx' first ones, from ConfigMaps that it could not write to (cmd/gateway/initialize.go). */
function initialize(self: DaemonProcess, args: readonly string[]): void {
  const all = (name: string): readonly string[] => args.filter((_, at) => args[at - 1] === `--${name}`);
  const [sources, destinations] = [all("source"), all("destination")];
  zapLine(self, "info", "", "Starting init container", { "source filenames to copy": sources, "nginx-plus": false });
  for (const [at, source] of sources.entries()) {
    const text = attempt(() => self.host.files.read(source, self));
    const copied = text instanceof Errno ? text : attempt(() => self.host.files.write(`${destinations[at]!}/${basename(source)}`, text, { mode: 0o644 }, self)); // prettier-ignore
    if (!(copied instanceof Errno)) continue;
    self.log(`Error: failed to copy file: error opening file ${source}: ${copied.message}`);
    return self.exit(1);
  }
  zapLine(self, "info", "", "Finished initializing configuration");
  self.exit(0);
}
