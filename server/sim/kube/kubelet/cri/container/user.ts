import type { Credentials, Host } from "../../../../host/index.ts";
import type { ContainerConfig } from "../api.ts";

/**
 * Who a container's first process runs as: what the Pod says, else the image's user, `name`, `uid`, `name:group` or
 * `uid:gid` (containerd oci.WithUser, WithUserID, WithAdditionalGIDs). The error is containerd's.
 */
export function resolveUser(
  host: Host,
  imageUser: string,
  config: Pick<ContainerConfig, "runAsUser" | "runAsGroup" | "supplementalGroups">,
): Credentials | { readonly error: string } {
  const [user = "", group = ""] = (config.runAsUser === undefined ? imageUser : String(config.runAsUser)).split(":");
  const known = /^\d*$/.test(user) ? host.users.byUid(Number(user)) : host.users.byName(user);
  if (!known && !/^\d*$/.test(user))
    return { error: `unable to find user ${user}: no matching entries in passwd file` };
  const uid = known?.uid ?? Number(user);
  let gid = config.runAsGroup ?? known?.gid ?? 0;
  if (group !== "" && config.runAsGroup === undefined) {
    const found = /^\d+$/.test(group) ? { gid: Number(group) } : host.users.groupByName(group);
    if (!found) return { error: `unable to find group ${group}: no matching entries in group file` };
    gid = found.gid;
  }
  const own = known ? host.users.credentials(known).groups.filter((id) => id !== known.gid) : [];
  return { uid, gid, groups: [...new Set([gid, ...own, ...config.supplementalGroups])] };
}
