import { programVersion, type Daemon, type DaemonProcess } from "../../host/index.ts";
import { goSignal } from "../go/server.ts";
import { parseCobra } from "./cobra.ts";
import type { AgnhostCommand } from "./command.ts";
import { connectCommand } from "./connect.ts";
import { dnsServerList, dnsSuffix, etcHosts } from "./dns.ts";
import { grpcHealthChecking } from "./grpc-health-checking.ts";
import { liveness } from "./liveness.ts";
import { netexec } from "./netexec.ts";
import { pauseCommand } from "./pause.ts";
import { porter } from "./porter.ts";
import { serveHostname } from "./serve-hostname.ts";

const COMMANDS: readonly AgnhostCommand[] = [
  connectCommand,
  dnsServerList,
  dnsSuffix,
  etcHosts,
  grpcHealthChecking,
  liveness,
  netexec,
  pauseCommand,
  porter,
  serveHostname,
];

/** What kubernetes/test/images/agnhost can do besides. */
const OTHERS = new Set(
  `audit-proxy completion crd-conversion-webhook entrypoint-tester fake-gitserver fake-registry-server
guestbook help inclusterclient logs-generator mounttest mtlsclient mtlsserver net nettest no-snat-test no-snat-test-proxy
openidmetadata port-forward-tester resource-consumer resource-consumer-controller tcp-reset test-service-account-issuer-discovery
test-webserver webhook`.split(/\s+/),
);

/** agnhost: the test image's one binary with many commands. */
export const agnhost: Daemon = {
  name: "agnhost",
  summary: "the Kubernetes test image: HTTP, UDP and other small servers",
  start(self) {
    const [name, ...words] = self.argv.slice(1);
    if (name === "--version" || name === "version") {
      self.log(`app version ${programVersion(self)}`, 1);
      return self.exit(0);
    }
    const command = COMMANDS.find((other) => other.name === name);
    if (!command) return unknown(self, name);
    const read = parseCobra(command.flags, words);
    if ("error" in read) return fail(self, `Error: ${read.error}`);
    if (read.args.length !== command.args) return fail(self, `Error: ${argumentProblem(command, read.args)}`);
    self.data = { command: command.name };
    command.start(self, read.values, read.args);
  },
  signal(self, signal) {
    const { command } = (self.data ?? {}) as { command?: string };
    const own = COMMANDS.find((other) => other.name === command)?.signal;
    return own ? own(self, signal) : goSignal(self, signal);
  },
};

function unknown(self: DaemonProcess, name: string | undefined): void {
  if (name === undefined || name.startsWith("-") || OTHERS.has(name)) {
    self.log(`drydock: agnhost: '${name ?? "help"}' is not simulated`);
    return self.exit(64);
  }
  self.log(`Error: unknown command ${JSON.stringify(name)} for "app"`);
  fail(self, "Run 'app --help' for usage.");
}

function fail(self: DaemonProcess, line: string): void {
  self.log(line);
  self.exit(1);
}

/** cobra.ExactArgs, cobra.MaximumNArgs(0). */
function argumentProblem(command: AgnhostCommand, args: readonly string[]): string {
  return command.args === 0
    ? `unknown command ${JSON.stringify(args[0])} for "app ${command.name}"`
    : `accepts ${command.args} arg(s), received ${args.length}`;
}
