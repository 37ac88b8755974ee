import { dirname, type Process } from "../../../sim/host/index.ts";
import { encode } from "../../../sim/kernel/index.ts";
import { adminBinding, type Cluster, type NodeParameters, type TextFile } from "../../../sim/kube/kubeadm/index.ts";
import { clientFromFile } from "../api.ts";
import type { Given } from "../cobra/index.ts";
import { ClusterObjects, errorSaying } from "../cluster-objects.ts";
import { KubeadmError, NotSimulated } from "../failure.ts";
import { Refused, type RestClient } from "../rest-client.ts";
import { initConfiguration, type InitConfiguration } from "./configuration.ts";

const KUBERNETES = "/etc/kubernetes";
const ADMIN = `${KUBERNETES}/admin.conf`;
const SUPER_ADMIN = `${KUBERNETES}/super-admin.conf`;

/** What the phases of init share: the configuration, where to write, and the way to the API server (cmd/kubeadm/app/cmd/init.go initData). */
export class InitData {
  readonly process: Process;
  readonly given: Given;
  readonly configuration: InitConfiguration;
  /** With --dry-run: where files are written in place of their own folders. */
  readonly dryRunFolder: string | undefined;
  #objects: ClusterObjects | undefined;

  private constructor(process: Process, given: Given, configuration: InitConfiguration) {
    this.process = process;
    this.given = given;
    this.configuration = configuration;
    this.dryRunFolder = given.isTrue("dry-run") ? temporaryFolder(process, "kubeadm-init-dryrun") : undefined;
  }

  static async read(process: Process, given: Given): Promise<InitData> {
    return new InitData(process, given, await initConfiguration(process, given));
  }

  get cluster(): Cluster {
    return this.configuration.cluster;
  }

  get node(): NodeParameters {
    return this.cluster.controlPlane;
  }

  get skippedPhases(): readonly string[] {
    return this.configuration.skippedPhases;
  }

  /** Where certificates are read from; they are written to `writeFolder`. */
  get certificates(): string {
    return this.cluster.certificatesDir;
  }

  get kubeconfigPath(): string {
    return this.given.text("kubeconfig") ?? ADMIN;
  }

  folder(usual: string): string {
    return this.dryRunFolder ?? usual;
  }

  async print(line: string): Promise<void> {
    await this.process.print(`${line}\n`);
  }

  /** Writes a file, and the folders that it needs. */
  write({ path, text, mode = 0o644 }: TextFile): void {
    writeFile(this.process, path, text, mode);
  }

  /** The cluster's objects, by a client who may change them. */
  async objects(): Promise<ClusterObjects> {
    if (this.dryRunFolder !== undefined) throw new NotSimulated("--dry-run of a phase that asks the API server");
    return (this.#objects ??= new ClusterObjects(this.process, await this.#client()));
  }

  async #client(): Promise<RestClient> {
    if (this.kubeconfigPath !== ADMIN) return clientFromFile(this.process, this.kubeconfigPath);
    try {
      return await bootstrappedAdmin(this.process);
    } catch (error) {
      throw errorSaying("could not bootstrap the admin user in file admin.conf", error);
    }
  }
}

/** Who comes with admin.conf is an admin by a ClusterRoleBinding; super-admin.conf can make it (EnsureAdminClusterRoleBinding). */
async function bootstrappedAdmin(process: Process): Promise<RestClient> {
  const admin = clientFromFile(process, ADMIN);
  const objects = new ClusterObjects(process, admin);
  const there = await objects.patiently(async () => {
    try {
      await objects.create(adminBinding());
      return true;
    } catch (error) {
      if (error instanceof Refused && error.reason === "AlreadyExists") return true;
      if (error instanceof Refused && error.reason === "Forbidden") return false;
      throw errorSaying("unable to create ClusterRoleBinding", error);
    }
  });
  if (there) return admin;
  if (!process.host.files.exists(SUPER_ADMIN, process))
    throw new KubeadmError("the ClusterRoleBinding for the kubeadm:cluster-admins Group is missing but there is no super-admin.conf to create it"); // prettier-ignore
  const superAdmin = new ClusterObjects(process, clientFromFile(process, SUPER_ADMIN));
  try {
    await superAdmin.patiently(() => superAdmin.create(adminBinding()));
  } catch (error) {
    throw errorSaying(
      "unable to create the kubeadm:cluster-admins ClusterRoleBinding by using super-admin.conf",
      error,
    );
  }
  return admin;
}

/** As constants.CreateTempDirForKubeadm: a folder of its own below /etc/kubernetes/tmp. */
export function temporaryFolder(process: Process, name: string): string {
  const { files } = process.host;
  const path = `${KUBERNETES}/tmp/${name}${process.kernel.random.below("kubeadm/folder", 2 ** 31)}`;
  files.mkdir(path, { mode: 0o700, parents: true }, process);
  return path;
}

export function writeFile(process: Process, path: string, text: string, mode: number): void {
  const { files } = process.host;
  const folder = dirname(path);
  if (!files.exists(folder, process)) files.mkdir(folder, { mode: 0o700, parents: true }, process);
  files.write(path, encode(text), { mode }, process);
}
