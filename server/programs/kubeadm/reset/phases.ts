import { LineInput, parseYamlText, type Process } from "../../../sim/host/index.ts";
import { MANIFESTS } from "../../../sim/kube/kubeadm/index.ts";
import { klog } from "../../kubectl/client/klog.ts";
import { KubeadmError } from "../failure.ts";
import { privileged, runChecks } from "../preflight.ts";
import { cleanFolder } from "./clean-up.ts";
import type { ResetData } from "./reset-data.ts";

/** As phases/reset/preflight.go: asks whether it is meant. */
export async function confirm({ process, given, dry }: ResetData): Promise<void> {
  if (!given.isTrue("force") && !dry) {
    await klog(process, "W", "preflight.go:56", "[reset] WARNING: Changes made to this host by 'kubeadm init' or 'kubeadm join' will be reverted."); // prettier-ignore
    await process.print("[reset] Are you sure you want to proceed? [y/N]: ");
    if (!/^y(?:es)?$/i.test(await answer(process)))
      throw new KubeadmError("won't proceed; the user didn't answer (Y|y) in order to continue");
  }
  await process.print("[preflight] Running pre-flight checks\n");
  const ignored = new Set(given.list("ignore-preflight-errors").map((name) => name.toLowerCase()));
  await runChecks(process, [privileged(process)], ignored);
}

async function answer(process: Process): Promise<string> {
  const line = await new LineInput(process, process.fds.get(0)).next();
  return (line ?? "").replace(/\r?\n$/, "");
}

interface StaticPod {
  readonly spec?: {
    readonly volumes?: readonly { readonly name: string; readonly hostPath?: { readonly path: string } }[];
  };
}

/** The data of a member that keeps them here (phases/reset/removeetcdmember.go). The only member is not taken out of its cluster first. */
export async function removeEtcdData(data: ResetData): Promise<void> {
  const folder = await dataFolder(data);
  if (folder === undefined) {
    await data.print("No etcd config found. Assuming external etcd");
    return data.print("Please, manually reset etcd to prevent further issues");
  }
  if (data.dry) return data.print(`Would delete contents of the etcd data directory: ${folder}`);
  cleanFolder(data.process, folder);
  await data.print(`Deleted contents of the etcd data directory: ${folder}`);
}

async function dataFolder({ process, cluster }: ResetData): Promise<string | undefined> {
  const local = cluster?.etcd?.local;
  if (local) return local.dataDir ?? "/var/lib/etcd";
  await klog(process, "W", "removeetcdmember.go:106", "[reset] No kubeadm config, using etcd pod spec to get data directory"); // prettier-ignore
  const text = process.host.readText(`${MANIFESTS}/etcd.yaml`);
  if (text === undefined) return "/var/lib/etcd";
  const { spec } = (parseYamlText(text) ?? {}) as StaticPod;
  return spec?.volumes?.find(({ name }) => name === "etcd-data")?.hostPath?.path;
}
