import type { Kind, KubeObject, LabelSelector } from "../../api/index.ts";
import type { Cluster } from "../../cluster/cluster.ts";

/** The kinds that the controller reads, as far as it does (gateway-api apis/v1, nginx-gateway-fabric apis/v1alpha2). */

export const API = "gateway.networking.k8s.io";
export const NGINX = "gateway.nginx.org";

export interface Condition {
  readonly type: string;
  readonly status: "True" | "False" | "Unknown";
  readonly reason: string;
  readonly message: string;
}

export interface StatusCondition extends Condition {
  readonly lastTransitionTime: string;
  readonly observedGeneration?: number;
}

export interface ParametersRef {
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface GatewayClass extends KubeObject {
  readonly spec: { readonly controllerName: string; readonly parametersRef?: ParametersRef };
  readonly status?: { readonly conditions?: readonly StatusCondition[] };
}

export interface RouteKind {
  readonly group?: string;
  readonly kind: string;
}

export interface ObjectRef {
  readonly group?: string;
  readonly kind?: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface Listener {
  readonly name: string;
  readonly port: number;
  readonly protocol: string;
  readonly hostname?: string;
  readonly tls?: {
    readonly mode?: string;
    readonly certificateRefs?: readonly ObjectRef[];
    readonly options?: Readonly<Record<string, string>>;
  };
  readonly allowedRoutes?: {
    readonly kinds?: readonly RouteKind[];
    readonly namespaces?: { readonly from?: "All" | "Same" | "Selector"; readonly selector?: LabelSelector };
  };
}

export interface Address {
  readonly type?: string;
  readonly value?: string;
}

export interface Gateway extends KubeObject {
  readonly spec: {
    readonly gatewayClassName: string;
    readonly listeners: readonly Listener[];
    readonly addresses?: readonly Address[];
    readonly infrastructure?: {
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
      readonly parametersRef?: ParametersRef;
    };
  };
  readonly status?: {
    readonly addresses?: readonly Address[];
    readonly conditions?: readonly StatusCondition[];
    readonly listeners?: readonly unknown[];
  };
}

export interface ParentReference extends ObjectRef {
  readonly sectionName?: string;
  readonly port?: number;
}

export interface ValueMatch {
  readonly name: string;
  readonly value: string;
  readonly type?: string;
}

export interface RouteMatch {
  readonly path?: { readonly type?: string; readonly value?: string };
  readonly method?: string;
  readonly headers?: readonly ValueMatch[];
  readonly queryParams?: readonly ValueMatch[];
}

export interface HeaderValue {
  readonly name: string;
  readonly value: string;
}

export interface HeaderChanges {
  readonly set?: readonly HeaderValue[];
  readonly add?: readonly HeaderValue[];
  readonly remove?: readonly string[];
}

export interface PathChange {
  readonly type: "ReplaceFullPath" | "ReplacePrefixMatch";
  readonly replaceFullPath?: string;
  readonly replacePrefixMatch?: string;
}

export interface Redirect {
  readonly scheme?: string;
  readonly hostname?: string;
  readonly path?: PathChange;
  readonly port?: number;
  readonly statusCode?: number;
}

export interface Filter {
  readonly type: string;
  readonly requestHeaderModifier?: HeaderChanges;
  readonly responseHeaderModifier?: HeaderChanges;
  readonly requestRedirect?: Redirect;
  readonly urlRewrite?: { readonly hostname?: string; readonly path?: PathChange };
  readonly requestMirror?: Mirror;
  readonly extensionRef?: { readonly group: string; readonly kind: string; readonly name: string };
}

export interface Mirror {
  readonly backendRef: ObjectRef & { readonly port?: number };
  readonly percent?: number;
  readonly fraction?: { readonly numerator: number; readonly denominator?: number };
}

export interface BackendRef extends ObjectRef {
  readonly port?: number;
  readonly weight?: number;
  readonly filters?: readonly Filter[];
}

/** `timeouts` have no effect, and release 2.0 says no word of them: the condition UnsupportedField came with 2.1. */
export interface RouteRule {
  readonly matches?: readonly RouteMatch[];
  readonly filters?: readonly Filter[];
  readonly backendRefs?: readonly BackendRef[];
}

export interface RouteParentStatus {
  readonly controllerName: string;
  readonly parentRef: ParentReference;
  readonly conditions: readonly StatusCondition[];
}

export interface HttpRoute extends KubeObject {
  readonly spec: {
    readonly parentRefs?: readonly ParentReference[];
    readonly hostnames?: readonly string[];
    readonly rules?: readonly RouteRule[];
  };
  readonly status?: { readonly parents?: readonly RouteParentStatus[] };
}

export interface ReferenceGrant extends KubeObject {
  readonly spec: {
    readonly from: readonly { readonly group: string; readonly kind: string; readonly namespace: string }[];
    readonly to: readonly { readonly group: string; readonly kind: string; readonly name?: string }[];
  };
}

export interface NginxProxy extends KubeObject {
  readonly spec: {
    readonly ipFamily?: "dual" | "ipv4" | "ipv6";
    readonly disableHTTP2?: boolean;
    readonly logging?: { readonly errorLevel?: string };
    readonly kubernetes?: {
      readonly deployment?: {
        readonly replicas?: number;
        readonly container?: {
          readonly image?: { readonly repository?: string; readonly tag?: string; readonly pullPolicy?: string };
          readonly resources?: object;
        };
        readonly pod?: { readonly nodeSelector?: object; readonly tolerations?: readonly object[] };
      };
      readonly service?: {
        readonly type?: string;
        readonly externalTrafficPolicy?: string;
        readonly loadBalancerIP?: string;
        readonly loadBalancerClass?: string;
        readonly loadBalancerSourceRanges?: readonly string[];
        readonly nodePorts?: readonly { readonly port: number; readonly listenerPort: number }[];
      };
    };
  };
}

const VERSIONS: Readonly<Record<string, readonly [group: string, version: string]>> = {
  gatewayclasses: [API, "v1"],
  gateways: [API, "v1"],
  httproutes: [API, "v1"],
  grpcroutes: [API, "v1"],
  referencegrants: [API, "v1beta1"],
  nginxproxies: [NGINX, "v1alpha2"],
  clientsettingspolicies: [NGINX, "v1alpha1"],
  observabilitypolicies: [NGINX, "v1alpha2"],
  upstreamsettingspolicies: [NGINX, "v1alpha1"],
};

/** A kind that a CustomResourceDefinition has brought; undefined while there is none. */
export function customKind<T extends KubeObject>({ api }: Cluster, plural: string): Kind<T> | undefined {
  const [group, version] = VERSIONS[plural]!;
  return api.registry.find(group, version, plural) as unknown as Kind<T> | undefined;
}

/** Its objects, as they are stored: the versions differ in their names only. */
export function customObjects<T extends KubeObject>(cluster: Cluster, plural: string): readonly T[] {
  const { store, registry } = cluster.api;
  const kind = customKind(cluster, plural);
  return kind ? (store.list(registry.stored(kind)) as unknown as readonly T[]) : [];
}

export function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
