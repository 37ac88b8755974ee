import { Fragment } from "react";
import { Copyable } from "../ui/index.ts";

/** Words of a check, in which commands and rules stand between backticks. */
export function Quoted({ text, copyable = false }: { readonly text: string; readonly copyable?: boolean }) {
  return text.split(/`([^`]+)`/).map((piece, at) => {
    if (at % 2 === 0) return <Fragment key={at}>{piece}</Fragment>;
    return copyable ? <Copyable key={at} text={piece} /> : <code key={at}>{piece}</code>;
  });
}
