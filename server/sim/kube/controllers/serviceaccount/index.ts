import { MILLISECOND } from "../../../kernel/index.ts";
import { isStatus, objectKey, watching, type Client, type ControllerLoop } from "../../api/index.ts";
import { namespaces, serviceAccounts } from "../../kinds/index.ts";
import type { ControllerContext } from "../context.ts";
import { isNamespaceTerminating } from "../pod-control.ts";

const NAME = "default";

/** Every namespace has an account `default` (pkg/controller/serviceaccount). */
export class ServiceAccountController {
  readonly loop: ControllerLoop;
  readonly #client: Client;

  constructor(context: ControllerContext) {
    this.#client = context.client("service-account-controller");
    this.loop = context.loop("serviceaccount-controller", this.#client, {
      name: "serviceaccount",
      watches: [
        watching(namespaces, ({ type, object }) => (type === "DELETED" ? [] : [objectKey(object)])),
        watching(serviceAccounts, ({ type, object: { metadata } }) =>
          type === "DELETED" && metadata.name === NAME ? [metadata.namespace!] : [],
        ),
      ],
      reconcile: (namespace) => this.#sync(namespace),
      delay: 2 * MILLISECOND,
    });
  }

  #sync(name: string): void {
    const namespace = this.#client.get(namespaces, "", name);
    if (namespace?.status.phase !== "Active" || this.#client.get(serviceAccounts, name, NAME)) return;
    try {
      this.#client.create(serviceAccounts, { metadata: { namespace: name, name: NAME } });
    } catch (error) {
      if (!isNamespaceTerminating(error) && !isStatus(error, "AlreadyExists")) throw error;
    }
  }
}
