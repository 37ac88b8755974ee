/** A picture of a session's world: what is where, at a glance. Objects are named `namespace/name`. */
import { z } from "zod";

/** A command that shows the object, as somebody types it at the lab's terminal. */
const see = z.string();

const Link = z.strictObject({
  name: z.string(),
  /** As `ip -d link` calls it: `bridge`, `veth`, `vlan`; cards are `card`. */
  kind: z.string(),
  up: z.boolean(),
  /** `10.244.1.1/24` */
  addresses: z.array(z.string()),
  /** What it is connected with, in words: `Pod shop/cart`, `eth0 in netns red`, `network office`, `port of cni0`. */
  to: z.string(),
  /** The link at the other end of a veth, or below a VLAN: `machine/namespace/link` as here; of a Pod's, `pod:namespace/name`. */
  peer: z.string().nullable(),
  /** The bridge (by name) that it is a port of. */
  master: z.string().nullable(),
  /** The network between machines that it is plugged into. */
  network: z.string().nullable(),
  see,
});

/** A network namespace that is no Pod's: a machine's own (`name` is empty), one of `ip netns`, or a container's. */
const Space = z.strictObject({
  name: z.string(),
  links: z.array(Link),
  /** As `ip route` prints them, of IPv4. */
  routes: z.array(z.string()),
  /** Whether it forwards packets between its links. */
  forwards: z.boolean(),
  see,
});

const Machine = z.strictObject({
  name: z.string(),
  /** `node` of the cluster, `host` that one may log in to, `device` that one may not (a router, the Internet). */
  kind: z.enum(["node", "host", "device"]),
  /** Of nodes: `Ready`, `NotReady`, `Ready,SchedulingDisabled`. */
  status: z.string().nullable(),
  spaces: z.array(Space),
  see,
});

const Pod = z.strictObject({
  id: z.string(),
  /** Null: it is on none yet. */
  node: z.string().nullable(),
  /** As kubectl's STATUS: `Running`, `CrashLoopBackOff`. */
  status: z.string(),
  /** All of its containers are ready. */
  ready: z.boolean(),
  ip: z.string().nullable(),
  /** It has its node's network. */
  onHost: z.boolean(),
  see,
});

const Service = z.strictObject({
  id: z.string(),
  type: z.string(),
  /** Its cluster IP, `None`, or the name that it is an alias of. */
  address: z.string(),
  /** Addresses for the outside. */
  outside: z.array(z.string()),
  /** `80→8080/TCP`, with a node port behind `:`. */
  ports: z.array(z.string()),
  endpoints: z.array(z.strictObject({ pod: z.string().nullable(), address: z.string(), ready: z.boolean() })),
  see,
});

const Rules = z.array(z.strictObject({ words: z.string(), pods: z.array(z.string()) }));

const Policy = z.strictObject({
  id: z.string(),
  /** Pods that it selects. */
  selects: z.array(z.string()),
  /** What may come in to them, and go out; null if it says nothing about that. */
  ingress: Rules.nullable(),
  egress: Rules.nullable(),
  see,
});

/** A way in from outside: an Ingress, or an HTTPRoute of a Gateway. */
const Way = z.strictObject({
  id: z.string(),
  kind: z.enum(["Ingress", "HTTPRoute"]),
  /** `class nginx`, `Gateway shop/edge` */
  by: z.string(),
  addresses: z.array(z.string()),
  rules: z.array(
    z.strictObject({
      /** `shop.example/cart` */
      match: z.string(),
      service: z.string().nullable(),
      port: z.string(),
    }),
  ),
  see,
});

export const Topology = z.strictObject({
  machines: z.array(Machine),
  /** Networks between machines, with who is plugged in: `node01 eth0`. */
  networks: z.array(z.strictObject({ name: z.string(), cards: z.array(z.string()) })),
  /** Null: a world without Kubernetes. */
  cluster: z
    .strictObject({
      pods: z.array(Pod),
      services: z.array(Service),
      policies: z.array(Policy),
      ways: z.array(Way),
    })
    .nullable(),
  /** What the picture leaves out because there is too much of it: `120 Pods`. */
  left: z.array(z.string()),
});
export type Topology = z.infer<typeof Topology>;
