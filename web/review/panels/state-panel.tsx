import { useEffect, useState } from "react";
import { useMoment } from "../../api/index.ts";
import { Button, ErrorNotice } from "../../ui/index.ts";
import { momentText } from "../moment.ts";

const RESOURCES = [
  "pods",
  "services",
  "endpointslices.discovery.k8s.io",
  "deployments.apps",
  "daemonsets.apps",
  "nodes",
  "networkpolicies.networking.k8s.io",
  "ingresses.networking.k8s.io",
  "gateways.gateway.networking.k8s.io",
  "httproutes.gateway.networking.k8s.io",
  "configmaps",
  "serviceaccounts",
  "namespaces",
  "events",
] as const;

/** Namespaces of the cluster's own parts. */
const SYSTEM =
  /^(kube-system|kube-public|kube-node-lease|kube-flannel|calico-.*|tigera-operator|ingress-nginx|metallb-system|nginx-gateway|local-path-storage)$/;

export interface StatePanelProps {
  readonly id: string;
  readonly part: number;
  readonly from: number;
  readonly at: number;
  readonly playing: boolean;
  readonly onSandbox: (at: number) => void;
}

/** The cluster at the moment that is shown, as `kubectl get` shows it. While it plays, as often as the eye follows. */
export function StatePanel({ id, part, from, at, playing, onSandbox }: StatePanelProps) {
  const [resource, setResource] = useState<string>(RESOURCES[0]);
  const [system, setSystem] = useState(false);
  const moment = useSettled(Math.round(at), playing);
  const state = useMoment(id, part, moment, resource);
  const { data } = state;
  const namespaced = data?.columns[0] === "NAMESPACE";
  const rows = data?.rows.filter(([namespace]) => system || !namespaced || !SYSTEM.test(namespace!)) ?? [];
  return (
    <div className="state-panel">
      <div className="state-head">
        <label>
          kubectl get{" "}
          <select className="field" value={resource} onChange={(event) => setResource(event.target.value)}>
            {RESOURCES.map((name) => (
              <option key={name} value={name}>
                {name.split(".")[0]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <input type="checkbox" checked={system} onChange={(event) => setSystem(event.target.checked)} />
          System namespaces
        </label>
        <Button onPress={() => onSandbox(Math.round(at))}>Open a sandbox terminal</Button>
      </div>
      <p className="panel-note" role="status">
        {data ? `The state at ${momentText(data.at - from)}` : state.isPending ? "Reading the state…" : ""}
        {data?.note ? `. ${data.note}` : ""}
      </p>
      {state.isError ? <ErrorNotice error={state.error} onRetry={() => void state.refetch()} /> : null}
      {data && rows.length === 0 && data.note === null ? <p>No resources found.</p> : null}
      {rows.length === 0 ? null : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls
        <div className="state-scroll" tabIndex={0} role="region" aria-label={`State: ${resource}`}>
          <table className="state-table" data-stale={state.isPlaceholderData || undefined}>
            <thead>
              <tr>
                {data!.columns.map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <tr key={row.slice(0, 2).join("/")}>
                  {row.map((cell, index) => (
                    <td key={data!.columns[index]}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </div>
  );
}

const QUIET = 150;
const PLAYING = 2_000;

/** A moment that is worth asking for: where somebody stopped, or every other second while it plays. */
function useSettled(at: number, playing: boolean): number {
  const [settled, setSettled] = useState(at);
  const asked = playing ? Math.floor(at / PLAYING) * PLAYING : at;
  useEffect(() => {
    const timer = setTimeout(() => setSettled(asked), QUIET);
    return () => clearTimeout(timer);
  }, [asked]);
  return settled;
}
