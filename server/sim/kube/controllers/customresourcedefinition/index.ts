import { MILLISECOND, rfc3339, SECOND } from "../../../kernel/index.ts";
import {
  Client, ControllerLoop, isConflict, isNotFound, objectKey, sameJson, watching, type AnyKind, type ApiServer, type CustomResourceDefinition,
  type ObjectChange,
} from "../../api/index.ts"; // prettier-ignore
import {
  approvalOf, CLEANUP_FINALIZER, customResourceDefinitions, findCondition, isConditionTrue, isProtectedGroup, withCondition, type Condition,
} from "../../kinds/index.ts"; // prettier-ignore
import { decideNames } from "./names.ts";

export interface CustomResourceDefinitionOptions {
  readonly api: ApiServer;
  /** Whether kube-apiserver runs. */
  readonly active: () => boolean;
}

/** How often upstream looks whether the objects of a definition that goes are gone. */
const POLL = 5 * SECOND;

const APPROVALS = {
  approved: { status: "True", reason: "ApprovedAnnotation" },
  bypassed: { status: "False", reason: "UnapprovedAnnotation" },
  missing: { status: "False", reason: "MissingAnnotation" },
  invalid: { status: "False", reason: "InvalidAnnotation" },
} as const;

/**
 * What kube-apiserver itself does about CustomResourceDefinitions: it accepts their names, establishes them, and deletes their
 * objects before they go (apiextensions-apiserver pkg/controller/{status,establish,apiapproval,finalizer}).
 */
export class CustomResourceDefinitionController {
  readonly #api: ApiServer;
  readonly #client: Client;
  readonly #loop: ControllerLoop;
  readonly #cleanup: string;

  constructor({ api, active }: CustomResourceDefinitionOptions) {
    this.#api = api;
    this.#client = new Client(api, {
      user: { name: "system:apiserver", groups: ["system:masters", "system:authenticated"] },
      userAgent: "kube-apiserver/v1.33.1 (linux/amd64) kubernetes",
    });
    this.#loop = new ControllerLoop(
      this.#client,
      {
        name: "customresourcedefinition",
        watches: [watching(customResourceDefinitions, (change) => this.#changed(change))],
        reconcile: (name) => this.#sync(name),
        delay: 2 * MILLISECOND,
        backoff: { first: 5 * MILLISECOND, most: 1_000 * SECOND },
      },
      active,
    );
    this.#cleanup = `kube/${api.cluster}/customresource-cleanup`;
    api.kernel.handle(this.#cleanup, (name: string) => this.#loop.queue.add(name));
  }

  start(): void {
    this.#loop.start();
  }

  stop(): void {
    this.#loop.stop();
  }

  /** A definition that goes may leave names to the others of its group. */
  #changed({ type, object, previous }: ObjectChange<CustomResourceDefinition>): readonly string[] {
    const freed =
      type === "DELETED" || (previous && !sameJson(previous.status.acceptedNames, object.status.acceptedNames));
    const others = freed ? this.#others(object).map(objectKey) : [];
    return type === "DELETED" ? others : [objectKey(object), ...others];
  }

  #others({ metadata, spec }: CustomResourceDefinition): readonly CustomResourceDefinition[] {
    return this.#client
      .list(customResourceDefinitions)
      .filter((other) => other.spec.group === spec.group && other.metadata.name !== metadata.name);
  }

  #sync(name: string): void {
    try {
      const definition = this.#client.get(customResourceDefinitions, "", name);
      if (!definition) return;
      const named = this.#acceptNames(this.#judge(definition));
      this.#clean(this.#establish(named));
    } catch (error) {
      // Deleted or changed in the meantime: the change brings it here again.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  #judge(definition: CustomResourceDefinition): CustomResourceDefinition {
    if (!isProtectedGroup(definition.spec.group)) return definition;
    const { state, reason } = approvalOf(definition);
    return this.#write(definition, [
      { type: "KubernetesAPIApprovalPolicyConformant", ...APPROVALS[state], message: reason },
    ]);
  }

  #acceptNames(definition: CustomResourceDefinition): CustomResourceDefinition {
    if (sameJson(definition.spec.names, definition.status.acceptedNames)) return definition;
    const { accepted, namesAccepted, established } = decideNames(definition, this.#others(definition));
    const status = { ...definition.status, acceptedNames: accepted };
    return this.#write({ ...definition, status }, [namesAccepted, established], definition);
  }

  #establish(definition: CustomResourceDefinition): CustomResourceDefinition {
    if (!isConditionTrue(definition, "NamesAccepted") || isConditionTrue(definition, "Established")) return definition;
    const condition = {
      type: "Established",
      status: "True",
      reason: "InitialNamesAccepted",
      message: "the initial names have been accepted",
    } as const;
    return this.#write(definition, [condition]);
  }

  /** Deletes all objects of a definition that goes; lets it go when none is left. */
  #clean(definition: CustomResourceDefinition): void {
    const { deletionTimestamp, finalizers = [] } = definition.metadata;
    if (!deletionTimestamp || !finalizers.includes(CLEANUP_FINALIZER)) return;
    const begun = this.#write(definition, [
      {
        type: "Terminating",
        status: "True",
        reason: "InstanceDeletionInProgress",
        message: "CustomResource deletion is in progress",
      },
    ]);
    const kind = this.#kindOf(begun);
    if (kind && this.#deleteAll(kind) > 0) {
      // Something else holds on to them, and has to change before another look is worth it.
      this.#api.kernel.rest(POLL, this.#cleanup, definition.metadata.name, "kube//objects");
      return;
    }
    const condition: Condition = kind
      ? {
          type: "Terminating",
          status: "False",
          reason: "InstanceDeletionCompleted",
          message: "removed all instances",
        }
      : {
          type: "Terminating",
          status: "False",
          reason: "NeverEstablished",
          message: "resource was never established",
        };
    const last = withCondition(begun, condition, rfc3339(this.#api.kernel.now));
    const rest = finalizers.filter((finalizer) => finalizer !== CLEANUP_FINALIZER);
    this.#client.updateStatus(customResourceDefinitions, {
      ...last,
      metadata: { ...last.metadata, finalizers: rest },
    });
  }

  #kindOf({ spec, status }: CustomResourceDefinition): AnyKind | undefined {
    const { kinds } = this.#api.registry;
    return kinds.find((kind) => kind.group === spec.group && kind.plural === status.acceptedNames.plural);
  }

  /** Returns how many are left. */
  #deleteAll(kind: AnyKind): number {
    const stored = this.#api.registry.stored(kind);
    for (const { metadata } of this.#client.list(stored)) {
      try {
        this.#client.delete(kind, metadata.namespace ?? "", metadata.name);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
    return this.#client.list(stored).length;
  }

  /** The definition with conditions as they are now; written only if that says something new. */
  #write(
    definition: CustomResourceDefinition,
    conditions: readonly Condition[],
    before = definition,
  ): CustomResourceDefinition {
    const now = rfc3339(this.#api.kernel.now);
    const next = conditions
      .filter((condition) => !isSame(definition, condition))
      .reduce((one, condition) => withCondition(one, condition, now), definition);
    return sameJson(next.status, before.status)
      ? definition
      : this.#client.updateStatus(customResourceDefinitions, next);
  }
}

function isSame(definition: CustomResourceDefinition, { type, status, reason, message }: Condition): boolean {
  const old = findCondition(definition, type);
  return old !== undefined && old.status === status && old.reason === reason && old.message === message;
}
