import type { Editor, Steps } from "../editor.ts";

export interface ExCall {
  readonly editor: Editor;
  readonly name: string;
  readonly range: { readonly from: number; readonly to: number; readonly given: number };
  readonly bang: boolean;
  readonly argument: string;
  /** The argument with the blanks around it. */
  readonly raw: string;
  /** The whole command, for messages. */
  readonly line: string;
}

export interface ExCommand {
  readonly range?: true;
  readonly bang?: true;
  readonly argument?: true;
  /** Line 0 is one, as for `:0r`. */
  readonly zero?: true;
  /** False: it failed, and has said so. */
  run(call: ExCall): Steps<boolean> | boolean;
}
