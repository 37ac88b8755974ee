import type { Hosts } from "../../host/index.ts";
import { catalogue, isPullError, pullImage } from "../../images/index.ts";
import type { ImageSource } from "./cri/image/source.ts";
import { bindRuntimes } from "./cri/runtimes.ts";
import { provideWorldStamp } from "./world-stamp.ts";
import { runtimeNews } from "./kubelets.ts";

/** Images come from the catalogue, as from their registries. */
const REGISTRIES: ImageSource = {
  find(reference) {
    const pulled = pullImage(reference);
    return isPullError(pulled) ? { code: pulled.code, error: pulled.desc } : pulled;
  },
  byName(name) {
    const colon = name.lastIndexOf(":");
    const repository = catalogue.get(name.slice(0, colon));
    return repository?.find(name.slice(colon + 1));
  },
};

/** Gives a world's machines their containerd. Once per world, again after restore and fork; before `bindKubelet`. */
export function bindContainerd(hosts: Hosts): void {
  const stamp = provideWorldStamp(hosts);
  bindRuntimes(hosts, REGISTRIES, { ...runtimeNews(hosts), ownWrites: (count) => stamp.ownFiles(count) });
}
