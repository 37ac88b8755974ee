import { invalid, required, type CustomResourceDefinition, type FieldErrors } from "../../api/index.ts";

const ANNOTATION = "api-approved.kubernetes.io";
const SEE = "see https://github.com/kubernetes/enhancements/pull/1111";

type Approval = "invalid" | "bypassed" | "approved" | "missing";

/** Whether a group belongs to the community of Kubernetes, so that its APIs must be approved. */
export function isProtectedGroup(group: string): boolean {
  return /(^|\.)(k8s|kubernetes)\.io$/.test(group);
}

/** What the annotation says of a definition, and why (apihelpers GetAPIApprovalState). */
export function approvalOf({ metadata }: CustomResourceDefinition): {
  readonly state: Approval;
  readonly reason: string;
} {
  const text = metadata.annotations?.[ANNOTATION] ?? "";
  if (/^https?:\/\/[^/\s]+/.test(text)) return { state: "approved", reason: `approved in ${text}` };
  if (text.startsWith("unapproved")) return { state: "bypassed", reason: `not approved: ${JSON.stringify(text)}` };
  if (text === "")
    return { state: "missing", reason: `protected groups must have approval annotation "${ANNOTATION}", ${SEE}` };
  return {
    state: "invalid",
    reason: `protected groups must have approval annotation "${ANNOTATION}" with either a URL or a reason starting with "unapproved", ${SEE}`,
  };
}

export function validateApproval(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition | undefined,
): FieldErrors {
  if (!isProtectedGroup(definition.spec.group)) return [];
  const { state, reason } = approvalOf(definition);
  if (old && approvalOf(old).state === state) return [];
  const path = `metadata.annotations[${ANNOTATION}]`;
  if (state === "missing") return [required(path, reason)];
  if (state === "invalid") return [invalid(path, definition.metadata.annotations?.[ANNOTATION], reason)];
  return [];
}
