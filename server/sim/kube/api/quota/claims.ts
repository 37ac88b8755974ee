import type { Quantity } from "../quantity.ts";
import type { KubeObject, QuantityText } from "../types/meta.ts";
import { amountsOf, pieces, type Amounts } from "./amounts.ts";
import type { Evaluator } from "./evaluator.ts";

/** What quotas look at of a PersistentVolumeClaim. */
interface Claim extends KubeObject {
  readonly spec: {
    readonly storageClassName?: string;
    readonly resources?: { readonly requests?: Readonly<Record<string, QuantityText>> };
  };
  readonly status?: { readonly allocatedResources?: Readonly<Record<string, QuantityText>> };
}

const COUNT = "count/persistentvolumeclaims";
const NAMES = ["persistentvolumeclaims", "requests.storage"];
/** Quotas by class: `gold.storageclass.storage.k8s.io/requests.storage`. */
const BY_CLASS = ".storageclass.storage.k8s.io/";
const OLD_CLASS = "volume.beta.kubernetes.io/storage-class";
const NANO = 1_000_000_000n;

/** pkg/quota/v1/evaluator/core/persistent_volume_claims.go */
export const claimEvaluator: Evaluator = {
  matching: (names) =>
    names.filter(
      (name) => name === COUNT || NAMES.includes(name) || NAMES.some((one) => name.endsWith(`${BY_CLASS}${one}`)),
    ),
  handles: (operation, subresource) => (operation === "CREATE" || operation === "UPDATE") && subresource === "",
  usage: (object) => claimUsage(object as Claim),
  inScope: () => false,
  frees: (object, previous) => {
    const [now, before] = [claimUsage(object as Claim), claimUsage(previous as Claim)];
    return (now.get("requests.storage")?.nanos ?? 0n) < (before.get("requests.storage")?.nanos ?? 0n);
  },
};

function claimUsage(claim: Claim): Amounts {
  const usage = new Map<string, Quantity>([
    ["persistentvolumeclaims", pieces(1)],
    [COUNT, pieces(1)],
  ]);
  const storageClass = claim.metadata.annotations?.[OLD_CLASS] ?? claim.spec.storageClassName ?? "";
  if (storageClass !== "") usage.set(`${storageClass}${BY_CLASS}persistentvolumeclaims`, pieces(1));
  const storage = requested(claim);
  if (!storage) return usage;
  usage.set("requests.storage", storage);
  if (storageClass !== "") usage.set(`${storageClass}${BY_CLASS}requests.storage`, storage);
  return usage;
}

/** What is asked for, or still taken, in whole bytes. */
function requested({ spec, status }: Claim): Quantity | undefined {
  const asked = amountsOf(spec.resources?.requests).get("storage");
  const taken = amountsOf(status?.allocatedResources).get("storage");
  const most = asked && taken && taken.nanos > asked.nanos ? taken : asked;
  return most && { nanos: ((most.nanos + NANO - 1n) / NANO) * NANO, format: most.format };
}
