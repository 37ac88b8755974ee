import type { Daemon } from "../../../host/index.ts";
import { kubeProxy } from "./kube-proxy.ts";

export { kubeletChains, kubeletChainsFlushed } from "./base-chains.ts";
export { apiServerStarted, bindKubeProxy } from "./kube-proxies.ts";

/** For the registry of programs. */
export const kubeProxyDaemons: readonly Daemon[] = [kubeProxy];
