import { attempt, type DaemonProcess } from "../../../host/index.ts";
import { encode } from "../../../kernel/index.ts";
import type { Client, ConfigMap, EndpointSlice, Ingress, IngressClass, Secret, Service } from "../../api/index.ts";
import { configMaps, endpointSlices, ingressClasses, ingresses, secrets, services } from "../../kinds/index.ts";
import type { Annotations } from "./annotations/annotations.ts";
import { parseAnnotations } from "./annotations/parse.ts";
import { ControllerConfig } from "./config-map.ts";
import { classOf } from "./ingress-class.ts";
import type { ControllerRow } from "./row.ts";

/** An Ingress of this controller with what its annotations say. */
export interface ParsedIngress {
  readonly ingress: Ingress;
  readonly annotations: Annotations;
}

export type Log = (severity: "I" | "W" | "E", source: string, message: string) => void;

/** What the controller knows of its cluster (internal/ingress/controller/store). */
export class Store {
  readonly #self: DaemonProcess;
  readonly #client: Client;
  readonly #row: ControllerRow;
  readonly #log: Log;
  readonly #namespace: string;
  #config: ControllerConfig | undefined;

  constructor(self: DaemonProcess, client: Client, row: ControllerRow, log: Log) {
    this.#self = self;
    this.#client = client;
    this.#row = row;
    this.#log = log;
    this.#namespace = row.options.text["watch-namespace"];
  }

  get config(): ControllerConfig {
    return (this.#config ??= new ControllerConfig(this.configMap?.data ?? {}));
  }

  get configMap(): ConfigMap | undefined {
    const [namespace, name] = this.#row.options.text.configmap.split("/") as [string, string?];
    return name === undefined ? undefined : this.#client.get(configMaps, namespace, name);
  }

  service(key: string): Service | undefined {
    const [namespace, name] = key.split("/") as [string, string];
    return this.#sees(namespace) ? this.#client.get(services, namespace, name) : undefined;
  }

  slices({ metadata: { namespace = "", name } }: Service): readonly EndpointSlice[] {
    return this.#client.selected(endpointSlices, namespace, [
      { key: "kubernetes.io/service-name", operator: "=", values: [name] },
    ]);
  }

  secret(namespace: string, name: string): Secret | undefined {
    return this.#sees(namespace) || `${namespace}/${name}` === this.#row.options.text["default-ssl-certificate"]
      ? this.#client.get(secrets, namespace, name)
      : undefined;
  }

  /** Data of a Secret, decoded. */
  secretData(namespace: string, name: string): { uid: string; data: Record<string, string> } | undefined {
    const found = this.secret(namespace, name);
    if (!found) return undefined;
    const data = Object.entries(found.data ?? {}).map(([key, text]) => [key, Buffer.from(text, "base64").toString("latin1")]); // prettier-ignore
    return { uid: found.metadata.uid, data: Object.fromEntries(data) as Record<string, string> };
  }

  /** Under which class an Ingress is served, or why it is not. */
  classOf(ingress: Ingress): { readonly name: string } | { readonly error: string } {
    const allowed = !(this.#row.refused ?? []).includes("ingressclasses");
    const find = (name: string): IngressClass | undefined => this.#client.get(ingressClasses, "", name);
    return classOf(ingress, this.#row.options, find, allowed);
  }

  /** Those that are served, oldest first, then by name. */
  ingresses(): readonly ParsedIngress[] {
    const parsed = this.#client
      .list(ingresses, this.#namespace)
      .filter((ingress) => ingress.metadata.deletionTimestamp === undefined && "name" in this.classOf(ingress))
      .flatMap((ingress) => this.parse(ingress) ?? []);
    return parsed.toSorted(({ ingress: { metadata: a } }, { ingress: { metadata: b } }) => {
      if (a.creationTimestamp !== b.creationTimestamp) return a.creationTimestamp < b.creationTimestamp ? -1 : 1;
      return `${a.namespace}/${a.name}` < `${b.namespace}/${b.name}` ? -1 : 1;
    });
  }

  /** Undefined if its annotations make it be ignored. */
  parse(ingress: Ingress): ParsedIngress | undefined {
    const found = this.extract(ingress);
    if ("annotations" in found) return { ingress, annotations: found.annotations };
    const { namespace = "", name } = ingress.metadata;
    this.#log(
      "W",
      "validators.go:243",
      `validation error on ingress ${namespace}/${name}: annotation ${found.name} contains invalid value ${found.value}`,
    );
    this.#log("E", "annotations.go:191", `"ingress contains invalid annotation value" err="${found.error}"`);
    return undefined;
  }

  extract(ingress: Ingress): ReturnType<typeof parseAnnotations> {
    const { text, flags } = this.#row.options;
    const found = parseAnnotations(ingress, {
      prefix: text["annotations-prefix"],
      config: this.config,
      validate: flags["enable-annotation-validation"],
      snippets: this.config.flag("allow-snippet-annotations"),
      secret: (namespace, name) => this.secretData(namespace, name),
      write: (path, bytes) => void attempt(() => this.#self.host.files.write(path, bytes, { mode: 0o644 }, this.#self)),
    });
    if ("unsimulated" in found)
      for (const name of found.unsimulated)
        this.#self.log(
          `drydock: nginx-ingress-controller: annotation ${text["annotations-prefix"]}/${name} of ingress ${ingress.metadata.namespace}/${ingress.metadata.name} is not simulated`,
        );
    if ("annotations" in found && found.annotations.denied !== undefined) {
      const { namespace = "", name } = ingress.metadata;
      this.#log("E", "annotations.go:216", `"error reading Ingress annotation" err=${JSON.stringify(found.annotations.denied)} name="BasicDigestAuth" ingress="${namespace}/${name}"`); // prettier-ignore
    }
    return found;
  }

  write(path: string, text: string): void {
    attempt(() => this.#self.host.files.write(path, encode(text), { mode: 0o644 }, this.#self));
  }

  #sees(namespace: string): boolean {
    return this.#namespace === "" || this.#namespace === namespace;
  }
}
