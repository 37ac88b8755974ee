import { persistentVolumeClaims } from "../../kinds/index.ts";
import { unschedulable, type Plugin } from "../plugin.ts";
import { claimNames } from "../volumes.ts";

/** A claim with ReadWriteOncePod is one Pod's, wherever that is (plugins/volumerestrictions). */
export const volumeRestrictions: Plugin = {
  name: "VolumeRestrictions",
  filter(pod, { client, nodes }) {
    const { namespace = "" } = pod.metadata;
    const single = claimNames(pod)
      .map(({ name }) => name)
      .filter((name) =>
        client.get(persistentVolumeClaims, namespace, name)?.spec.accessModes?.includes("ReadWriteOncePod"),
      );
    if (single.length === 0) return undefined;
    const taken = nodes.some(({ pods }) =>
      pods.some(
        (other) =>
          other.metadata.namespace === namespace && claimNames(other).some(({ name }) => single.includes(name)),
      ),
    );
    const rejection = unschedulable(
      "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode",
    );
    return () => (taken ? rejection : undefined);
  },
};
