import type { Plugin } from "../plugin.ts";
import { acl } from "./acl.ts";
import { auto } from "./auto.ts";
import { autopath } from "./autopath.ts";
import { bind } from "./bind.ts";
import { bufsize } from "./bufsize.ts";
import { cache } from "./cache.ts";
import { dns64 } from "./dns64.ts";
import { erratic } from "./erratic.ts";
import { errors } from "./errors.ts";
import { file } from "./file.ts";
import { forward } from "./forward.ts";
import { header } from "./header.ts";
import { health } from "./health.ts";
import { hosts } from "./hosts.ts";
import { chaos, nsid } from "./identity.ts";
import { k8sExternal } from "./k8s-external.ts";
import { kubernetes } from "./kubernetes.ts";
import { loadbalance } from "./loadbalance.ts";
import { log } from "./log.ts";
import { loop } from "./loop.ts";
import { prometheus } from "./prometheus.ts";
import { ready } from "./ready.ts";
import { reload } from "./reload.ts";
import { rewrite } from "./rewrite.ts";
import { any, local, minimal, whoami } from "./small.ts";
import { cancel, debug, root } from "./surroundings.ts";
import { template } from "./template.ts";
import { view } from "./view.ts";

const byName = new Map<string, Plugin<unknown>>();

/** A plugin's configuration is its own affair: whoever hands it on does not look inside. */
function add<Config>(...plugins: readonly Plugin<Config>[]): void {
  for (const plugin of plugins) byName.set(plugin.name, plugin as unknown as Plugin<unknown>);
}

add(any, loadbalance, local, minimal, whoami);
add(health);
add(prometheus, ready);
add(acl);
add(autopath);
add(bind);
add(bufsize);
add(chaos);
add(errors);
add(header);
add(nsid);
add(cache);
add(forward);
add(kubernetes);
add(log);
add(loop);
add(reload);
add(file);
add(hosts);
add(rewrite);
add(template);
add(auto);
add(cancel);
add(debug);
add(dns64);
add(erratic);
add(k8sExternal);
add(root);
add(view);

/** The plugin of a directive; undefined if it is not simulated. */
export function pluginNamed(name: string): Plugin<unknown> | undefined {
  return byName.get(name);
}
