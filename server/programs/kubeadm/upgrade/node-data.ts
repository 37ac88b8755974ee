import type { Process } from "../../../sim/host/index.ts";
import { clientFromFile } from "../api.ts";
import { errorSaying } from "../cluster-objects.ts";
import type { Given } from "../cobra/index.ts";
import { KUBELET_CONFIG } from "../join/preflight.ts";
import { kubeletSettings } from "../join/kubelet.ts";
import type { RestClient } from "../rest-client.ts";

const API_SERVER = "/etc/kubernetes/manifests/kube-apiserver.yaml";

/** What the phases of upgrade node share (cmd/kubeadm/app/cmd/upgrade/node.go nodeData). */
export class NodeData {
  readonly process: Process;
  readonly skippedPhases: readonly string[];
  readonly ignoredErrors: ReadonlySet<string>;
  readonly isControlPlane: boolean;
  /** The kubelet's configuration, as the cluster has it. */
  readonly settings: string;

  private constructor(process: Process, given: Given, isControlPlane: boolean, settings: string) {
    this.process = process;
    this.skippedPhases = given.list("skip-phases");
    this.ignoredErrors = new Set(given.list("ignore-preflight-errors").map((name) => name.toLowerCase()));
    this.isControlPlane = isControlPlane;
    this.settings = settings;
  }

  static async read(process: Process, given: Given): Promise<NodeData> {
    const isControlPlane = isControlPlaneNode(process);
    const own = isControlPlane ? "/etc/kubernetes/admin.conf" : KUBELET_CONFIG;
    const path = given.text("kubeconfig") ?? own;
    let client: RestClient;
    try {
      client = clientFromFile(process, path);
    } catch (error) {
      throw errorSaying(`couldn't create a Kubernetes client from file ${JSON.stringify(path)}`, error);
    }
    await process.print(
      '[upgrade] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...\n',
    );
    await process.print(
      "[upgrade] Use 'kubeadm init phase upload-config --config your-config-file' to re-upload it.\n",
    );
    try {
      await readConfiguration(client);
      return new NodeData(process, given, isControlPlane, await kubeletSettings(client));
    } catch (error) {
      throw errorSaying("unable to fetch the kubeadm-config ConfigMap", error);
    }
  }

  async print(line: string): Promise<void> {
    await this.process.print(`[upgrade${line}\n`);
  }
}

/** A node with the API server's manifest is one of the control plane. */
export function isControlPlaneNode(process: Process): boolean {
  return process.host.files.exists(API_SERVER, process);
}

async function readConfiguration(client: RestClient): Promise<void> {
  try {
    await client.call("GET", "/api/v1/namespaces/kube-system/configmaps/kubeadm-config");
  } catch (error) {
    throw errorSaying("failed to get config map", error);
  }
}
