import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import type { StoredLab } from "../../../server/sessions/protocol/index.ts";
import { ApiError } from "../../api/index.ts";
import {
  announce,
  Button,
  Dialog,
  Icon,
  Notice,
  Tab,
  TabList,
  TabPanel,
  Tabs,
  toast,
  toastError,
} from "../../ui/index.ts";
import { authoringApi } from "../authoring-api.ts";
import { mainFile, sameFiles, type Files } from "../drafts/drafts.ts";
import { Blueprint } from "../exam/blueprint.tsx";
import { ExamPanel } from "../exam/exam-panel.tsx";
import { ChangesPanel } from "./changes-panel.tsx";
import { CodeEditor, type Jump } from "./code-editor.tsx";
import { FileList } from "./file-list.tsx";
import { Preview, Variants } from "./preview.tsx";
import { ProblemList } from "./problem-list.tsx";
import { ProofPanel } from "./proof-panel.tsx";
import { useCheck } from "./use-check.ts";
import type { DraftDesk } from "./use-draft.ts";
import { useProof } from "./use-proof.ts";

export interface EditorProps {
  readonly name: string;
  readonly files: Files;
  readonly desk: DraftDesk;
  /** What is on the server; undefined if nothing is, or if it does not answer. */
  readonly stored: StoredLab | undefined;
}

