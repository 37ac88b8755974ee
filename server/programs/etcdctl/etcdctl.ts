import { createHash } from "node:crypto";
import { attempt, Errno, type Process, type Program } from "../../sim/host/index.ts";
import { decode, encode, MILLISECOND, rfc3339Micro, SECOND, type Duration } from "../../sim/kernel/index.ts";
import { parseGoDuration } from "../../sim/kube/api/index.ts";
import { versionOf } from "../gnu/versions.ts";
import { parseOptions, type Options } from "../options.ts";
import { BadFile, reach, readCredentials, type Credentials, type Member } from "./client.ts";
import { asciiTable, entries, humanBytes, snapshotStatus, snapshotText } from "./database.ts";

const FLAGS = {
  endpoints: { long: "endpoints", arg: "LIST" },
  ca: { long: "cacert", arg: "FILE" },
  certificate: { long: "cert", arg: "FILE" },
  key: { long: "key", arg: "FILE" },
  insecure: { long: "insecure-skip-tls-verify" },
  insecureTransport: { long: "insecure-transport", arg: "BOOL", optional: true, simulated: false },
  timeout: { long: "command-timeout", arg: "DURATION" },
  dialTimeout: { long: "dial-timeout", arg: "DURATION", simulated: false },
  output: { short: "w", long: "write-out", arg: "FORMAT" },
  prefix: { long: "prefix" },
  keysOnly: { long: "keys-only" },
  countOnly: { long: "count-only", simulated: false },
  limit: { long: "limit", arg: "NUMBER" },
  cluster: { long: "cluster" },
  dataDir: { long: "data-dir", arg: "DIR", simulated: false },
  help: { short: "h", long: "help", simulated: false },
} as const;

type Given = Options<keyof typeof FLAGS>;

/** Flags that only some commands have; the others are for all. */
const OWN = { prefix: /^get$/, keysOnly: /^get$/, limit: /^get$/, cluster: /^endpoint / } as const;

/** etcdctl 3.5: what members there are and how they are, keys, snapshots. Values are not: they are protobuf. */
export const etcdctl: Program = {
  name: "etcdctl",
  summary: "the command line client of etcd",
  async run(process, args) {
    const given = parseOptions(FLAGS, args);
    if ("notSimulated" in given) return refuse(process, given.notSimulated);
    if ("problem" in given) {
      const [, name] = /'(-[^']*)'/.exec(given.problem) ?? [];
      await process.error(`Error: ${name === undefined ? given.problem : `unknown flag: ${name}`}\n`);
      return 1;
    }
    const [first = "", second = "", ...rest] = given.operands;
    const command = ["member", "endpoint", "snapshot"].includes(first) ? `${first} ${second}` : first;
    const flags = Object.keys(OWN) as (keyof typeof OWN)[];
    const strange = flags.find((flag) => given.has(flag) && !OWN[flag].test(command));
    if (strange !== undefined) {
      await process.error(`Error: unknown flag: --${FLAGS[strange].long}\n`);
      return 1;
    }
    if (given.has("output") && !["simple", "table"].includes(given.value("output")!)) return refuse(process, `--write-out=${given.value("output")}`); // prettier-ignore
    try {
      switch (command) {
        case "version":
          await process.print(`etcdctl version: ${versionOf(process, "etcdctl") || "3.5.21"}\nAPI version: 3.5\n`);
          return 0;
        case "member list":
          return await members(process, given);
        case "endpoint health":
          return await health(process, given);
        case "endpoint status":
          return await endpointStatus(process, given);
        case "snapshot save":
          return await save(process, given, rest[0]);
        case "snapshot status":
          return await status(process, given, rest[0]);
        case "get":
          return await get(process, given, second);
        default:
          return await refuse(process, command.trim() === "" ? "help" : command);
      }
    } catch (error) {
      if (!(error instanceof BadFile)) throw error;
      await process.error(`Error: ${error.message}\n`);
      return 128;
    }
  },
};

async function refuse(process: Process, what: string): Promise<number> {
  await process.error(`drydock: etcdctl: '${what}' is not simulated\n`);
  return 64;
}

/** An option, or its variable: `ETCDCTL_CACERT`. */
function setting(process: Process, given: Given, flag: "endpoints" | "ca" | "certificate" | "key"): string | undefined {
  return given.value(flag) ?? process.env[`ETCDCTL_${FLAGS[flag].long.toUpperCase()}`];
}

