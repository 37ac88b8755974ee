import { useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import type { AuthoredKind, AuthoredLab, AuthoredLabs } from "../../server/sessions/protocol/index.ts";
import { Page } from "../app/index.ts";
import { agoText, Button, ButtonLink, Disclosure, ErrorNotice, Icon, Level, Loading, Notice } from "../ui/index.ts";
import { authoringApi } from "./authoring-api.ts";
import { draftNames } from "./drafts/drafts.ts";
import { NewLabDialog } from "./new-lab-dialog.tsx";
import { WordField } from "./word-field.tsx";
import "./authoring.css";

/** All labs and exams with what is known of their proofs, and drafts that are only in this browser. */
export function AuthoringPage() {
  const labs = useQuery({
    queryKey: ["authoring", "labs"],
    queryFn: ({ signal }) => authoringApi.labs(signal),
    staleTime: 0,
  });
  return (
    <Page title="Labs to write">
      {labs.data ? (
        <Shelf known={labs.data} />
      ) : labs.error ? (
        <div className="page-alone">
          <h1 className="only-read">Labs to write</h1>
          <ErrorNotice error={labs.error} onRetry={() => void labs.refetch()} />
          <Drafts names={draftNames(localStorage)} />
        </div>
      ) : (
        <Loading what="the labs">Their files are read and looked through.</Loading>
      )}
    </Page>
  );
}

function Shelf({ known: { folder, labs, problems } }: { readonly known: AuthoredLabs }) {
  const [search, setSearch] = useState("");
  const [making, setMaking] = useState<{ readonly from: string | undefined; readonly of: AuthoredKind }>();
  const drafts = draftNames(localStorage);
  const loose = drafts.filter((name) => !labs.some((lab) => lab.name === name));
  const found = labs.filter((lab) => fits(lab, search));
  return (
    <div className="authoring">
      <div className="authoring-head">
        <h1>Labs to write</h1>
        <WordField label="Search labs" value={search} onChange={setSearch} />
        <Button onPress={() => setMaking({ from: undefined, of: "exam" })}>
          <Icon name="plus" size={14} /> New exam
        </Button>
        <Button look="primary" onPress={() => setMaking({ from: undefined, of: "lab" })}>
          <Icon name="plus" size={14} /> New lab
        </Button>
      </div>
      {folder === null ? (
        <Notice kind="info" title="Nothing can be saved: this server has no folder for labs that are written here.">
          Start it with <code>drydock serve --authoring DIR</code> or <code>DRYDOCK_AUTHORING=DIR</code>. Until then
          drafts stay in this browser; they can be checked, tried and proved.
        </Notice>
      ) : (
        <p className="authoring-folder">
          Labs are saved in <code>{folder}</code>; the others come with Drydock and can be copied.
        </p>
      )}
      {loose.length > 0 ? <Drafts names={loose} /> : null}
      <p className="only-read" role="status">
        {search === "" ? "" : `${found.length} lab${found.length === 1 ? "" : "s"} found`}
      </p>
      {found.length === 0 ? <p className="authoring-none">No lab fits this search.</p> : null}
      {(["own", "box"] as const).map((origin) => (
        <Labs
          key={origin}
          title={origin === "own" ? "In your folder" : "With Drydock"}
          labs={found.filter((lab) => lab.origin === origin)}
          drafts={drafts}
          onCopy={({ name, kind }) => setMaking({ from: name, of: kind })}
        />
      ))}
      {problems.length > 0 ? (
        <Disclosure title={`${problems.length} that the editor cannot open`} level={2}>
          <ul className="plain">
            {problems.map((problem) => (
              <li key={problem}>
                <code>{problem}</code>
              </li>
            ))}
          </ul>
        </Disclosure>
      ) : null}
      {making ? (
        <NewLabDialog
          from={making.from}
          of={making.of}
          taken={[...labs.map(({ name }) => name), ...drafts]}
          onClose={() => setMaking(undefined)}
        />
      ) : null}
    </div>
  );
}

interface LabsProps {
  readonly title: string;
  readonly labs: readonly AuthoredLab[];
  /** Names of those that this browser has a draft of. */
  readonly drafts: readonly string[];
  readonly onCopy: (lab: AuthoredLab) => void;
}

function Labs({ title, labs, drafts, onCopy }: LabsProps) {
  const id = useId();
  if (labs.length === 0) return null;
  return (
    <section className="authoring-labs" aria-labelledby={id}>
      <h2 id={id}>
        {title} <span className="authoring-count">{labs.length}</span>
      </h2>
      <ul className="authoring-rows">
        {labs.map((lab) => (
          <LabRow key={lab.name} lab={lab} draft={drafts.includes(lab.name)} onCopy={() => onCopy(lab)} />
        ))}
      </ul>
    </section>
  );
}

function Drafts({ names }: { readonly names: readonly string[] }) {
  if (names.length === 0) return null;
  return (
    <section className="authoring-labs" aria-labelledby="drafts">
      <h2 id="drafts">Drafts in this browser</h2>
      <ul className="authoring-rows">
        {names.map((name) => (
          <li key={name} className="authoring-row">
            <code className="authoring-name">{name}</code>
            <span className="authoring-state">not saved yet</span>
            <ButtonLink href={`/authoring/${name}`} aria-label={`Write on ${name}`}>
              Write on
            </ButtonLink>
          </li>
        ))}
      </ul>
    </section>
  );
}

interface LabRowProps {
  readonly lab: AuthoredLab;
  readonly draft: boolean;
  readonly onCopy: () => void;
}

function LabRow({ lab, draft, onCopy }: LabRowProps) {
  const { name, kind, title, origin, level, problems } = lab;
  return (
    <li className="authoring-row authoring-lab">
      <span className="authoring-words">
        <span className="authoring-title">{title}</span>
        <code className="authoring-name">{name}</code>
      </span>
      {kind === "exam" ? (
        <span className="authoring-origin">exam</span>
      ) : level === null ? (
        <span />
      ) : (
        <Level level={level} />
      )}
      <span className="authoring-origin">{origin === "own" ? "your folder" : "read-only"}</span>
      <span className="authoring-state">
        <ProofState lab={lab} />
        {problems > 0 ? (
          <span className="state-fail">
            <Icon name="warn" size={14} /> {problems} problem{problems === 1 ? "" : "s"}
          </span>
        ) : null}
        {draft ? <span className="state-draft">draft</span> : null}
      </span>
      <span className="authoring-deeds">
        <ButtonLink href={`/authoring/${name}`} aria-label={`Open ${title}`}>
          Open
        </ButtonLink>
        <Button onPress={onCopy} aria-label={`Copy ${title}`}>
          Copy
        </Button>
      </span>
    </li>
  );
}

function ProofState({ lab: { kind, labs, proof, last } }: { readonly lab: AuthoredLab }) {
  if (kind === "exam") return <ExamProof proof={proof} labs={labs.length} />;
  if (last === null || proof === "unproved") return <span className="state-none">not proved here</span>;
  const by = `${last.by}, ${agoText(Date.now() - last.at)}`;
  const hash = (
    <>
      {" "}
      of <code title={last.hash}>{last.hash.slice(0, 8)}</code>
    </>
  );
  if (proof === "proved")
    return (
      <span className="state-pass" title={`${last.cases} cases, seeds 1 to ${last.seeds}`}>
        <Icon name="pass" size={14} /> proved by {by}
        {hash}
      </span>
    );
  if (proof === "failing")
    return (
      <span className="state-fail">
        <Icon name="fail" size={14} /> fails since {by}
        {hash}
      </span>
    );
  return (
    <span className="state-changed">
      changed since {last.holds ? "proved" : "tried"} by {by}
      {hash}
    </span>
  );
}

/** An exam is proved by its labs. */
function ExamProof({ proof, labs }: { readonly proof: AuthoredLab["proof"]; readonly labs: number }) {
  const its = labs === 1 ? "its lab" : `its ${labs} labs`;
  if (proof === "proved")
    return (
      <span className="state-pass">
        <Icon name="pass" size={14} /> proved by {its}
      </span>
    );
  if (proof === "failing")
    return (
      <span className="state-fail">
        <Icon name="fail" size={14} /> one of {its} fails
      </span>
    );
  if (proof === "changed") return <span className="state-changed">one of {its} changed since it was proved</span>;
  return <span className="state-none">not all of {its} are proved here</span>;
}

function fits({ name, kind, title, summary, proof, origin }: AuthoredLab, search: string): boolean {
  const text =
    `${name} ${kind} ${title} ${summary} ${proof} ${origin === "own" ? "your folder" : "read-only"}`.toLowerCase();
  return search
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}
