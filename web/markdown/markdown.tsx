import { useMemo, type KeyboardEvent, type MouseEvent } from "react";
import { announce, copyText } from "../ui/index.ts";
import { renderMarkdown } from "./render.ts";
import "./markdown.css";

/** A text of a lab. Inline code copies itself on a click, Enter or Space. */
export function Markdown({ text, className = "" }: { readonly text: string; readonly className?: string }) {
  const html = useMemo(() => ({ __html: renderMarkdown(text) }), [text]);
  return (
    <div className={`markdown ${className}`} onClick={copyCode} onKeyDown={pressCode} dangerouslySetInnerHTML={html} />
  );
}

/** Enter and Space, as on a button. */
function pressCode(event: KeyboardEvent): void {
  if (event.key !== "Enter" && event.key !== " ") return;
  if (!(event.target instanceof Element) || !event.target.matches(".copyable")) return;
  event.preventDefault();
  copyCode(event);
}

function copyCode(event: MouseEvent | KeyboardEvent): void {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[role=button].copyable") : null;
  // Who marks a part of it with the mouse wants that part.
  if (button === null || window.getSelection()?.isCollapsed === false) return;
  const text = button.querySelector("code")?.textContent ?? "";
  void copyText(text).then((done) => {
    announce(done ? `Copied ${text}` : "Not copied: the browser refused");
    if (!done) return;
    button.dataset.copied = "";
    setTimeout(() => delete button.dataset.copied, 1500);
  });
}
