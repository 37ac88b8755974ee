import type { ReactNode } from "react";
import type { PacketTrace } from "../../../grader/trace.ts";
import { changesOf } from "./headers.ts";
import { decidedWords } from "./hop-words.ts";
import { placeWords } from "./place.ts";

export interface HopDetailsProps {
  readonly trace: PacketTrace;
  readonly hop: number;
  /** Buttons to other stops. */
  readonly steps: ReactNode;
}

/** Everything that is known of one stop: what happened, what it changed, and the row that it read. */
export function HopDetails({ trace, hop: number, steps }: HopDetailsProps) {
  const hop = trace.hops[number];
  if (!hop) return null;
  const { what, ref, kubernetes } = hop;
  const changes = changesOf(hop);
  const delivered = trace.verdict === "delivered";
  return (
    <div className="hop" data-decides={number === trace.by || undefined} data-delivered={delivered || undefined}>
      {steps}
      <p className="hop-where">
        Stop {number + 1} of {trace.hops.length} · {placeWords(hop)}
        {number === trace.by ? <span className="hop-decides"> · {decidedWords(trace)}</span> : null}
      </p>
      <p className="hop-what">{what}</p>
      {kubernetes === undefined ? null : <p className="hop-kubernetes">{kubernetes}</p>}
      {changes.length === 0 ? null : (
        <dl className="hop-changes">
          {changes.map(({ field, from, to }) => (
            <div key={field}>
              <dt>{field}</dt>
              <dd>
                <span className="mono">{from}</span> → <span className="mono">{to}</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {ref === undefined ? null : (
        <ol className="hop-rows">
          {ref.path?.map((row) => (
            <li key={row} className="hop-jump">
              <code>{row}</code>
            </li>
          ))}
          <li>
            <code>
              {ref.table === undefined ? "" : `-t ${ref.table} `}
              {ref.text}
            </code>
          </li>
        </ol>
      )}
    </div>
  );
}
