import type { Ingress, ServicePort } from "../../../api/index.ts";
import type { Backend } from "../../../../images/index.ts";
import type { Annotations } from "../annotations/annotations.ts";
import type { Certificate } from "./certificate.ts";

export type { Backend };

/** A path of a server (pkg/apis/ingress Location). */
export interface Location {
  path: string;
  pathType: string;
  /** Name of its backend. */
  backend: string;
  /** Nobody asked for it: the default backend answers. */
  isDefault: boolean;
  ingress: Ingress | undefined;
  annotations: Annotations;
  /** As the Ingress has it, where it was changed. */
  ingressPath: string;
  /** Where errors go that `custom-http-errors` names. */
  errorBackend: string;
  port: ServicePort | undefined;
}

/** A host. */
export interface Server {
  readonly hostname: string;
  aliases: readonly string[];
  locations: Location[];
  certificate: Certificate | undefined;
  redirectFromToWww: boolean;
  sslCiphers: string;
  sslPreferServerCiphers: string;
  snippet: string;
}

export const DEFAULT_BACKEND = "upstream-default-backend";
export const DEFAULT_SERVER = "_";
