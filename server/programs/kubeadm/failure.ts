/** Why a command of kubeadm could not do its work, in its words. */
export class KubeadmError extends Error {}

/** Something that the real kubeadm would do now, and ours cannot. */
export class NotSimulated extends Error {}
