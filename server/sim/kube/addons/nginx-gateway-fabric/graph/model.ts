import type { Service } from "../../../api/index.ts";
import type {
  Condition,
  Gateway,
  GatewayClass,
  HttpRoute,
  Listener,
  NginxProxy,
  RouteKind,
  RouteRule,
} from "../kinds.ts";

/** What the controller has made of the cluster's objects (internal/controller/state/graph). Built anew with every change. */
export interface Graph {
  readonly gatewayClass: { readonly source: GatewayClass; readonly conditions: readonly Condition[] } | undefined;
  /** Other classes that name this controller. */
  readonly ignoredClasses: readonly GatewayClass[];
  readonly gateways: readonly GraphGateway[];
  readonly routes: readonly GraphRoute[];
}

export interface GraphGateway {
  readonly source: Gateway;
  readonly key: string;
  readonly valid: boolean;
  readonly conditions: readonly Condition[];
  readonly listeners: readonly GraphListener[];
  readonly proxy: NginxProxy["spec"];
}

export interface GraphListener {
  readonly source: Listener;
  readonly supportedKinds: readonly RouteKind[];
  conditions: Condition[];
  valid: boolean;
  /** Routes may attach to it, even if it is not valid. */
  attachable: boolean;
  /** The certificate with its key: the Secret's `namespace_name` and its PEM text. */
  keyPair: { readonly id: string; readonly pem: string } | undefined;
  readonly routes: GraphRoute[];
}

export interface GraphRoute {
  readonly source: HttpRoute;
  readonly key: string;
  readonly parents: ParentRef[];
  readonly rules: readonly GraphRule[];
  conditions: Condition[];
  valid: boolean;
}

export interface ParentRef {
  /** Of the parentRef in the route; one without a section stands for all listeners. */
  readonly index: number;
  readonly gateway: GraphGateway;
  readonly sectionName: string | undefined;
  readonly port: number | undefined;
  attached: boolean;
  failed: Condition[];
  /** Hostnames that the listener serves of the route, by the listener's name. */
  readonly hostnames: Map<string, readonly string[]>;
}

export interface GraphRule {
  readonly source: RouteRule;
  readonly valid: boolean;
  backends: readonly Backend[];
  mirrors: readonly GraphMirror[];
}

/** A Service that gets a copy of a rule's requests. */
export interface GraphMirror {
  /** The location that passes them on. */
  readonly path: string;
  /** How many of a hundred. */
  readonly percent: number;
  readonly backend: Backend;
}

export interface Backend {
  readonly weight: number;
  /** The upstream's name; undefined if the reference is not valid. */
  readonly upstream: string | undefined;
  readonly service?: Service;
  readonly port?: number;
}

/** A hostname that matches all: nginx' expression for it. */
export const ANY_HOSTNAME = "~^";
