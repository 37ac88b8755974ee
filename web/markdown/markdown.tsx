import { useMemo, type MouseEvent } from "react";
import { announce, copyText } from "../ui/index.ts";
import { renderMarkdown } from "./render.ts";
import "./markdown.css";

/** A text of a lab. Inline code copies itself on a click, Enter or Space. */
export function Markdown({ text, className = "" }: { readonly text: string; readonly className?: string }) {
  const html = useMemo(() => ({ __html: renderMarkdown(text) }), [text]);
  return <div className={`markdown ${className}`} onClick={copyCode} dangerouslySetInnerHTML={html} />;
}

function copyCode(event: MouseEvent): void {
  const button = event.target instanceof Element ? event.target.closest<HTMLElement>("button.copyable") : null;
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
