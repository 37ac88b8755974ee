import type { DaemonProcess } from "../../../host/index.ts";
import { ApiLink } from "../../access/link.ts";
import { inClusterConfig } from "../../access/in-cluster.ts";
import { readKubeconfig, type RestConfig } from "../../access/rest-config.ts";
import { Client, resourcePath, type Kind, type KubeObject, type Verb } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";

export type Reached = { readonly cluster: Cluster; readonly client: Client } | { readonly error: string };

/** A process' way to its API server with its own credentials, which are those of its Pod's service account. */
export class ApiSession {
  readonly #link: ApiLink;
  readonly #agent: string;
  readonly #config: () => RestConfig | { readonly error: string };
  #client: Client | undefined;
  #user: string | undefined;

  constructor(self: DaemonProcess, agent: string, kubeconfig = "") {
    this.#agent = agent;
    this.#config = () =>
      kubeconfig === ""
        ? inClusterConfig(self.host, self.env, agent)
        : readKubeconfig(self.host, kubeconfig, agent, self);
    this.#link = new ApiLink(self, this.#config);
  }

  /** Why it cannot even know its API server. */
  get configError(): string | undefined {
    const config = this.#config();
    return "error" in config ? config.error : undefined;
  }

  get server(): string {
    return this.#link.server ?? "";
  }

  get open(): boolean {
    return this.#link.open;
  }

  reach(): Reached {
    const found = this.#link.find();
    if ("error" in found) return found;
    const { cluster, user } = found;
    const key = `${cluster.name} ${JSON.stringify(user)}`;
    if (this.#user !== key || !this.#client)
      this.#client = new Client(cluster.api, { user, userAgent: this.#agent, reachable: () => this.open });
    this.#user = key;
    return { cluster, client: this.#client };
  }

  /** Why the server will not give a list or an object, in client-go's words; undefined if it does. */
  refusal<T extends KubeObject>(verb: Verb, kind: Kind<T>, namespace = "", name = ""): string | undefined {
    const reached = this.reach();
    if (!("error" in reached)) return reached.client.refusal(verb, kind, namespace, name);
    if (reached.error === "Unauthorized") return reached.error;
    const { group, version, plural: resource } = kind;
    return `Get "${this.server}${resourcePath({ group, version, resource, namespace, name, subresource: "" })}": ${reached.error}`;
  }
}
