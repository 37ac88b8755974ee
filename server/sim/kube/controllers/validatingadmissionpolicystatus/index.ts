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

const POLICIES = validatingAdmissionPolicies as unknown as Kind<ValidatingAdmissionPolicy>;

/**
 * Says of every policy that it has been looked at (pkg/controller/validatingadmissionpolicystatus). The real one also
 * warns of expressions that do not fit the types of what is matched; here those show when they are evaluated.
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
    this.#client.updateStatus(POLICIES, { ...policy, status: { observedGeneration, typeChecking: {} } });
  }
}
