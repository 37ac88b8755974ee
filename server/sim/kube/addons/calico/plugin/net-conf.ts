import { readKubeconfig } from "../../../access/rest-config.ts";
import type { Process } from "../../../../host/index.ts";
import { SECOND } from "../../../../kernel/index.ts";
import { ApiClient, ApiFailure } from "../../access/api-client.ts";
import { CniError } from "../../cni/cni-error.ts";
import { GoFields } from "../../cni/go-fields.ts";
import type { PluginCall } from "../../cni/skel.ts";
import { datastoreWords, Ipam, IpamError } from "../ipam/ipam.ts";
import { logFields, logLine } from "../log.ts";

const AGENT = "calico/v0.0.0 (linux/amd64) kubernetes/$Format";
/** How long client-go waits for a connection. */
const DIAL_TIMEOUT = 30 * SECOND;

/** What Calico's plugins are configured with (cni-plugin/pkg/types NetConf). */
export interface CalicoConfig {
  readonly name: string;
  readonly node: string;
  readonly mtu: number;
  readonly kubeconfig: string;
  readonly ipamType: string;
  readonly pools: readonly string[];
  readonly logFile: string;
  readonly allowForwarding: boolean;
}

/** The Pod that the runtime calls for. */
export interface Workload {
  readonly namespace: string;
  readonly pod: string;
}

export function loadCalicoConfig({ config, process }: PluginCall): CalicoConfig {
  const fields = new GoFields(config, "NetConf");
  const ipam = fields.struct("ipam");
  const datastore = fields.text("datastore_type", "etcdv3");
  if (datastore !== "kubernetes")
    throw new CniError(`drydock: calico: datastore_type '${datastore}' is not simulated`, 100);
  return {
    name: fields.text("name"),
    node: fields.text("nodename") || process.host.hostname,
    mtu: fields.integer("mtu"),
    kubeconfig: fields.struct("kubernetes").text("kubeconfig"),
    ipamType: ipam.text("type"),
    pools: ipam.texts("ipv4_pools"),
    logFile: fields.text("log_file_path"),
    allowForwarding: fields.struct("container_settings").flag("allow_ip_forwarding"),
  };
}

export function workloadOf({ args }: PluginCall): Workload {
  const pairs = new Map(args.split(";").map((pair) => pair.split("=") as [string, string]));
  return { namespace: pairs.get("K8S_POD_NAMESPACE") ?? "default", pod: pairs.get("K8S_POD_NAME") ?? "" };
}

export function handleOf({ name }: CalicoConfig, { containerId }: PluginCall): string {
  return `${name}.${containerId}`;
}

export function clientOf(process: Process, { kubeconfig }: CalicoConfig): ApiClient {
  return new ApiClient(process, AGENT, () => readKubeconfig(process.host, kubeconfig, AGENT, process));
}

export function ipamOf(process: Process, api: ApiClient): Ipam {
  return new Ipam(api, () => process.kernel.now * 1000 + process.kernel.random.below("calico/sequence", 1000));
}

/** Runs something against the API server; what it does not do is told as the plugins tell it, after the time that they wait. */
export async function asking<T>(process: Process, context: string, work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    if (error instanceof IpamError) throw new CniError(`${context}${error.message}`);
    if (!(error instanceof ApiFailure)) throw error;
    if (error.message.endsWith("i/o timeout")) await process.sleep(DIAL_TIMEOUT);
    throw new CniError(`${context}${datastoreWords(error)}`);
  }
}

/** Writes a line to the log file of the configuration, and to standard error, where the runtime has it. */
export async function log(
  { process, containerId }: PluginCall,
  { logFile }: CalicoConfig,
  source: string,
  text: string,
  fields: Readonly<Record<string, string | number>> = {},
): Promise<void> {
  const line = logLine(
    process.kernel.now,
    "INFO",
    process.pid,
    source,
    `${text}${logFields({ ContainerID: containerId, ...fields })}`,
  );
  await process.error(`${line}\n`);
  if (logFile !== "") appendLog(process, logFile, `${line}\n`);
}

function appendLog({ host }: Process, path: string, text: string): void {
  const { files } = host;
  const folder = path.slice(0, path.lastIndexOf("/"));
  if (!files.exists(folder)) files.mkdir(folder, { parents: true });
  files.write(path, encodeAfter(host.readText(path), text));
}

function encodeAfter(before: string | undefined, text: string): string {
  return Buffer.from((before ?? "") + text, "utf8").toString("latin1");
}
