import { firstNonBlank, last, type Pos } from "./chars.ts";
import type { Editor } from "./editor.ts";

export type Extent = "line" | "exclusive" | "inclusive";

/** Where a motion leads. */
export interface Target {
  readonly to: Pos;
  /** Where the text begins, for text objects. */
  readonly from?: Pos;
  readonly extent?: Extent;
  /** The column that vertical movements aim at from now on; without it that of `to`. */
  readonly want?: number;
}

export interface MotionCall {
  readonly editor: Editor;
  /** As given; undefined without one. */
  readonly count: number | undefined;
  /** The operator that waits for it. */
  readonly operator: string | undefined;
  /** What was typed behind it: the character of `f`, the name of a mark, the pattern of `/`. */
  readonly typed: string;
  readonly visual: boolean;
}

export interface Motion {
  readonly extent: Extent;
  /** What else has to be typed. */
  readonly needs?: "char" | "pattern";
  /** Where it starts is kept in the jump list. */
  readonly jump?: true;
  /** Undefined: there is no such place; nothing moves. */
  go(call: MotionCall): Target | undefined;
}

export const times = (call: MotionCall): number => call.count ?? 1;

export function atIndent(editor: Editor, line: number): Target {
  const text = editor.buffer.line(line);
  return { to: { line, col: Math.min(firstNonBlank(text), last(text)) } };
}
