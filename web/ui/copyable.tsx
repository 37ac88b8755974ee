import { Button } from "react-aria-components";
import { Icon } from "./icon.tsx";
import { useCopy } from "./use-copy.ts";
import "./copyable.css";

export interface CopyableProps {
  readonly text: string;
  /** `inline`: a name within a sentence. `line`: a command on a line of its own, with the word "copy". */
  readonly look?: "inline" | "line";
}

/** A name or a command that a click copies. */
export function Copyable({ text, look = "inline" }: CopyableProps) {
  const { copied, copy } = useCopy();
  return (
    <Button className={`copyable copyable-${look}`} data-copied={copied || undefined} onPress={() => copy(text)}>
      {look === "inline" ? <span className="only-read">Copy </span> : null}
      <code>{text}</code>
      {look === "line" ? (
        <span className="copyable-word">
          <Icon name={copied ? "pass" : "copy"} size={14} />
          {copied ? "copied" : "copy"}
        </span>
      ) : null}
    </Button>
  );
}