function endpointsOf(process: Process, given: Given): readonly string[] {
  return (setting(process, given, "endpoints") ?? "127.0.0.1:2379").split(",").filter((one) => one !== "");
}

function credentialsOf(process: Process, given: Given): Credentials {
  const names = ["ca", "certificate", "key"] as const;
  const paths = Object.fromEntries(names.flatMap((name) => {
    const path = setting(process, given, name);
    return path === undefined ? [] : [[name, path]];
  })); // prettier-ignore
  return { ...readCredentials(process, paths), insecure: given.has("insecure") };
}

function timeoutOf(given: Given): Duration {
  const parsed = parseGoDuration(given.value("timeout") ?? "5s");
  return typeof parsed === "number" ? parsed : 5 * SECOND;
}

/** What the library warns of when a call has failed (zap, on stderr). */
async function warn(process: Process, endpoint: string, error: string): Promise<void> {
  const address = endpoint.replace(/^https?:\/\//, "");
  const pointer = createHash("sha256").update(`${process.pid} ${address}`).digest("hex").slice(0, 6);
  const fields = {
    level: "warn",
    ts: rfc3339Micro(process.kernel.now),
    logger: "etcd-client",
    caller: "v3@v3.5.21/retry_interceptor.go:63",
    msg: "retrying of unary invoker failed",
    target: `etcd-endpoints://0xc000${pointer}/${address}`,
    attempt: 0,
    error: `rpc error: code = DeadlineExceeded desc = latest balancer error: last connection error: connection error: desc = ${JSON.stringify(error)}`,
  };
  await process.error(`${JSON.stringify(fields)}\n`);
}

/** The first endpoint that answers; else what went wrong has been told. */
async function anyMember(process: Process, given: Given): Promise<Member | undefined> {
  const endpoints = endpointsOf(process, given);
  const credentials = credentialsOf(process, given);
  let last = "";
  for (const endpoint of endpoints) {
    const found = await reach(process, endpoint, credentials, timeoutOf(given));
    if (!("error" in found)) return found;
    last = found.error;
  }
  await warn(process, endpoints[0]!, last);
  await process.error("Error: context deadline exceeded\n");
  return undefined;
}

/** Members are named by a hash of their addresses. */
function memberId({ socket }: Member): string {
  return createHash("sha1")
    .update([...socket.peers, "etcd-cluster"].join(""))
    .digest("hex")
    .slice(0, 16);
}

async function members(process: Process, given: Given): Promise<number> {
  const member = await anyMember(process, given);
  if (!member) return 1;
  const { name, peers, clients } = member.socket;
  const row = [memberId(member), "started", name, peers.join(","), clients.join(","), "false"];
  const header = ["ID", "STATUS", "NAME", "PEER ADDRS", "CLIENT ADDRS", "IS LEARNER"];
  await process.print(given.value("output") === "table" ? asciiTable(header, [row]) : `${row.join(", ")}\n`);
  return 0;
}

function goDuration(took: Duration): string {
  return `${(took / MILLISECOND).toFixed(6).replace(/0+$/, "").replace(/\.$/, "")}ms`;
}

async function health(process: Process, given: Given): Promise<number> {
  const credentials = credentialsOf(process, given);
  let healthy = true;
  const rows: string[][] = [];
  for (const endpoint of endpointsOf(process, given)) {
    const started = process.kernel.now;
    const found = await reach(process, endpoint, credentials, timeoutOf(given));
    const took = goDuration(process.kernel.now - started);
    if ("error" in found) {
      healthy = false;
      await warn(process, endpoint, found.error);
      rows.push([endpoint, "false", took, "context deadline exceeded"]);
      if (given.value("output") !== "table")
        await process.error(`${endpoint} is unhealthy: failed to commit proposal: context deadline exceeded\n`);
    } else {
      rows.push([endpoint, "true", took, ""]);
      if (given.value("output") !== "table")
        await process.print(`${endpoint} is healthy: successfully committed proposal: took = ${took}\n`);
    }
  }
  if (given.value("output") === "table") await process.print(asciiTable(["ENDPOINT", "HEALTH", "TOOK", "ERROR"], rows));
  if (healthy) return 0;
  await process.error("Error: unhealthy cluster\n");
  return 1;
}

async function endpointStatus(process: Process, given: Given): Promise<number> {
  const credentials = credentialsOf(process, given);
  let failed = false;
  const rows: string[][] = [];
  for (const endpoint of endpointsOf(process, given)) {
    const found = await reach(process, endpoint, credentials, timeoutOf(given));
    if ("error" in found) {
      failed = true;
      await warn(process, endpoint, found.error);
      await process.error(`Failed to get the status of endpoint ${endpoint} (context deadline exceeded)\n`);
      continue;
    }
    const { revision } = found.cluster.api.store;
    const size = humanBytes(snapshotText(found.cluster).length);
    rows.push([
      endpoint,
      memberId(found),
      "3.5.21",
      size,
      "true",
      "false",
      "2",
      String(revision),
      String(revision),
      "",
    ]);
  }
  const header = ["ENDPOINT", "ID", "VERSION", "DB SIZE", "IS LEADER", "IS LEARNER", "RAFT TERM", "RAFT INDEX", "RAFT APPLIED INDEX", "ERRORS"]; // prettier-ignore
  if (given.value("output") === "table") await process.print(asciiTable(header, rows));
  else await process.print(rows.map((row) => `${row.join(", ")}\n`).join(""));
  return failed ? 1 : 0;
}

async function get(process: Process, given: Given, key: string): Promise<number> {
  if (!given.has("keysOnly")) return refuse(process, "get without --keys-only");
  const member = await anyMember(process, given);
  if (!member) return 1;
  const limit = Number(given.value("limit") ?? 0) || Infinity;
  const found = entries(member.cluster).filter((entry) => given.has("prefix") ? entry.key.startsWith(key) : entry.key === key); // prettier-ignore
  await process.print(found.slice(0, limit).map((entry) => `${entry.key}\n\n`).join("")); // prettier-ignore
  return 0;
}

async function save(process: Process, given: Given, path: string | undefined): Promise<number> {
  if (path === undefined) {
    await process.error("Error: snapshot save expects one argument\n");
    return 128;
  }
  const member = await anyMember(process, given);
  if (!member) return 1;
  const log = (line: number, msg: string, fields: object = {}, logger: object = {}): Promise<void> =>
    process.error(`${JSON.stringify({ level: "info", ts: rfc3339Micro(process.kernel.now), ...logger, caller: `snapshot/v3_snapshot.go:${line}`, msg, ...fields })}\n`); // prettier-ignore
  const text = snapshotText(member.cluster);
  const written = attempt(() => process.host.files.write(path, encode(text), { mode: 0o600 }, process));
  if (written instanceof Errno) {
    const why = written.code === "EACCES" ? "permission denied" : "no such file or directory";
    await process.error(`Error: could not open ${path}.part (open ${path}.part: ${why})\n`);
    return 5;
  }
  const endpoint = endpointsOf(process, given)[0]!;
  await log(65, "created temporary db file", { path: `${path}.part` });
  await process.error(`${JSON.stringify({ level: "info", ts: rfc3339Micro(process.kernel.now), logger: "client", caller: "v3@v3.5.21/maintenance.go:212", msg: "opened snapshot stream; downloading" })}\n`); // prettier-ignore
  await log(73, "fetching snapshot", { endpoint });
  await process.sleep(Math.round(text.length / 100));
  await process.error(`${JSON.stringify({ level: "info", ts: rfc3339Micro(process.kernel.now), logger: "client", caller: "v3@v3.5.21/maintenance.go:220", msg: "completed snapshot read; closing" })}\n`); // prettier-ignore
  await log(88, "fetched snapshot", { endpoint, size: humanBytes(text.length), took: "now" });
  await log(97, "saved", { path });
  await process.print(`Snapshot saved at ${path}\n`);
  return 0;
}

async function status(process: Process, given: Given, path: string | undefined): Promise<number> {
  await process.error("Deprecated: Use `etcdutl snapshot status` instead.\n\n");
  if (path === undefined) {
    await process.error("Error: snapshot status requires exactly one argument\n");
    return 128;
  }
  const data = attempt(() => process.host.files.read(path, process));
  if (data instanceof Errno) {
    await process.error(`Error: stat ${path}: no such file or directory\n`);
    return 1;
  }
  const found = snapshotStatus(decode(data));
  if (!found) {
    await process.error("Error: snapshot file integrity check failed: invalid database\n");
    return 1;
  }
  const row = [found.hash, String(found.revision), String(found.keys), humanBytes(found.size)];
  const header = ["HASH", "REVISION", "TOTAL KEYS", "TOTAL SIZE"];
  await process.print(given.value("output") === "table" ? asciiTable(header, [row]) : `${row.join(", ")}\n`);
  return 0;
}
