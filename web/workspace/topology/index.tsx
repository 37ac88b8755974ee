import { type KeyboardEvent, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { Button, Icon, Loading, Notice } from "../../ui/index.ts";
import type { Desk } from "../desk.ts";
import { paneTowards } from "../keys/keys.ts";
import { Columns } from "./columns.tsx";
import { Details } from "./details.tsx";
import { factsOf } from "./facts.ts";
import { Lines } from "./lines.tsx";
import { edgesOf, type Key, quietEdges, relatedTo, withoutSystem } from "./picture.ts";
import { type Choice, ChoiceContext } from "./thing.tsx";
import "./topology.css";

export interface TopologyPanelProps {
  readonly desk: Desk;
  readonly part: number;
  readonly onClose: () => void;
}

/** The part's world as a picture that follows it: what is where, and what has to do with what. */
export function TopologyPanel({ desk, part, onClose }: TopologyPanelProps) {
  useEffect(() => desk.terminals.watchTopology(part), [desk, part]);
  const whole = useSyncExternalStore(desk.subscribe, () => desk.terminals.state.topologies.get(part));
  const [system, setSystem] = useState(false);
  const [chosen, setChosen] = useState<Key>();
  const topology = useMemo(() => whole && (system ? whole : withoutSystem(whole)), [whole, system]);
  const facts = topology && chosen !== undefined ? factsOf(topology, chosen) : undefined;
  return (
    <section className="topology" aria-label="Topology" data-region="topology" data-pane="topology" tabIndex={-1}>
      <header className="topology-head">
        <h2>Topology</h2>
        {topology && topology.left.length > 0 ? (
          <span className="topology-left">Not shown: {topology.left.join(", ")}</span>
        ) : null}
        {whole?.cluster ? (
          <label className="topology-system">
            <input type="checkbox" checked={system} onChange={({ target }) => setSystem(target.checked)} />
            System Pods
          </label>
        ) : null}
        <Button look="quiet" size="small" aria-label="Close the topology" onPress={onClose}>
          <Icon name="close" size={14} />
        </Button>
      </header>
      {topology ? (
        <div className="topology-body" data-details={facts ? true : undefined}>
          <Picture topology={topology} chosen={facts ? chosen : undefined} onChoose={setChosen} />
          {facts ? (
            <Details
              facts={facts}
              onType={(command) => desk.typeCommand(part, command)}
              onClose={() => setChosen(undefined)}
            />
          ) : null}
        </div>
      ) : (
        <Waiting desk={desk} />
      )}
    </section>
  );
}

interface PictureProps {
  readonly topology: Parameters<typeof edgesOf>[0];
  readonly chosen: Key | undefined;
  readonly onChoose: (key: Key | undefined) => void;
}

function Picture({ topology, chosen, onChoose }: PictureProps) {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  const [at, setAt] = useState<Key>();
  const first = topology.machines[0];
  const choice = useMemo<Choice>(
    () => ({
      chosen,
      related: chosen === undefined ? new Set() : relatedTo(topology, chosen),
      stop: at ?? chosen ?? (first && `machine:${first.name}`),
      choose: (key) => {
        setAt(key);
        onChoose(key === chosen ? undefined : key);
      },
    }),
    [topology, chosen, at, first, onChoose],
  );
  const edges = useMemo(
    () => (chosen === undefined ? quietEdges(topology) : edgesOf(topology, chosen)),
    [topology, chosen],
  );
  return (
    <div className="topology-scroll">
      <div
        ref={setPlace}
        className="picture"
        role="group"
        aria-label="Machines, Services and Pods. Arrows lead from one to the next, Enter shows what it is."
        onKeyDown={(event) => move(event, setAt)}
        onFocus={({ target }) => setAt(target.closest<HTMLElement>("[data-thing]")?.dataset["thing"])}
      >
        <Lines place={place} edges={edges} version={topology} />
        <ChoiceContext value={choice}>
          <Columns topology={topology} />
        </ChoiceContext>
      </div>
    </div>
  );
}

const ARROWS: Readonly<Record<string, "left" | "right" | "up" | "down">> = {
  ArrowLeft: "left",
  ArrowRight: "right",
  ArrowUp: "up",
  ArrowDown: "down",
};

/** Moves the focus to the next thing in the direction of an arrow. */
function move(event: KeyboardEvent<HTMLElement>, moved: (key: Key) => void): void {
  const direction = ARROWS[event.key];
  const from = (event.target as HTMLElement).closest<HTMLElement>("[data-thing]");
  if (direction === undefined || !from || event.ctrlKey || event.altKey) return;
  event.preventDefault();
  const things = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-thing]")].filter((one) => one !== from);
  const panes = things.map((pane) => ({ pane, box: pane.getBoundingClientRect() }));
  const inLine = paneTowards(direction, from.getBoundingClientRect(), panes);
  const next = inLine ?? inOrder(direction, event.currentTarget, from);
  if (!next) return;
  moved(next.dataset["thing"]!);
  next.focus();
}

/** Where nothing lies in that direction, the next or the last one in the order of reading. */
function inOrder(direction: string, picture: HTMLElement, from: HTMLElement): HTMLElement | undefined {
  const all = [...picture.querySelectorAll<HTMLElement>("[data-thing]")];
  return all[all.indexOf(from) + (direction === "right" || direction === "down" ? 1 : -1)];
}

function Waiting({ desk }: { readonly desk: Desk }) {
  const connection = useSyncExternalStore(desk.subscribe, () => desk.terminals.state.connection.is);
  if (connection === "open") return <Loading what="the topology" />;
  return (
    <Notice kind="warn" title="The topology is not there: the connection is gone.">
      It is drawn again when the connection is back.
    </Notice>
  );
}
