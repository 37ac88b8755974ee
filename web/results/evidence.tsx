import type { Evidence } from "../../grader/result.ts";
import { diffLines } from "./diff-lines.ts";
import { TraceView } from "./trace/index.ts";

/** What speaks for a result: a packet's way, a difference, or text. */
export function EvidenceView({ evidence }: { readonly evidence: Evidence }) {
  if (evidence.kind === "trace") return <TraceView title={evidence.title} trace={evidence.trace} />;
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
