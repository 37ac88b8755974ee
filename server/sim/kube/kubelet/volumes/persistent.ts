import { attempt, Errno } from "../../../host/index.ts";
import type { PersistentVolume, Volume } from "../../api/index.ts";
import { nodes, nodeSelectorMatches } from "../../kinds/index.ts";
import { Directory } from "../cri/directory.ts";
import type { Kubelet } from "../kubelet.ts";
import type { PodRow } from "../pods/row.ts";
import { volumeDirectory } from "./directories.ts";
import { checkHostPath } from "./host-path.ts";

/** What is behind a volume that is neither the Pod's own nor an object of the API: one of these fields. */
type Source = Pick<PersistentVolume["spec"], "hostPath" | "local" | "nfs" | "csi">;

/** The name of a source's plugin, as its directories and errors have it. */
export function sourcePlugin(source: Source): string {
  if (source.hostPath) return "host-path";
  if (source.local) return "local-volume";
  if (source.nfs) return "nfs";
  return source.csi ? "csi" : "unsimulated";
}

/** Where it stands on the machine. */
export function sourcePath(row: Pick<PodRow, "uid">, name: string, source: Source): string {
  return source.hostPath?.path ?? source.local?.path ?? volumeDirectory(row, sourcePlugin(source), name);
}

/** Why a persistent volume cannot be set up, with what the kubelet was about: `MountVolume.SetUp failed for volume "x" : …`. */
export function mountPersistent(
  kubelet: Kubelet,
  row: PodRow,
  { metadata, spec }: PersistentVolume,
): string | undefined {
  const { name } = metadata;
  const terms = spec.nodeAffinity?.required?.nodeSelectorTerms;
  const node = kubelet.api.client?.get(nodes, "", kubelet.running.nodeName);
  if (terms && node && !nodeSelectorMatches(terms, node))
    return `MountVolume.NodeAffinity check failed for volume "${name}" : no matching NodeSelectorTerms`;
  if (spec.local) {
    const { path } = spec.local;
    if (!kubelet.host.files.exists(path))
      return `MountVolume.NewMounter initialization failed for volume "${name}" : path "${path}" does not exist`;
    own(kubelet, row, path);
    return undefined;
  }
  const problem = mountSource(kubelet, row, name, spec, Object.keys(spec));
  return problem === undefined ? undefined : `${problem.step} failed for volume "${name}" : ${problem.why}`;
}

/** The same for a source that a Pod names itself: `nfs`, `csi` and what is not simulated. */
export function mountInline(kubelet: Kubelet, row: PodRow, volume: Volume): string | undefined {
  const { name, ...source } = volume;
  const problem = mountSource(kubelet, row, name, source, Object.keys(source));
  return problem === undefined ? undefined : `${problem.step} failed for volume "${name}" : ${problem.why}`;
}

interface Failure {
  readonly step: string;
  readonly why: string;
}

const SIMULATED = ["hostPath", "nfs", "csi"];

function mountSource(
  kubelet: Kubelet,
  row: PodRow,
  name: string,
  source: Source,
  fields: readonly string[],
): Failure | undefined {
  const setUp = (why: string | undefined): Failure | undefined =>
    why === undefined ? undefined : { step: "MountVolume.SetUp", why };
  if (source.hostPath) return setUp(checkHostPath(kubelet, source.hostPath));
  if (source.nfs) return setUp(mountNfs(kubelet, row, name, source.nfs));
  if (source.csi) return missingDriver(source.csi);
  const unknown = fields.find((field) => !SIMULATED.includes(field)) ?? "";
  return setUp(`drydock: volumes of type '${unknown}' are not simulated`);
}

/** The nodes have no nfs-common: mount(8) finds no helper (mount-utils MountSensitive). */
function mountNfs(kubelet: Kubelet, row: PodRow, name: string, { server, path }: NonNullable<Source["nfs"]>): string {
  const target = volumeDirectory(row, "nfs", name);
  Directory.at(kubelet.host, target, 0o750);
  const helper = "for several filesystems (e.g. nfs, cifs) you might need a /sbin/mount.<type> helper program.";
  return [
    "mount failed: exit status 32",
    "Mounting command: mount",
    `Mounting arguments: -t nfs ${server}:${path} ${target}`,
    `Output: mount: ${target}: bad option; ${helper}`,
    "       dmesg(1) may have more information after failed mount system call.\n",
  ].join("\n");
}

/** No CSI driver registers with a kubelet here (pkg/volume/csi). */
function missingDriver({ driver, volumeHandle }: NonNullable<Source["csi"]>): Failure {
  const missing = `driver name ${driver} not found in the list of registered CSI drivers`;
  return volumeHandle === undefined
    ? { step: "MountVolume.SetUp", why: `kubernetes.io/csi: mounter.SetUpAt failed to get CSI client: ${missing}` }
    : {
        step: "MountVolume.MountDevice",
        why: `kubernetes.io/csi: attacher.MountDevice failed to create newCsiDriverClient: ${missing}`,
      };
}

/** fsGroup owns what is in a local volume (pkg/volume/volume_linux.go SetVolumeOwnership). */
function own(kubelet: Kubelet, row: PodRow, path: string): void {
  const { fsGroup, fsGroupChangePolicy } = row.pod.spec.securityContext ?? {};
  if (fsGroup === undefined) return;
  const { files } = kubelet.host;
  const top = attempt(() => files.stat(path));
  if (top instanceof Errno) return;
  if (fsGroupChangePolicy === "OnRootMismatch" && top.gid === fsGroup && (top.mode & 0o2060) === 0o2060) return;
  const visit = (at: string): void => {
    const { type, uid, mode } = files.lstat(at);
    if (type === "link") return;
    files.chown(at, uid, fsGroup);
    files.chmod(at, (mode & 0o7777) | (type === "dir" ? 0o2770 : 0o660));
    if (type === "dir") for (const entry of files.list(at)) visit(`${at}/${entry}`);
  };
  visit(path);
}
