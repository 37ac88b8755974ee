import { choice, crd, fields, flag, list, SELECTOR, text, whole, type CrdVersion, type Schema } from "./crd.ts";
import type { Written } from "./objects.ts";

const GROUP = "metallb.io";
const ANNOTATIONS = { "controller-gen.kubebuilder.io/version": "v0.16.3" };

const NODES = { nodeSelectors: list(SELECTOR) };
const POOLS = { ipAddressPoolSelectors: list(SELECTOR), ipAddressPools: list(text()) };

function define(kind: string, plural: string, versions: readonly CrdVersion[]): Written {
  return crd({ group: GROUP, kind, plural, annotations: ANNOTATIONS, versions });
}

function beta(name: string, spec: Schema, columns?: readonly string[], required = false): CrdVersion {
  const schema = { [required ? "spec!" : "spec"]: spec, status: { type: "object" } };
  return { name, schema, age: false, ...(columns ? { columns } : {}) };
}

const PEER_COLUMNS = [
  "Address string .spec.peerAddress",
  "ASN string .spec.peerASN",
  "BFD_Profile string .spec.bfdProfile",
  "Multi_Hops string .spec.ebgpMultiHop",
];
const PEER = {
  bfdProfile: text(),
  ebgpMultiHop: flag(),
  holdTime: text(),
  keepaliveTime: text(),
  "myASN!": whole("int32", 0),
  password: text(),
  peerASN: whole("int32", 0),
  peerAddress: text(),
  peerPort: { ...whole("int32", 0, 16_384), default: 179 },
  routerID: text(),
  sourceAddress: text(),
};

/** The kinds of metallb.io. */
export const METALLB_DEFINITIONS: readonly Written[] = [
  define("BFDProfile", "bfdprofiles", [
    beta(
      "v1beta1",
      fields({
        detectMultiplier: whole("int32", 2, 255),
        echoInterval: whole("int32", 10, 60_000),
        echoMode: flag(),
        minimumTtl: whole("int32", 1, 254),
        passiveMode: flag(),
        receiveInterval: whole("int32", 10, 60_000),
        transmitInterval: whole("int32", 10, 60_000),
      }),
      [
        "Passive_Mode boolean .spec.passiveMode",
        "Transmit_Interval integer .spec.transmitInterval",
        "Receive_Interval integer .spec.receiveInterval",
        "Multiplier integer .spec.detectMultiplier",
      ],
    ),
  ]),
  define("BGPAdvertisement", "bgpadvertisements", [
    beta(
      "v1beta1",
      fields({
        aggregationLength: { ...whole("int32", 1), default: 32 },
        aggregationLengthV6: { ...whole("int32"), default: 128 },
        communities: list(text()),
        ...POOLS,
        localPref: whole("int32"),
        ...NODES,
        peers: list(text()),
      }),
      [
        "IPAddressPools string .spec.ipAddressPools",
        "IPAddressPool_Selectors string .spec.ipAddressPoolSelectors",
        "Peers string .spec.peers",
        "Node_Selectors string .spec.nodeSelectors 10",
      ],
    ),
  ]),
  define("BGPPeer", "bgppeers", [
    {
      ...beta(
        "v1beta1",
        fields({ ...PEER, nodeSelectors: list({ type: "object", "x-kubernetes-preserve-unknown-fields": true }) }),
        PEER_COLUMNS,
      ),
      storage: false,
      deprecated: "v1beta1 is deprecated, please use v1beta2",
    },
    beta(
      "v1beta2",
      fields({
        ...PEER,
        connectTime: text(),
        disableMP: { ...flag(), default: false },
        dualStackAddressFamily: { ...flag(), default: false },
        dynamicASN: choice("internal", "external"),
        enableGracefulRestart: flag(),
        interface: text(),
        ...NODES,
        passwordSecret: fields({ name: text(), namespace: text() }, { "x-kubernetes-map-type": "atomic" }),
        vrf: text(),
      }),
      PEER_COLUMNS,
    ),
  ]),
  define("Community", "communities", [
    beta("v1beta1", fields({ communities: list(fields({ name: text(), value: text() })) })),
  ]),
  define("IPAddressPool", "ipaddresspools", [
    beta(
      "v1beta1",
      fields({
        "addresses!": list(text()),
        autoAssign: { ...flag(), default: true },
        avoidBuggyIPs: { ...flag(), default: false },
        serviceAllocation: fields({
          namespaceSelectors: list(SELECTOR),
          namespaces: list(text()),
          priority: { type: "integer" },
          serviceSelectors: list(SELECTOR),
        }),
      }),
      [
        "Auto_Assign boolean .spec.autoAssign",
        "Avoid_Buggy_IPs boolean .spec.avoidBuggyIPs",
        "Addresses string .spec.addresses",
      ],
      true,
    ),
  ]),
  define("L2Advertisement", "l2advertisements", [
    beta("v1beta1", fields({ interfaces: list(text()), ...POOLS, ...NODES }), [
      "IPAddressPools string .spec.ipAddressPools",
      "IPAddressPool_Selectors string .spec.ipAddressPoolSelectors",
      "Interfaces string .spec.interfaces",
      "Node_Selectors string .spec.nodeSelectors 10",
    ]),
  ]),
  define("ServiceBGPStatus", "servicebgpstatuses", [
    {
      ...beta("v1beta1", { type: "object" }, [
        "Node string .status.node",
        "Service_Name string .status.serviceName",
        "Service_Namespace string .status.serviceNamespace",
      ]),
      schema: {
        spec: { type: "object" },
        status: fields({ node: text(), peers: list(text()), serviceName: text(), serviceNamespace: text() }),
      },
    },
  ]),
  define("ServiceL2Status", "servicel2statuses", [
    {
      ...beta("v1beta1", { type: "object" }, [
        "Allocated_Node string .status.node",
        "Service_Name string .status.serviceName",
        "Service_Namespace string .status.serviceNamespace",
      ]),
      schema: {
        spec: { type: "object" },
        status: fields({
          interfaces: list(fields({ name: text() })),
          node: text(),
          serviceName: text(),
          serviceNamespace: text(),
        }),
      },
    },
  ]),
];
