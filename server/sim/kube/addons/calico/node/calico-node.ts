import type { Daemon, Process, Program } from "../../../../host/index.ts";
import { MINUTE } from "../../../../kernel/index.ts";
import { connect, httpExchange, namespaceOf } from "../../../../net/index.ts";
import { dialError } from "../../../access/dial-error.ts";
import { calicoNodesOf } from "./calico-nodes.ts";
import { FELIX_PORT } from "./health.ts";

/** The first process of a calico-node container: runit, which looks after Felix, BIRD, confd and their like. */
export const startRunit: Daemon = {
  name: "start_runit",
  summary: "Calico's agent on a node",
  start: (self) => calicoNodesOf(self.host.hosts).started(self),
  signal(self, signal) {
    if (signal !== "SIGTERM" && signal !== "SIGHUP") return false;
    self.exit(0);
    return true;
  },
  stopped: (self) => calicoNodesOf(self.host.hosts).stopped(self),
};

/** So long after a start, all sessions must be up for BIRD to be ready; later one is enough (node/pkg/health). */
const YOUNG = 0.5 * MINUTE;

/** What `kubectl exec` and probes call in the container. */
export const calicoNode: Program = {
  name: "calico-node",
  summary: "Calico's agent: checks of its health",
  async run(process, args) {
    const has = (name: string): boolean => args.includes(`-${name}`) || args.includes(`--${name}`);
    if (has("init")) return 0;
    if (has("v") || has("version")) {
      await process.print("v3.30.2\n");
      return 0;
    }
    if (has("shutdown")) return 0;
    const problems: string[] = [];
    if (has("felix-live")) problems.push(...felix(process, "liveness", "Felix is not live"));
    if (has("bird-live")) problems.push(...birdLive(process));
    if (has("felix-ready")) problems.push(...felix(process, "readiness", "felix is not ready"));
    if (has("bird-ready")) problems.push(...birdReady(process));
    const known = ["felix-live", "bird-live", "felix-ready", "bird-ready"];
    if (!known.some(has)) {
      await process.error(`drydock: calico-node: '${args.join(" ")}' is not simulated\n`);
      return 64;
    }
    const [first] = problems;
    if (first === undefined) return 0;
    await process.print(`calico/node is not ready: ${first}\n`);
    return 1;
  },
};

/** Felix answers for itself, over HTTP. */
function felix(process: Process, what: "liveness" | "readiness", words: string): string[] {
  const url = `http://localhost:${FELIX_PORT}/${what}`;
  const attempt = connect(namespaceOf(process), {
    to: "127.0.0.1",
    port: FELIX_PORT,
    pid: process.pid,
    tracing: false,
  });
  if (attempt.outcome !== "connected" || !attempt.connection) {
    attempt.connection?.close();
    return [`${words}: Get "${url}": ${dialError("127.0.0.1", FELIX_PORT, attempt.errno)}`];
  }
  const result = httpExchange(attempt.connection, {
    method: "GET",
    target: `/${what}`,
    version: "HTTP/1.1",
    headers: [["Host", `localhost:${FELIX_PORT}`]],
    body: "",
  });
  attempt.connection.close();
  if (result.outcome !== "response") return [`${words}: Get "${url}": EOF`];
  return result.response.status < 400 ? [] : [`${words}: ${what} probe reporting ${result.response.status}`];
}

function birdLive({ host }: Process): string[] {
  const row = calicoNodesOf(host.hosts).inHost(host.name);
  return row?.bird && row.phase === "running" ? [] : ["bird/confd is not live: exit status 1"];
}

function birdReady({ host, kernel }: Process): string[] {
  const nodes = calicoNodesOf(host.hosts);
  const row = nodes.inHost(host.name);
  if (!row)
    return [
      "BIRD is not ready: Failed to stat() nodename file: stat /var/lib/calico/nodename: no such file or directory",
    ];
  if (row.phase !== "running")
    return [
      "BIRD is not ready: Error querying BIRD: unable to connect to BIRDv4 socket: dial unix /var/run/calico/bird.ctl: connect: no such file or directory",
    ];
  const peers = Object.values(row.peers);
  const missing = peers.filter(({ established }) => !established).map(({ address }) => address);
  const started = nodes.process(row)?.row.startedAt ?? 0;
  const enough =
    kernel.now - started < YOUNG ? missing.length === 0 : peers.length === 0 || missing.length < peers.length;
  return enough ? [] : [`BIRD is not ready: BGP not established with ${missing.join(",")}`];
}
