import { MILLISECOND } from "../../../kernel/index.ts";
import {
  watching,
  type Client,
  type ControllerLoop,
  type Kind,
  type ValidatingAdmissionPolicy,
} from "../../api/index.ts";
import { validatingAdmissionPolicies } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";
import { typeWarnings } from "./type-checking.ts";

const POLICIES = validatingAdmissionPolicies as unknown as Kind<ValidatingAdmissionPolicy>;

/**
 * Says of every policy that it has been looked at, and which of its expressions do not fit the types of what is matched
 * (pkg/controller/validatingadmissionpolicystatus).
 */
export class ValidatingAdmissionPolicyStatus {
  readonly loop: ControllerLoop;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#client = context.client("validatingadmissionpolicy-status-controller");
    this.loop = context.loop("validatingadmissionpolicy-status-controller", this.#client, {
      name: "validatingadmissionpolicy-status",
      watches: [watching(POLICIES, ({ type, object }) => (type === "DELETED" ? [] : [object.metadata.name]))],
      reconcile: (name) => this.#sync(name),
      delay: 2 * MILLISECOND,
    });
  }

  #sync(name: string): void {
    const policy = this.#client.get(POLICIES, "", name);
    if (!policy || policy.status?.observedGeneration === policy.metadata.generation) return;
    const { generation: observedGeneration = 1 } = policy.metadata;
    const expressionWarnings = typeWarnings(this.#client.server.registry, policy);
    const typeChecking = expressionWarnings.length > 0 ? { expressionWarnings } : {};
    this.#client.updateStatus(POLICIES, { ...policy, status: { observedGeneration, typeChecking } });
  }
}
