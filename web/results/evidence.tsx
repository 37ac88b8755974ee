import type { Evidence } from "../../grader/result.ts";
import { Disclosure } from "../ui/index.ts";
import { diffLines } from "./diff-lines.ts";
import { TraceView } from "./trace/index.ts";

export interface EvidenceListProps {
  readonly evidence: readonly Evidence[];
  readonly passed: boolean;
}

/** The first trace is open; those of other packets, which mostly tell the same, open on a click. */
export function EvidenceList({ evidence, passed }: EvidenceListProps) {
  const first = evidence.findIndex(({ kind }) => kind === "trace");
  const seen = first === -1 ? evidence : evidence.slice(0, first + 1);
  const more = evidence.slice(seen.length);
  return (
    <>
      {seen.map((item, at) => (
        <EvidenceView key={at} evidence={item} passed={passed} />
      ))}
      {more.length === 0 ? null : (
        <Disclosure title={`More evidence (${more.length})`} className="evidence-more">
          {more.map((item, at) => (
            <EvidenceView key={at} evidence={item} passed={passed} />
          ))}
        </Disclosure>
      )}
    </>
  );
}

/** What speaks for a result: a packet's way, a difference, or text. */
function EvidenceView({ evidence, passed }: { readonly evidence: Evidence; readonly passed: boolean }) {
  if (evidence.kind === "trace") return <TraceView title={evidence.title} trace={evidence.trace} wanted={passed} />;
  return (
    <figure className="evidence">
      <figcaption>{evidence.title}</figcaption>
      {evidence.kind === "text" ? (
        <pre tabIndex={0}>{evidence.text}</pre>
      ) : (
        <Diff before={evidence.before} after={evidence.after} />
      )}
    </figure>
  );
}

const SIGNS = { same: " ", gone: "-", new: "+" } as const;
const WORDS = { same: "", gone: "before: ", new: "now: " } as const;

function Diff({ before, after }: { readonly before: string; readonly after: string }) {
  return (
    <pre className="diff" tabIndex={0}>
      {diffLines(before, after).map(({ kind, text }, at) => (
        <span key={at} data-kind={kind}>
          <span aria-hidden="true">{SIGNS[kind]} </span>
          <span className="only-read">{WORDS[kind]}</span>
          {text}
          {"\n"}
        </span>
      ))}
    </pre>
  );
}
