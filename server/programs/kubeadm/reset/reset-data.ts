import { parseYamlText, type Process } from "../../../sim/host/index.ts";
import { klog } from "../../kubectl/client/klog.ts";
import { clientFromFile, NoKubeconfig } from "../api.ts";
import type { Given } from "../cobra/index.ts";
import { KubeadmError } from "../failure.ts";
import type { RestClient } from "../rest-client.ts";

const ADMIN = "/etc/kubernetes/admin.conf";
const CONFIG = "/api/v1/namespaces/kube-system/configmaps/kubeadm-config";

/** What reset reads of the cluster's ClusterConfiguration. */
interface ClusterConfiguration {
  readonly certificatesDir?: string;
  readonly etcd?: { readonly local?: { readonly dataDir?: string } };
}

/** What the phases of reset share (cmd/kubeadm/app/cmd/reset.go resetData). */
export class ResetData {
  readonly process: Process;
  readonly given: Given;
  /** Undefined: the cluster did not say. */
  readonly cluster: ClusterConfiguration | undefined;
  readonly skippedPhases: readonly string[];

  private constructor(process: Process, given: Given, cluster: ClusterConfiguration | undefined) {
    this.process = process;
    this.given = given;
    this.cluster = cluster;
    this.skippedPhases = given.list("skip-phases");
  }

  static async read(process: Process, given: Given): Promise<ResetData> {
    return new ResetData(process, given, await fetchConfiguration(process, given.text("kubeconfig") ?? ADMIN));
  }

  get dry(): boolean {
    return this.given.isTrue("dry-run");
  }

  get certificates(): string {
    return this.given.text("cert-dir") ?? this.cluster?.certificatesDir ?? "/etc/kubernetes/pki";
  }

  async print(line: string): Promise<void> {
    await this.process.print(`[reset] ${line}\n`);
  }
}

/** A machine with admin.conf asks the cluster how it was set up; that it does not answer is no hindrance. */
async function fetchConfiguration(process: Process, path: string): Promise<ClusterConfiguration | undefined> {
  let client: RestClient;
  try {
    client = clientFromFile(process, path);
  } catch (error) {
    if (error instanceof NoKubeconfig) return undefined;
    throw error;
  }
  await process.print(
    '[reset] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...\n',
  );
  await process.print("[reset] Use 'kubeadm init phase upload-config --config your-config-file' to re-upload it.\n");
  try {
    const { data } = (await client.call("GET", CONFIG)) as { readonly data?: Readonly<Record<string, string>> };
    return parseYamlText(data?.["ClusterConfiguration"] ?? "") ?? {};
  } catch (error) {
    if (!(error instanceof KubeadmError)) throw error;
    await klog(process, "W", "reset.go:137", `[reset] Unable to fetch the kubeadm-config ConfigMap from cluster: failed to get config map: ${error.message}`); // prettier-ignore
    return undefined;
  }
}
