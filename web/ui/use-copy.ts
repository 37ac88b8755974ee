import { useEffect, useRef, useState } from "react";
import { announce } from "./announce.tsx";
import { copyText } from "./copy.ts";

/** Copies, says so, and tells for a moment that it was done. */
export function useCopy(): { readonly copied: boolean; readonly copy: (text: string) => void } {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = (text: string): void => {
    void copyText(text).then((done) => {
      announce(done ? `Copied ${text}` : "Not copied: the browser refused");
      setCopied(done);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => setCopied(false), 1500);
    });
  };
  return { copied, copy };
}
