import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import type { StoredLab } from "../../../server/sessions/protocol/index.ts";
import { agoText, Button, ErrorNotice } from "../../ui/index.ts";
import { authoringApi } from "../authoring-api.ts";
import { changes } from "../drafts/changes.ts";
import type { Files } from "../drafts/drafts.ts";

export interface ChangesPanelProps {
  readonly name: string;
  readonly files: Files;
  /** What is on the server; undefined if nothing is. */
  readonly stored: StoredLab | undefined;
  /** The draft of another window, where both wrote. */
  readonly elsewhere: Files | undefined;
  readonly onTake: (files: Files) => void;
}

/** Stands for the other window among the versions. */
const ELSEWHERE = -1;

/** The draft beside what was saved, now or before. */
export function ChangesPanel({ name, files, stored, elsewhere, onTake }: ChangesPanelProps) {
  const [wanted, setChosen] = useState<number>();
  const chosen = elsewhere === undefined ? Math.max(wanted ?? 0, 0) : (wanted ?? ELSEWHERE);
  const version = useQuery({
    queryKey: ["authoring", name, "version", chosen],
    queryFn: ({ signal }) => authoringApi.version(name, chosen, signal),
    enabled: chosen > 0,
    staleTime: Infinity,
  });
  const other = chosen === ELSEWHERE ? elsewhere : chosen === 0 ? stored?.files : version.data?.files;
  const found = useMemo(() => (other ? changes(other, files) : []), [other, files]);
  if (stored === undefined && elsewhere === undefined)
    return <p className="panel-words">This lab is on no server yet: everything in it is new until you save.</p>;
  return (
    <div className="changes">
      <div className="changes-head">
        <label>
          Since{" "}
          <select value={chosen} onChange={(event) => setChosen(Number(event.target.value))}>
            {elsewhere ? <option value={ELSEWHERE}>what the other window has</option> : null}
            {stored ? (
              <option value={0}>{stored.origin === "own" ? "what is saved" : "what Drydock brings"}</option>
            ) : null}
            {stored?.versions.map(({ number, at, by }) => (
              <option key={number} value={number}>
                version {number}, {by}, {agoText(Date.now() - at)}
              </option>
            ))}
          </select>
        </label>
        <Button
          size="small"
          isDisabled={other === undefined || found.length === 0}
          onPress={() => other && onTake(other)}
        >
          Take this into the draft
        </Button>
      </div>
      {version.error ? <ErrorNotice error={version.error} onRetry={() => void version.refetch()} /> : null}
      {other !== undefined && found.length === 0 ? <p className="panel-words">The draft has the same files.</p> : null}
      {found.map(({ file, what, lines }) => (
        <section key={file} className="change" aria-label={`${file}, ${what}`}>
          <h2>
            <code>{file}</code> <span className="change-what">{what}</span>
          </h2>
          <pre className="change-lines" tabIndex={0}>
            {lines.map((line, at) => (
              // Lines have no names of their own.
              <span key={at} className="change-line" data-kind={line?.kind ?? "left-out"}>
                {line === null ? "⋯" : `${SIGNS[line.kind]} ${line.text}`}
                {"\n"}
              </span>
            ))}
          </pre>
        </section>
      ))}
    </div>
  );
}

const SIGNS = { same: " ", gone: "-", new: "+" };
