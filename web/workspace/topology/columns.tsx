import type { ReactNode } from "react";
import type { Topology } from "../../../server/sessions/protocol/index.ts";
import { keyOf, shownLinks, type Cluster, type Machine, type Pod, type Service, type Space } from "./picture.ts";
import { Thing } from "./thing.tsx";

/** The picture from left to right as traffic goes: outside, Services, nodes with their Pods. */
export function Columns({ topology }: { readonly topology: Topology }) {
  const { machines, networks, cluster } = topology;
  const nodes = machines.filter(({ kind }) => kind === "node");
  const others = machines.filter(({ kind }) => kind !== "node");
  const waiting = cluster?.pods.filter(({ node }) => node === null) ?? [];
  return (
    <>
      <div className="picture-column">
        {nodes.length > 0 ? <Machines title="Outside" machines={others} /> : null}
        <Group title="Networks" count={networks.length}>
          {networks.map(({ name, cards }) => (
            <Thing
              key={name}
              className="thing-small"
              id={keyOf.network(name)}
              name={name}
              more={cards.length}
              words={`, ${cards.length} cards`}
            />
          ))}
        </Group>
        {cluster ? <Ways ways={cluster.ways} /> : null}
      </div>
      {cluster ? (
        <div className="picture-column">
          <Services services={cluster.services} />
          <Policies policies={cluster.policies} />
        </div>
      ) : null}
      <div className="picture-nodes">
        {(nodes.length > 0 ? nodes : others).map((machine) => (
          <MachineCard
            key={machine.name}
            machine={machine}
            pods={cluster?.pods.filter(({ node }) => node === machine.name) ?? []}
          />
        ))}
        {waiting.length > 0 ? (
          <div className="picture-machine" role="group" aria-label="On no node">
            <h3 className="picture-title">On no node yet</h3>
            <Pods pods={waiting} />
          </div>
        ) : null}
      </div>
    </>
  );
}

function Group({
  title,
  count,
  none,
  children,
}: {
  readonly title: string;
  readonly count: number;
  readonly none?: string;
  readonly children: ReactNode;
}) {
  if (count === 0 && none === undefined) return null;
  return (
    <div role="group" aria-label={title}>
      <h3 className="picture-title">{title}</h3>
      {count === 0 ? <p className="picture-none">{none}</p> : <div className="picture-list">{children}</div>}
    </div>
  );
}

function Machines({ title, machines }: { readonly title: string; readonly machines: readonly Machine[] }) {
  return (
    <Group title={title} count={machines.length}>
      {machines.map(({ name, spaces }) => (
        <Thing key={name} className="thing-small" id={keyOf.machine(name)} name={name} more={firstAddress(spaces[0])} />
      ))}
    </Group>
  );
}

function Ways({ ways }: { readonly ways: Cluster["ways"] }) {
  return (
    <Group title="Ways in" count={ways.length}>
      {ways.map((way) => (
        <Thing key={keyOf.way(way)} id={keyOf.way(way)} name={shortName(way.id)} more={way.kind} />
      ))}
    </Group>
  );
}

function Services({ services }: { readonly services: readonly Service[] }) {
  return (
    <Group title="Services" count={services.length} none="none">
      {services.map((service) => {
        const { words, state } = endpointState(service);
        return (
          <Thing
            key={service.id}
            id={keyOf.service(service.id)}
            name={shortName(service.id)}
            state={state}
            more={
              <>
                {words} · {service.address === "" ? service.type : service.address}
              </>
            }
          />
        );
      })}
    </Group>
  );
}

function endpointState({ type, endpoints }: Service): {
  readonly words: string;
  readonly state: "ok" | "bad" | "wait";
} {
  if (type === "ExternalName") return { words: "another name", state: "ok" };
  const ready = endpoints.filter((endpoint) => endpoint.ready).length;
  if (endpoints.length === 0) return { words: "no endpoints", state: "bad" };
  const words = ready === endpoints.length ? `${ready} ready` : `${ready} of ${endpoints.length} ready`;
  return { words, state: ready === 0 ? "bad" : ready < endpoints.length ? "wait" : "ok" };
}

function Policies({ policies }: { readonly policies: Cluster["policies"] }) {
  return (
    <Group title="Network policies" count={policies.length}>
      {policies.map(({ id, selects, ingress, egress }) => (
        <Thing
          key={id}
          id={keyOf.policy(id)}
          name={shortName(id)}
          more={`${[ingress && "in", egress && "out"].filter(Boolean).join(", ")} · ${selects.length} ${selects.length === 1 ? "Pod" : "Pods"}`}
        />
      ))}
    </Group>
  );
}

function MachineCard({ machine, pods }: { readonly machine: Machine; readonly pods: readonly Pod[] }) {
  const { name, kind, status, spaces } = machine;
  return (
    <div className="picture-machine" role="group" aria-label={`${kind === "node" ? "Node" : "Host"} ${name}`}>
      <Thing
        className="thing-machine"
        id={keyOf.machine(name)}
        name={name}
        state={status === null ? undefined : status === "Ready" ? "ok" : "bad"}
        more={
          <>
            {status ?? kind} · {firstAddress(spaces[0]) ?? "no address"}
          </>
        }
      />
      {spaces.map((space) => (
        <SpaceLinks key={space.name} machine={name} space={space} />
      ))}
      <Pods pods={pods} />
    </div>
  );
}

function SpaceLinks({ machine, space }: { readonly machine: string; readonly space: Space }) {
  const { links, toPods } = shownLinks(space);
  return (
    <div
      className="picture-space"
      data-inner={space.name === "" ? undefined : true}
      role="group"
      aria-label={space.name === "" ? `Links of ${machine}` : `Namespace ${space.name}`}
    >
      {space.name === "" ? null : <span className="picture-space-name">{space.name}</span>}
      {links.map(({ name, kind, up, addresses }) => (
        <Thing
          key={name}
          className="thing-link"
          id={keyOf.link(machine, space.name, name)}
          name={name}
          state={up ? undefined : "bad"}
          words={up ? `, ${kind}` : `, ${kind}, down`}
          more={addresses[0] ?? kind}
        />
      ))}
      {toPods > 0 ? <span className="picture-veths">+ {toPods} to Pods</span> : null}
      {links.length === 0 && toPods === 0 ? <span className="picture-veths">no links</span> : null}
    </div>
  );
}

function Pods({ pods }: { readonly pods: readonly Pod[] }) {
  if (pods.length === 0) return null;
  const namespaces = Map.groupBy(pods, ({ id }) => id.slice(0, id.indexOf("/")));
  return [...namespaces].map(([namespace, own]) => (
    <div key={namespace} className="picture-pods" role="group" aria-label={`Pods of ${namespace}`}>
      <span className="picture-space-name">{namespace}</span>
      {own.map(({ id, status, ready, ip, onHost }) => (
        <Thing
          key={id}
          className="thing-pod"
          id={keyOf.pod(id)}
          name={shortName(id)}
          state={
            ready
              ? "ok"
              : status === "Running" || status === "Pending" || status === "ContainerCreating"
                ? "wait"
                : "bad"
          }
          words={ready ? ", ready" : ""}
          more={ready ? (onHost ? "host network" : (ip ?? "no address")) : status === "Running" ? "not ready" : status}
        />
      ))}
    </div>
  ));
}

function firstAddress(space: Space | undefined): string | undefined {
  return space?.links.flatMap(({ addresses }) => addresses)[0]?.replace(/\/\d+$/, "");
}

function shortName(id: string): string {
  return id.slice(id.indexOf("/") + 1);
}
