import type { Process } from "../../sim/host/index.ts";
import { decode, MILLISECOND, SECOND, type Duration } from "../../sim/kernel/index.ts";
import { attempt, Errno } from "../../sim/host/index.ts";
import { certificates } from "../../sim/kube/access/identity.ts";
import { dialError } from "../../sim/kube/access/dial-error.ts";
import { clientHello, trustError } from "../../sim/kube/access/tls.ts";
import { clustersOf, type Cluster } from "../../sim/kube/cluster/cluster.ts";
import { ETCD_CLIENT, type EtcdSocket } from "../../sim/kube/components/index.ts";
import { verifyCertificate } from "../../sim/kube/pki/index.ts";
import { ConnectFailed, connectTcp, resolveName, startTls, type TcpSocket } from "../../sim/net/index.ts";

export interface Credentials {
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
  readonly insecure: boolean;
}

/** The etcd behind an endpoint, and how long it took to answer. */
export interface Member {
  readonly cluster: Cluster;
  readonly socket: EtcdSocket;
  readonly took: Duration;
}

/** A file that was named cannot be read: nothing was tried. */
export class BadFile extends Error {}

/** Reads the PEM files of the options. */
export function readCredentials(process: Process, paths: Omit<Credentials, "insecure">): Omit<Credentials, "insecure"> {
  const read = (path: string): string => {
    const data = attempt(() => process.host.files.read(path, process));
    if (data instanceof Errno)
      throw new BadFile(`open ${path}: ${data.code === "EACCES" ? "permission denied" : "no such file or directory"}`);
    return decode(data);
  };
  return Object.fromEntries(Object.entries(paths).map(([name, path]) => [name, path && read(path)]));
}

/**
 * Reaches an etcd as clientv3 does: it tries until its time is over, and tells the last error of a connection. `endpoint` is
 * `https://127.0.0.1:2379`, or an address without a scheme, which is plain text.
 */
export async function reach(
  process: Process,
  endpoint: string,
  credentials: Credentials,
  timeout: Duration,
): Promise<Member | { readonly error: string }> {
  const [, scheme, host = "", port = "2379"] =
    /^(?:(https?):\/\/)?\[?([^\]/]+?)\]?(?::(\d+))?\/?$/.exec(endpoint) ?? [];
  const started = process.kernel.now;
  const found = await once(process, host, Number(port), scheme === "https" || credentials.certificate !== undefined, credentials, timeout); // prettier-ignore
  if (!("error" in found)) return { ...found, took: process.kernel.now - started };
  const left = started + timeout - process.kernel.now;
  if (left > 0) await process.sleep(left);
  return found;
}

async function once(
  process: Process,
  host: string,
  port: number,
  tls: boolean,
  credentials: Credentials,
  timeout: Duration,
): Promise<Omit<Member, "took"> | { readonly error: string }> {
  const dialing = (text: string): { readonly error: string } => ({ error: `transport: Error while dialing: ${text}` });
  const resolved = await resolveName(process, host);
  const [address] = resolved.addresses;
  if (address === undefined) return dialing(`dial tcp: lookup ${host}: no such host`);
  let socket: TcpSocket;
  try {
    socket = await connectTcp(process, { to: address, port, timeout: Math.min(timeout, 2 * SECOND) });
  } catch (error) {
    if (!(error instanceof ConnectFailed)) throw error;
    return dialing(dialError(address, port, error.code === "ETIMEDOUT" ? undefined : error.code));
  }
  const server = socket.opened.trace?.delivery?.socket;
  try {
    if (!tls) return { error: "error reading server preface: EOF" };
    const config = {
      server: "",
      userAgent: "",
      insecureSkipTlsVerify: credentials.insecure,
      ...(credentials.ca === undefined ? {} : { certificateAuthority: credentials.ca }),
      ...(credentials.certificate === undefined ? {} : { clientCertificate: credentials.certificate }),
    };
    const handshake = startTls(socket.connection, clientHello(config, host));
    if (handshake.outcome !== "established")
      return { error: `transport: authentication handshake failed: ${handshake.outcome === "alert" ? `remote error: tls: ${handshake.alert.replaceAll("_", " ")}` : "EOF"}` }; // prettier-ignore
    await process.sleep(Math.round(handshake.latency) + 2 * MILLISECOND);
    const distrust = trustError(config, host, handshake.session.serverChain, process.kernel.now);
    if (distrust !== undefined) return { error: `transport: authentication handshake failed: ${distrust}` };
    if (server?.application !== ETCD_CLIENT) return { error: "error reading server preface: http2: frame too large" };
    const args = server.args as EtcdSocket;
    const refused = clientError(process, args, credentials);
    if (refused !== undefined) return { error: `error reading server preface: remote error: tls: ${refused}` };
    const cluster = clustersOf(process.host.hosts).get(args.cluster);
    return cluster ? { cluster, socket: args } : { error: "error reading server preface: EOF" };
  } finally {
    socket.drop();
  }
}

/** The alert with which etcd ends the connection of a client that it does not know (--client-cert-auth). */
function clientError(process: Process, { host, trusted }: EtcdSocket, credentials: Credentials): string | undefined {
  if (trusted === undefined) return undefined;
  const [leaf, ...intermediates] = certificates(credentials.certificate ?? "");
  if (!leaf) return "certificate required";
  const roots = certificates(process.host.hosts.host(host)?.readText(trusted) ?? "");
  const verified = verifyCertificate(leaf, { roots, intermediates, now: process.kernel.now, usages: ["clientAuth"] });
  if (!("error" in verified)) return undefined;
  return /expired/.test(verified.error) ? "expired certificate" : "unknown certificate authority";
}
