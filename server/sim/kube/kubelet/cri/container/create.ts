import { capabilitiesOf } from "./capabilities.ts";
import type { Host, Mount } from "../../../../host/index.ts";
import { containerCommand, type Image } from "../../../../images/index.ts";
import { rpcError, type ContainerConfig, type Done } from "../api.ts";
import { findImage, imageOf } from "../image/images.ts";
import { PACE } from "../pace.ts";
import type { OperationRow, SandboxRow } from "../rows.ts";
import type { Containerd } from "../runtime.ts";
import { bindMount, systemMounts, wantedMounts } from "./mounts.ts";

/** CreateContainer: answers with `{ id }` (containerd pkg/cri/server/container_create.go). */
export function createContainer(runtime: Containerd, sandbox: string, config: ContainerConfig, done: Done): void {
  if (runtime.refuses(done)) return;
  const op = runtime.begin("create", { sandbox, config, container: runtime.newId() }, done);
  runtime.later(op, PACE.createContainer);
}

export function stepCreate(runtime: Containerd, op: Extract<OperationRow, { kind: "create" }>): void {
  const { sandbox: sandboxId, config, container: id } = op.data;
  const sandbox = runtime.sandboxes.get(sandboxId);
  if (!sandbox)
    return runtime.finish(
      op,
      rpcError(`failed to find sandbox id ${JSON.stringify(sandboxId)}: not found`, "NotFound"),
    );
  const imageRow = findImage(runtime, config.image);
  if (!imageRow)
    return runtime.finish(
      op,
      rpcError(`failed to resolve image ${JSON.stringify(config.image)}: not found`, "NotFound"),
    );
  const image = imageOf(runtime, imageRow);
  const wrong = (why: string): void =>
    runtime.finish(
      op,
      rpcError(`failed to generate container ${JSON.stringify(id)} spec: failed to generate spec: ${why}`),
    );
  if (!containerCommand(image.config, config)) return wrong("no command specified");
  const label = `Pod ${sandbox.config.namespace}/${sandbox.config.name} (container ${config.name})`;
  const host = makeContainerHost(runtime, id, sandbox, config, image, label);
  const mounts: Mount[] = [];
  for (const mount of wantedMounts(sandboxId, config)) {
    const bound = bindMount(runtime.host, host, mount);
    if ("error" in bound) {
      forgetHost(runtime, id);
      return wrong(bound.error);
    }
    mounts.push(bound);
  }
  host.update({ mounts: [...systemMounts(id, sandbox, config), ...mounts] });
  runtime.containers.set(id, {
    id,
    sandbox: sandboxId,
    podUid: sandbox.config.uid,
    logDirectory: sandbox.config.logDirectory,
    config,
    image: image.name,
    state: "created",
    createdAt: runtime.kernel.now,
    startedAt: 0,
    finishedAt: 0,
    exitCode: 0,
    reason: "",
    message: "",
  });
  runtime.finish(op, { ok: { id } });
}

/** The namespaces and root of a container, before anything is mounted into it. */
export function makeContainerHost(
  runtime: Containerd,
  id: string,
  sandbox: SandboxRow,
  config: ContainerConfig,
  image: Image,
  label: string,
): Host {
  const { hosts } = runtime.machine;
  if (image.fileSystem === undefined) hosts.fileSystem(id, image.files);
  else hosts.copyFileSystem(image.fileSystem, id);
  return hosts.addHost({
    name: id,
    machine: runtime.machine.name,
    kind: "container",
    hostname: sandbox.config.hostname,
    netns: sandbox.netns ?? runtime.host.netns,
    mounts: systemMounts(id, sandbox, { ...config, readOnlyRoot: false }),
    image: image.name,
    capabilities: capabilitiesOf(config),
    ...(config.noNewPrivileges ? { noNewPrivileges: true } : {}),
    ...(config.seccomp === "Unconfined" || config.privileged ? {} : { seccomp: true }),
    ...processNamespace(runtime, sandbox, config),
    ...(config.resources.memoryLimitInBytes > 0 ? { memoryLimit: config.resources.memoryLimitInBytes } : {}),
    oomScoreAdj: config.resources.oomScoreAdj,
    ipcns: sandbox.config.hostIpc ? runtime.machine.name : sandbox.id,
    utsns: sandbox.config.hostNetwork ? runtime.machine.name : sandbox.id,
    label,
  });
}

/** Whose processes a container sees besides its own (spec_opts.go WithPodNamespaces). */
function processNamespace(
  runtime: Containerd,
  { id, config: { pidNamespace } }: SandboxRow,
  { targetId }: ContainerConfig,
): { readonly pidns?: string } {
  if (pidNamespace === "node") return { pidns: runtime.machine.name };
  if (pidNamespace === "pod") return { pidns: id };
  const target = targetId === undefined ? undefined : runtime.machine.hosts.host(targetId);
  return target ? { pidns: target.pidns } : {};
}

/** RemoveContainer: forgets a container that does not run, with its files. */
export function removeContainer(runtime: Containerd, id: string): void {
  const row = runtime.containers.get(id);
  if (!row || row.state === "running") return;
  forgetHost(runtime, id);
  runtime.containers.delete(id);
  runtime.logLines.delete(id);
}

function forgetHost(runtime: Containerd, id: string): void {
  const { hosts } = runtime.machine;
  hosts.removeHost(id);
  hosts.removeFileSystem(id);
}
