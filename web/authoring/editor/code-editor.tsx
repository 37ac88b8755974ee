import { yaml } from "@codemirror/lang-yaml";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Annotation, EditorState, type Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { basicSetup } from "codemirror";
import { useLayoutEffect, useRef } from "react";
import type { LabProblem } from "../../../server/sessions/protocol/index.ts";
import type { Schema } from "../yaml/schema.ts";
import { codeTheme } from "./code-theme.ts";
import { schemaHelp } from "./schema-help.ts";

export interface Jump {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface CodeEditorProps {
  readonly file: string;
  readonly text: string;
  /** Problems of this file. */
  readonly problems: readonly LabProblem[];
  readonly schema: Schema | undefined;
  readonly onChange: (file: string, text: string) => void;
  /** Where the cursor shall be; another object each time. */
  readonly jump: Jump | undefined;
}

/** Marks what nobody typed here: it is known already. */
const FROM_OUTSIDE = Annotation.define<boolean>();

/** An editor for one file at a time; each keeps its cursor and what can be undone. */
export function CodeEditor({ file, text, problems, schema, onChange, jump }: CodeEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(undefined);
  const states = useRef(new Map<string, EditorState>());
  const shown = useRef(file);
  const change = useRef(onChange);
  change.current = onChange;

  useLayoutEffect(() => {
    const editor = new EditorView({ parent: place.current! });
    view.current = editor;
    return () => editor.destroy();
  }, []);

  // They were made without its help.
  useLayoutEffect(() => states.current.clear(), [schema]);

  // Before the next frame, all of it: a key that is pressed meanwhile would meet another text.
  useLayoutEffect(() => {
    const editor = view.current!;
    if (shown.current !== file) states.current.set(shown.current, editor.state);
    shown.current = file;
    const known = states.current.get(file);
    const extensions = extensionsOf(file, schema, (now) => change.current(file, now));
    editor.setState(known?.doc.toString() === text ? known : EditorState.create({ doc: text, extensions }));
    // Only for another file or a schema that has come: what is typed is in the editor first.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [file, schema]);

  useLayoutEffect(() => {
    const editor = view.current!;
    const now = editor.state.doc.toString();
    // Somebody else changed it: an older version was taken back.
    if (now !== text)
      editor.dispatch({ changes: { from: 0, to: now.length, insert: text }, annotations: FROM_OUTSIDE.of(true) });
  }, [text]);

  useLayoutEffect(() => {
    const editor = view.current!;
    editor.dispatch(
      setDiagnostics(
        editor.state,
        problems.map((problem) => diagnostic(editor.state, problem)),
      ),
    );
  }, [problems, file, schema]);

  useLayoutEffect(() => {
    const editor = view.current!;
    if (jump === undefined || jump.file !== file) return;
    const anchor = offsetOf(editor.state, jump);
    editor.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
    editor.focus();
  }, [jump, file]);

  return <div className="code-editor" ref={place} />;
}

function extensionsOf(file: string, schema: Schema | undefined, changed: (text: string) => void): Extension[] {
  return [
    basicSetup,
    codeTheme,
    lintGutter(),
    EditorView.contentAttributes.of({ "aria-label": `${file}, text`, tabindex: "0" }),
    EditorView.updateListener.of((update) => {
      const typed = update.transactions.some((each) => each.docChanged && !each.annotation(FROM_OUTSIDE));
      if (typed) changed(update.state.doc.toString());
    }),
    ...(file.endsWith(".yaml") ? [yaml()] : [EditorView.lineWrapping]),
    ...((file === "lab.yaml" || file === "exam.yaml") && schema ? schemaHelp(schema) : []),
  ];
}

function diagnostic(state: EditorState, problem: LabProblem): Diagnostic {
  const from = offsetOf(state, problem);
  const line = state.doc.lineAt(from);
  const word = /^[^\s:,{}[\]]+/.exec(line.text.slice(from - line.from))?.[0].length ?? 0;
  return { from, to: Math.min(line.to, from + Math.max(word, 1)), severity: "error", message: problem.message };
}

function offsetOf(state: EditorState, { line, column }: { readonly line: number; readonly column: number }): number {
  const at = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  return Math.min(at.to, at.from + Math.max(column - 1, 0));
}
