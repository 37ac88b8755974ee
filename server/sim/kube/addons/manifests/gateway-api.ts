import { check, choice, crd, fields, list, map, SELECTOR, text, type CrdVersion, type Schema } from "./crd.ts";
import {
  CONDITIONS, CONTROLLER_NAME, EXTENSION, GROUP, HOSTNAME, KIND, NAME, NAMESPACE, PORT, PRECISE_HOSTNAME, reference, waiting,
} from "./gateway-fields.ts"; // prettier-ignore
import { GRPC_ROUTE, HTTP_ROUTE, REFERENCE_GRANT } from "./gateway-routes.ts";
import { manifestText, type Written } from "./objects.ts";

const API = "gateway.networking.k8s.io";

/** standard-install.yaml of the Gateway API's releases v1.3. */
export function gatewayApiYaml(version: string): string {
  return manifestText(gatewayApiObjects(version));
}

export function gatewayApiObjects(version: string): readonly Written[] {
  const annotations = {
    "api-approved.kubernetes.io": "https://github.com/kubernetes-sigs/gateway-api/pull/3328",
    "gateway.networking.k8s.io/bundle-version": version,
    "gateway.networking.k8s.io/channel": "standard",
  };
  const common = { group: API, categories: ["gateway-api"], annotations };
  return [
    crd({
      ...common,
      kind: "GatewayClass",
      plural: "gatewayclasses",
      shortNames: ["gc"],
      cluster: true,
      versions: both(gatewayClass),
    }),
    crd({ ...common, kind: "Gateway", plural: "gateways", shortNames: ["gtw"], versions: both(gateway) }),
    crd({ ...common, kind: "GRPCRoute", plural: "grpcroutes", versions: GRPC_ROUTE }),
    crd({ ...common, kind: "HTTPRoute", plural: "httproutes", versions: HTTP_ROUTE }),
    crd({
      ...common,
      kind: "ReferenceGrant",
      plural: "referencegrants",
      shortNames: ["refgrant"],
      versions: REFERENCE_GRANT,
    }),
  ];
}

function both(version: (name: string) => CrdVersion): readonly CrdVersion[] {
  return [version("v1"), { ...version("v1beta1"), storage: false }];
}

const ACCEPTED = 'Accepted string .status.conditions[?(@.type=="Accepted")].status';

function gatewayClass(name: string): CrdVersion {
  const spec = fields({
    "controllerName!": {
      ...CONTROLLER_NAME,
      "x-kubernetes-validations": [check("self == oldSelf", "Value is immutable")],
    },
    description: text({ maxLength: 64 }),
    parametersRef: fields({ "group!": GROUP, "kind!": KIND, "name!": NAME, namespace: NAMESPACE }),
  });
  const status = fields(
    { conditions: { ...CONDITIONS, default: waiting("Accepted")["conditions"] } },
    { default: waiting("Accepted") },
  );
  return {
    name,
    schema: { "spec!": spec, status },
    columns: [
      "Controller string .spec.controllerName",
      ACCEPTED,
      "Age date .metadata.creationTimestamp",
      "Description string .spec.description 1",
    ],
    age: false,
  };
}

const TLS = fields(
  {
    certificateRefs: list(reference("", "Secret"), { maxItems: 64 }),
    mode: { ...choice("Terminate", "Passthrough"), default: "Terminate" },
    options: map(text({ maxLength: 4096, minLength: 0 }), { maxProperties: 16 }),
  },
  {
    "x-kubernetes-validations": [
      check(
        "self.mode == 'Terminate' ? size(self.certificateRefs) > 0 || size(self.options) > 0 : true",
        "certificateRefs or options must be specified when mode is Terminate",
      ),
    ],
  },
);

const ROUTE_KIND = fields({ group: { ...GROUP, default: API }, "kind!": KIND });

const LISTENER = fields({
  allowedRoutes: fields(
    {
      kinds: list(ROUTE_KIND, { maxItems: 8 }),
      namespaces: fields(
        { from: { ...choice("All", "Selector", "Same"), default: "Same" }, selector: SELECTOR },
        { default: { from: "Same" } },
      ),
    },
    { default: { namespaces: { from: "Same" } } },
  ),
  hostname: HOSTNAME,
  "name!": PRECISE_HOSTNAME,
  "port!": PORT,
  "protocol!": text({
    maxLength: 255,
    minLength: 1,
    pattern: String.raw`^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$|[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/[A-Za-z0-9]+$`,
  }),
  tls: TLS,
});

const LISTENERS = list(LISTENER, {
  maxItems: 64,
  minItems: 1,
  "x-kubernetes-list-map-keys": ["name"],
  "x-kubernetes-list-type": "map",
  "x-kubernetes-validations": [
    check(
      "self.all(l, l.protocol in ['HTTP', 'TCP', 'UDP'] ? !has(l.tls) : true)",
      "tls must not be specified for protocols ['HTTP', 'TCP', 'UDP']",
    ),
    check(
      "self.all(l, (l.protocol == 'HTTPS' && has(l.tls)) ? (l.tls.mode == '' || l.tls.mode == 'Terminate') : true)",
      "tls mode must be Terminate for protocol HTTPS",
    ),
    check(
      "self.all(l, l.protocol in ['TCP', 'UDP'] ? (!has(l.hostname) || l.hostname == '') : true)",
      "hostname must not be specified for protocols ['TCP', 'UDP']",
    ),
    check("self.all(l1, self.exists_one(l2, l1.name == l2.name))", "Listener name must be unique within the Gateway"),
    check(
      "self.all(l1, self.exists_one(l2, l1.port == l2.port && l1.protocol == l2.protocol && (has(l1.hostname) && has(l2.hostname) ? l1.hostname == l2.hostname : !has(l1.hostname) && !has(l2.hostname))))",
      "Combination of port, protocol and hostname must be unique for each listener",
    ),
  ],
});

const ADDRESS = (value: string): Schema =>
  fields({
    type: text({ default: "IPAddress", maxLength: 253, minLength: 1 }),
    [value]: text({ maxLength: 253, minLength: 1 }),
  });

function gateway(name: string): CrdVersion {
  const spec = fields({
    addresses: list(ADDRESS("value"), { maxItems: 16 }),
    "gatewayClassName!": NAME,
    infrastructure: fields({
      annotations: map(text({ maxLength: 4096, minLength: 0 }), { maxProperties: 8 }),
      labels: map(text({ maxLength: 63, minLength: 0 }), { maxProperties: 8 }),
      parametersRef: EXTENSION,
    }),
    "listeners!": LISTENERS,
  });
  const unknown = waiting("Accepted", "Programmed");
  const listener = fields({
    "attachedRoutes!": { format: "int32", type: "integer" },
    "conditions!": CONDITIONS,
    "name!": PRECISE_HOSTNAME,
    "supportedKinds!": list(ROUTE_KIND, { maxItems: 8 }),
  });
  const status = fields(
    {
      addresses: list(ADDRESS("value!"), { maxItems: 16 }),
      conditions: { ...CONDITIONS, default: unknown["conditions"] },
      listeners: list(listener, {
        maxItems: 64,
        "x-kubernetes-list-map-keys": ["name"],
        "x-kubernetes-list-type": "map",
      }),
    },
    { default: unknown },
  );
  return {
    name,
    schema: { "spec!": spec, status },
    columns: [
      "Class string .spec.gatewayClassName",
      "Address string .status.addresses[*].value",
      'Programmed string .status.conditions[?(@.type=="Programmed")].status',
    ],
  };
}
