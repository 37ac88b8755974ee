import { useState } from "react";
import type { LabProblem } from "../../../server/sessions/protocol/index.ts";
import { Button, Dialog, Icon } from "../../ui/index.ts";
import { fileNameProblem, type Files, mainFile } from "../drafts/drafts.ts";
import { WordField } from "../word-field.tsx";

export interface FileListProps {
  readonly files: Files;
  readonly stored: Files | undefined;
  readonly problems: readonly LabProblem[];
  readonly open: string;
  readonly onOpen: (file: string) => void;
  readonly onFiles: (files: Files, open: string) => void;
}

type Asking = "add" | "rename" | "delete";

/** The files of a lab as a tree, the one that is edited marked. */
export function FileList({ files, stored, problems, open, onOpen, onFiles }: FileListProps) {
  const [asking, setAsking] = useState<Asking>();
  const broken = new Set(problems.map(({ file }) => file));
  const folders = Map.groupBy(Object.keys(files).sort(inOrder), (file) => file.split("/").slice(0, -1).join("/"));
  const only = open === mainFile(files);
  return (
    <nav className="file-list" aria-label="Files">
      {[...folders].map(([folder, names]) => (
        <div key={folder}>
          {folder === "" ? null : <p className="file-folder">{folder}/</p>}
          <ul className="plain">
            {names.map((file) => (
              <li key={file}>
                <Button
                  look="quiet"
                  size="small"
                  className={`file ${folder === "" ? "" : "file-inner"}`}
                  aria-current={file === open ? "true" : undefined}
                  onPress={() => onOpen(file)}
                >
                  <span className="file-name">{file.slice(folder === "" ? 0 : folder.length + 1)}</span>
                  {broken.has(file) ? (
                    <span className="file-broken">
                      <Icon name="warn" size={14} />
                      <span className="only-read">has problems</span>
                    </span>
                  ) : stored && stored[file] !== files[file] ? (
                    <span className="file-changed">
                      <span aria-hidden="true">●</span>
                      <span className="only-read">changed</span>
                    </span>
                  ) : null}
                </Button>
              </li>
            ))}
          </ul>
        </div>
      ))}
      <div className="file-deeds">
        <Button size="small" onPress={() => setAsking("add")}>
          <Icon name="plus" size={14} /> Add
        </Button>
        <Button size="small" isDisabled={only} onPress={() => setAsking("rename")}>
          Rename
        </Button>
        <Button size="small" isDisabled={only} onPress={() => setAsking("delete")}>
          Delete
        </Button>
      </div>
      {asking === "add" || asking === "rename" ? (
        <NameDialog
          title={asking === "add" ? "Add a file" : `Rename ${open}`}
          deed={asking === "add" ? "Add" : "Rename"}
          initial={asking === "add" ? "" : open}
          files={files}
          onClose={() => setAsking(undefined)}
          onName={(name) => {
            const { [open]: text = "", ...others } = files;
            if (asking === "add") onFiles({ ...files, [name]: firstLines(name) }, name);
            else onFiles({ ...others, [name]: text }, name);
            setAsking(undefined);
          }}
        />
      ) : null}
      <Dialog
        title={`Delete ${open}?`}
        role="alertdialog"
        open={asking === "delete"}
        onClose={() => setAsking(undefined)}
        actions={
          <>
            <Button onPress={() => setAsking(undefined)}>Keep it</Button>
            <Button
              look="primary"
              onPress={() => {
                const { [open]: _, ...others } = files;
                onFiles(others, mainFile(others));
                setAsking(undefined);
              }}
            >
              Delete
            </Button>
          </>
        }
      >
        <p>It goes from your draft. On the server it stays until you save, and afterwards in the version before.</p>
      </Dialog>
    </nav>
  );
}

interface NameDialogProps {
  readonly title: string;
  readonly deed: string;
  readonly initial: string;
  readonly files: Files;
  readonly onClose: () => void;
  readonly onName: (name: string) => void;
}

function NameDialog({ title, deed, initial, files, onClose, onName }: NameDialogProps) {
  const [name, setName] = useState(initial);
  const problem = name === "" || name === initial ? undefined : fileNameProblem(files, name);
  const fits = name !== "" && name !== initial && problem === undefined;
  return (
    <Dialog title={title} open onClose={onClose}>
      <form
        className="name-form"
        onSubmit={(event) => {
          event.preventDefault();
          if (fits) onName(name);
        }}
      >
        <WordField label="Path in the lab's folder" value={name} onChange={setName} problem={problem} autoFocus>
          Manifests go to <code>setup/</code>, proofs to <code>proof/</code>: <code>solution-….sh</code>,{" "}
          <code>wrong-….sh</code>.
        </WordField>
        <div className="dialog-actions">
          <Button onPress={onClose}>Cancel</Button>
          <Button type="submit" look="primary" isDisabled={!fits}>
            {deed}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What a file of that name must begin with. */
function firstLines(name: string): string {
  return /^proof\/wrong-.*\.sh$/.test(name) ? "# scores: 0 of 1\n# fails: CHECK\n" : "";
}

/** lab.yaml or exam.yaml first, then files before folders. */
function inOrder(a: string, b: string): number {
  const rank = (file: string): number => (file === "lab.yaml" || file === "exam.yaml" ? 0 : file.includes("/") ? 2 : 1);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}