/** A lab's files, what is wrong with them, and what they make. */
export function Editor({ name, files, desk, stored }: EditorProps) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const main = mainFile(files);
  const isExam = main === "exam.yaml";
  const [chosen, setOpen] = useState<string>(main);
  const [jump, setJump] = useState<Jump>();
  const [panel, setPanel] = useState(isExam ? "exam" : "preview");
  const [seed, setSeed] = useState(1);
  const [dropping, setDropping] = useState(false);
  const [doing, setDoing] = useState<"save" | "try">();
  const schema = useQuery({
    queryKey: ["authoring", "schema", main],
    queryFn: ({ signal }) => authoringApi.schema(isExam ? "exam" : "lab", signal),
    staleTime: Infinity,
  });
  const checked = useCheck(name, files);
  const proof = useProof(name);
  const open = Object.hasOwn(files, chosen) ? chosen : (Object.keys(files)[0] ?? main);
  const problems = checked.check?.problems ?? [];
  const draws = checked.check?.draws ?? [];
  const { draft } = desk;
  const changed = draft !== undefined && (stored === undefined || !sameFiles(draft.files, stored.files));
  const moved = draft !== undefined && stored !== undefined && draft.base !== stored.hash && changed;
  const readOnly = stored?.origin === "box";

  const goTo = (to: Jump): void => {
    setOpen(to.file);
    setJump({ ...to });
  };
  const save = async (): Promise<void> => {
    setDoing("save");
    try {
      const saved = await authoringApi.save(name, { files: { ...files }, base: draft?.base ?? stored?.hash ?? null });
      client.setQueryData(["authoring", name], saved);
      // The page hears of it in a timer of its own; in between it would have neither a draft nor a lab.
      await new Promise((heard) => setTimeout(heard));
      desk.saved(files, saved.hash);
      void client.invalidateQueries({ queryKey: ["authoring", "labs"] });
      toast({
        kind: "pass",
        title: "Saved",
        more:
          problems.length === 0
            ? `The ${isExam ? "exam" : "lab"} is in the catalogue.`
            : `The ${isExam ? "exam" : "lab"} comes into the catalogue when nothing in it is wrong.`,
      });
    } catch (error) {
      toastError(error);
      if (error instanceof ApiError && error.code === "changed-on-disk") {
        setPanel("changes");
        void client.invalidateQueries({ queryKey: ["authoring", name] });
      }
    }
    setDoing(undefined);
  };
  const tryIt = async (): Promise<void> => {
    setDoing("try");
    announce("Opening the draft");
    try {
      const attempt = await authoringApi.try({ name, files: { ...files }, seed });
      navigate(`/attempts/${attempt.id}`);
    } catch (error) {
      toastError(error);
      setDoing(undefined);
    }
  };
  const prove = (seeds: number): void => {
    setPanel("proof");
    proof.start(files, seeds);
  };

  return (
    <div className="editor">
      <header className="editor-head">
        <h1>
          <Link href="/authoring">Labs</Link> <span aria-hidden="true">/</span> {name}
        </h1>
        <span className="editor-state" role="status">
          {desk.lost
            ? "This browser cannot keep the draft: save it"
            : desk.other
              ? "Two windows wrote: choose which draft holds"
              : stateWords(changed, stored)}
        </span>
        <div className="editor-deeds">
          {changed ? <Button onPress={() => setDropping(true)}>Discard draft</Button> : null}
          <Button isPending={doing === "try"} isDisabled={doing !== undefined} onPress={() => void tryIt()}>
            <Icon name="play" size={14} /> {doing === "try" ? "Opening…" : "Try it"}
          </Button>
          {isExam ? null : (
            <Button isDisabled={proof.run.running} onPress={() => prove(3)}>
              {proof.run.running ? "Proving…" : "Prove it"}
            </Button>
          )}
          <Button look="primary" isDisabled={doing !== undefined || readOnly || !changed} onPress={() => void save()}>
            {doing === "save" ? "Saving…" : "Save"}
          </Button>
        </div>
      </header>
      {readOnly ? (
        <Notice kind="info" title={`This ${isExam ? "exam" : "lab"} comes with Drydock and cannot be saved here.`}>
          {isExam ? "Change and try it as you like." : "Change, try and prove it as you like."} To keep your changes,
          copy it under a name of its own in the <Link href="/authoring">list of labs</Link>.
        </Notice>
      ) : null}
      {desk.other ? (
        <Notice
          kind="warn"
          title="This draft was changed in another window while you wrote here."
          action={
            <>
              {desk.other.files ? (
                <>
                  <Button onPress={() => setPanel("changes")}>Look at the differences</Button>{" "}
                </>
              ) : null}
              <Button onPress={() => desk.settle(true)}>Keep mine</Button>{" "}
              <Button onPress={() => desk.settle(false)}>Take theirs</Button>
            </>
          }
        >
          {desk.other.files
            ? "Nothing was overwritten: what you write here stays in this page until you choose."
            : "It was saved or discarded there. What you write here stays in this page until you choose."}
        </Notice>
      ) : null}
      {moved ? (
        <Notice
          kind="warn"
          title="The files on the server were changed since this draft was begun."
          action={
            <>
              <Button onPress={() => setPanel("changes")}>Look at the differences</Button>{" "}
              <Button onPress={() => desk.rebase(stored.hash)}>Keep mine</Button>{" "}
              <Button onPress={() => setDropping(true)}>Take theirs</Button>
            </>
          }
        >
          Nothing was overwritten. After “Keep mine”, Save replaces theirs; what they wrote stays among the versions.
        </Notice>
      ) : null}
      <Dialog
        title="Discard the draft?"
        role="alertdialog"
        open={dropping}
        onClose={() => setDropping(false)}
        actions={
          <>
            <Button onPress={() => setDropping(false)}>Keep it</Button>
            <Button
              look="primary"
              onPress={() => {
                setDropping(false);
                desk.drop();
                if (stored === undefined) navigate("/authoring");
              }}
            >
              Discard it
            </Button>
          </>
        }
      >
        <p>
          {stored === undefined
            ? "Nothing of this lab is saved: it is gone then."
            : "What you wrote since is gone then; the files are as they are on the server."}
        </p>
      </Dialog>
      <div className="editor-desk">
        <FileList
          files={files}
          stored={stored?.files}
          problems={problems}
          open={open}
          onOpen={setOpen}
          onFiles={(next, file) => {
            desk.put(next);
            setOpen(file);
          }}
        />
        <div className="editor-text">
          <CodeEditor
            file={open}
            text={files[open] ?? ""}
            problems={problems.filter(({ file }) => file === open)}
            schema={schema.data}
            onChange={desk.write}
            jump={jump}
          />
          <ProblemList checked={checked} onJump={goTo} />
        </div>
        <Tabs className="editor-panels" selectedKey={panel} onSelectionChange={(key) => setPanel(String(key))}>
          <TabList aria-label="What the draft makes">
            {isExam ? (
              <>
                <Tab id="exam">Attempts</Tab>
                <Tab id="blueprint">Blueprint</Tab>
              </>
            ) : (
              <>
                <Tab id="preview">Preview</Tab>
                <Tab id="variants">Variants</Tab>
                <Tab id="proof">Proof</Tab>
              </>
            )}
            <Tab id="changes">Changes</Tab>
          </TabList>
          {isExam ? (
            <>
              <TabPanel id="exam">
                <ExamPanel exam={checked.check?.exam ?? undefined} seed={seed} onSeed={setSeed} />
              </TabPanel>
              <TabPanel id="blueprint">
                <Blueprint
                  exam={checked.check?.exam ?? undefined}
                  text={files["exam.yaml"] ?? ""}
                  onText={(text) => desk.write("exam.yaml", text)}
                />
              </TabPanel>
            </>
          ) : null}
          <TabPanel id="preview">
            <Preview files={files} open={open} draws={draws} seed={seed} onSeed={setSeed} />
          </TabPanel>
          <TabPanel id="variants">
            <Variants draws={draws} />
          </TabPanel>
          <TabPanel id="proof">
            <ProofPanel run={proof.run} files={files} onStart={prove} onCancel={proof.cancel} onJump={goTo} />
          </TabPanel>
          <TabPanel id="changes">
            <ChangesPanel name={name} files={files} stored={stored} elsewhere={desk.other?.files} onTake={desk.put} />
          </TabPanel>
        </Tabs>
      </div>
    </div>
  );
}

function stateWords(changed: boolean, stored: StoredLab | undefined): string {
  if (stored === undefined) return "Draft in this browser, not saved yet";
  if (changed)
    return `Draft in this browser, other than what ${stored.origin === "own" ? "is saved" : "Drydock brings"}`;
  return stored.origin === "own" ? "Saved" : "As Drydock brings it";
}
