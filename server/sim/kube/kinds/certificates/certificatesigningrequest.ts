import { SECOND } from "../../../kernel/index.ts";
import {
  age, AGE, copyJson, humanDuration, NAME, type CertificateSigningRequest, type Column, type Draft, type Kind, type KindContext,
} from "../../api/index.ts"; // prettier-ignore
import { validateRequest, validateRequestUpdate } from "./validation.ts";

const COLUMNS: readonly Column[] = [
  NAME,
  AGE,
  { name: "SignerName" },
  { name: "Requestor" },
  { name: "RequestedDuration" },
  { name: "Condition" },
];

type Request = CertificateSigningRequest;

export const certificateSigningRequests: Kind<Request> = {
  group: "certificates.k8s.io",
  version: "v1",
  kind: "CertificateSigningRequest",
  plural: "certificatesigningrequests",
  singular: "certificatesigningrequest",
  shortNames: ["csr"],
  namespaced: false,
  columns: COLUMNS,
  cells: ({ metadata, spec, status }, now) => [
    metadata.name,
    age(metadata.creationTimestamp, now),
    spec.signerName || "<none>",
    spec.username ?? "",
    spec.expirationSeconds === undefined ? "<none>" : humanDuration(spec.expirationSeconds * SECOND),
    conditionText(status),
  ],
  // "We don't care what you call your certificate requests."
  nameRule: () => [],
  fields: { "spec.signerName": ({ spec }) => spec.signerName },
  prepareCreate(request, { user }) {
    const { name, uid, groups, extra } = user;
    Object.assign(request.spec, { username: name, uid, groups: [...groups], extra: extra && copyJson(extra) });
    request.status = {};
  },
  prepareUpdate(request, old) {
    request.spec = old.spec as Draft<Request["spec"]>;
    request.status = old.status as Draft<Request["status"]>;
  },
  validate: validateRequest,
  validateUpdate: (next, old) => validateRequestUpdate(next, old, ""),
  resetFields: {
    "": [["status"]],
    status: [["spec"], ["status", "conditions"]],
    approval: [["spec"], ["status", "certificate"]],
  },
  subresources: {
    status: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(request, old, context) {
        request.spec = old.spec as Draft<Request["spec"]>;
        keepDecisions(request, old);
        stampConditions(request, old, context);
      },
      validateUpdate: (next, old) => validateRequestUpdate(next, old, "status"),
    },
    approval: {
      type: "part",
      verbs: ["get", "patch", "update"],
      prepareUpdate(request, old, context) {
        stampConditions(request, old, context);
        const { conditions } = request.status;
        request.spec = old.spec as Draft<Request["spec"]>;
        request.status = Object.assign({ ...(old.status as Draft<Request["status"]>) }, { conditions });
      },
      validateUpdate: (next, old) => validateRequestUpdate(next, old, "approval"),
    },
  },
};

/** As printers.go extractCSRStatus. */
function conditionText({ conditions = [], certificate }: Request["status"]): string {
  const has = (type: string): boolean => conditions.some((condition) => condition.type === type);
  const decision = has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending";
  return `${decision}${has("Failed") ? ",Failed" : ""}${certificate ? ",Issued" : ""}`;
}

/** Whoever writes the status need not repeat decisions exactly (preserveConditionInstances). */
function keepDecisions({ status }: Draft<Request>, old: Request): void {
  for (const type of ["Approved", "Denied"]) {
    const kept = old.status.conditions?.filter((condition) => condition.type === type) ?? [];
    const places = (status.conditions ?? []).flatMap((condition, index) => (condition.type === type ? [index] : []));
    if (kept.length !== places.length) continue;
    for (const [at, place] of places.entries()) status.conditions![place] = { ...kept[at]! };
  }
}

function stampConditions({ status }: Draft<Request>, old: Request, { nowText }: KindContext): void {
  for (const condition of status.conditions ?? []) {
    condition.lastUpdateTime ??= nowText;
    const before = old.status.conditions?.find(
      ({ type, status: value }) => type === condition.type && value === condition.status,
    );
    condition.lastTransitionTime ??= before?.lastTransitionTime ?? nowText;
  }
}
