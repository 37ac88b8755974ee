import { referenceTo, type Client, type EventRecorder, type PersistentVolumeClaim } from "../../api/index.ts";
import {
  annotated, BETA_STORAGE_PROVISIONER, classOfClaim, persistentVolumeClaims, storageClasses, STORAGE_PROVISIONER,
} from "../../kinds/index.ts"; // prettier-ignore

/**
 * Asks the provisioner of a claim's class for a volume. All of them are outside: the claim's annotation tells them to begin
 * (pv_controller.go provisionClaim, provisionClaimOperationExternal).
 */
export function provision(client: Client, recorder: EventRecorder, claim: PersistentVolumeClaim): void {
  const tell = (type: "Normal" | "Warning", reason: string, message: string): void =>
    recorder.event(referenceTo(persistentVolumeClaims, claim), type, reason, message);
  const name = classOfClaim(claim);
  const storageClass = client.get(storageClasses, "", name);
  if (!storageClass) return tell("Warning", "ProvisioningFailed", `storageclass.storage.k8s.io "${name}" not found`);
  const { provisioner } = storageClass;
  if (provisioner.startsWith("kubernetes.io/"))
    return tell("Warning", "ProvisioningFailed", `no volume plugin matched name: ${provisioner}`);
  const metadata = annotated(
    annotated(claim.metadata, BETA_STORAGE_PROVISIONER, provisioner),
    STORAGE_PROVISIONER,
    provisioner,
  );
  if (metadata !== claim.metadata) client.update(persistentVolumeClaims, { ...claim, metadata });
  tell(
    "Normal",
    "ExternalProvisioning",
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`,
  );
}
