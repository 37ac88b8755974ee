import type { PacketTrace } from "../../../grader/trace.ts";
import { packetWords } from "./headers.ts";
import { decidedWords, hopSentence } from "./hop-words.ts";

/** A packet's way in words, hop by hop. */
export function TraceText({ name, trace }: { readonly name: string; readonly trace: PacketTrace }) {
  return (
    <div className="trace-text">
      <p className="trace-way-name">
        {name}: {packetWords(trace.packet)}
      </p>
      <ol>
        {trace.hops.map((hop, at) => (
          <li key={at} data-decides={at === trace.by || undefined}>
            {hopSentence(hop)}
            {hop.kubernetes === undefined ? null : <> ({hop.kubernetes})</>}
            {hop.ref?.kind === "rule" ? (
              <>
                {" "}
                <code>
                  -t {hop.ref.table ?? "filter"} {hop.ref.text}
                </code>
              </>
            ) : null}
            {at === trace.by ? <strong> {decidedWords(trace)}</strong> : null}
          </li>
        ))}
      </ol>
    </div>
  );
}
