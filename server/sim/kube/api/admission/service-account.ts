import { MILLISECOND } from "../../../kernel/index.ts";
import { randomSuffix } from "../names.ts";
import { ComeAgain } from "../request.ts";
import type { ServiceAccount } from "../types/core.ts";
import type { Draft } from "../types/meta.ts";
import type { Pod, Volume, VolumeMount } from "../types/pod.ts";
import { isAbout, refuse, type AdmissionPlugin } from "./plugin.ts";

const DEFAULT = "default";
const MOUNT_PATH = "/var/run/secrets/kubernetes.io/serviceaccount";
const VOLUME_PREFIX = "kube-api-access-";
const MIRROR = "kubernetes.io/config.mirror";
/** An hour and a little, so that the kubelet's refresh at 80 % comes before an hour is over. */
const TOKEN_SECONDS = 3607;
/** How often the server looks for the account that a controller is about to make. */
const TRIES = 10;

/** As plugin/pkg/admission/serviceaccount. */
export const serviceAccount: AdmissionPlugin = {
  name: "ServiceAccount",
  operations: ["CREATE"],
  admit(attributes) {
    if (!isAbout(attributes, "", "pods")) return;
    const { context } = attributes;
    const pod = attributes.object as Draft<Pod>;
    if (pod.metadata.annotations?.[MIRROR] !== undefined) {
      if (pod.spec.serviceAccountName) throw refuse(attributes, "a mirror pod may not reference service accounts");
      if (pod.spec.volumes?.some((volume) => volume.secret))
        throw refuse(attributes, "a mirror pod may not reference secrets");
      return;
    }
    pod.spec.serviceAccountName ??= DEFAULT;
    const name = pod.spec.serviceAccountName;
    const accounts = context.find("", "serviceaccounts");
    if (!accounts) return;
    const account: ServiceAccount | undefined = context.store.get(accounts, context.namespace, name);
    if (!account) {
      if (name === DEFAULT && (context.request.attempt ?? 0) < TRIES) throw new ComeAgain(150 * MILLISECOND);
      throw refuse(
        attributes,
        `error looking up service account ${context.namespace}/${name}: serviceaccount "${name}" not found`,
      );
    }
    pod.spec.serviceAccount = name;
    if (pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true)
      mountToken(pod, VOLUME_PREFIX + randomSuffix(context.random));
    if (!pod.spec.imagePullSecrets && account.imagePullSecrets)
      pod.spec.imagePullSecrets = account.imagePullSecrets.map((secret) => ({ ...secret }));
  },
};

function mountToken(pod: Draft<Pod>, volumeName: string): void {
  const known = pod.spec.volumes?.find((volume) => volume.name.startsWith(VOLUME_PREFIX) && volume.projected);
  const mount: VolumeMount = { name: known?.name ?? volumeName, readOnly: true, mountPath: MOUNT_PATH };
  let needed = false;
  for (const container of [...(pod.spec.initContainers ?? []), ...(pod.spec.containers ?? [])]) {
    if (container.volumeMounts?.some(({ mountPath }) => mountPath === MOUNT_PATH)) continue;
    (container.volumeMounts ??= []).push({ ...mount });
    needed = true;
  }
  if (needed && !known) (pod.spec.volumes ??= []).push(tokenVolume(volumeName) as Draft<Volume>);
}

function tokenVolume(name: string): Volume {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: "token" } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        {
          downwardAPI: {
            items: [{ path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } }],
          },
        },
      ],
      defaultMode: 0o644,
    },
  };
}
