import { invalid, names, notSupported, type FieldErrors, type PodSpec, type SecurityContext } from "../../api/index.ts";

const MAX_ID = 2 ** 31 - 1;

function validateId(id: number | undefined, path: string): FieldErrors {
  return id !== undefined && (id < 0 || id > MAX_ID) ? [invalid(path, id, names.range(0, MAX_ID))] : [];
}

/** pkg/apis/core/validation validatePodSpecSecurityContext, as far as it concerns what is simulated. */
export function validatePodSecurity(
  { securityContext, hostPID, shareProcessNamespace }: PodSpec,
  path: string,
): FieldErrors {
  const { fsGroup, runAsUser, runAsGroup, supplementalGroups = [] } = securityContext!;
  const found: FieldErrors = [
    ...validateId(fsGroup, `${path}.fsGroup`),
    ...validateId(runAsUser, `${path}.runAsUser`),
    ...validateId(runAsGroup, `${path}.runAsGroup`),
    ...supplementalGroups.flatMap((group, index) => validateId(group, `${path}.supplementalGroups[${index}]`)),
  ];
  if (shareProcessNamespace && hostPID)
    found.push(
      invalid(`${path}.shareProcessNamespace`, true, "ShareProcessNamespace and HostPID cannot both be enabled"),
    );
  return found;
}

/** pkg/apis/core/validation ValidateSecurityContext */
export function validateContainerSecurity(
  context: SecurityContext | undefined,
  path: string,
  hostUsers = true,
): FieldErrors {
  if (!context) return [];
  const found: FieldErrors = [
    ...validateProcMount(context.procMount, `${path}.procMount`, hostUsers),
    ...validateId(context.runAsUser, `${path}.runAsUser`),
    ...validateId(context.runAsGroup, `${path}.runAsGroup`),
  ];
  if (context.allowPrivilegeEscalation !== false) return found;
  if (context.privileged)
    found.push(invalid(path, null, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"));
  if (context.capabilities?.add?.some((capability) => capability === "CAP_SYS_ADMIN"))
    found.push(
      invalid(path, null, "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN"),
    );
  return found;
}

/** ValidateProcMountType */
function validateProcMount(type: string | undefined, path: string, hostUsers: boolean): FieldErrors {
  if (type === undefined || type === "Default") return [];
  if (type !== "Unmasked") return [notSupported(path, type, ["Default", "Unmasked"])];
  return hostUsers ? [invalid(path, type, "`hostUsers` must be false to use `Unmasked`")] : [];
}
