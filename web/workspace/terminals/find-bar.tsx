import { useState } from "react";
import { Button, Icon } from "../../ui/index.ts";

export interface FindBarProps {
  /** Whether it was found. */
  readonly find: (text: string, direction: "next" | "previous") => boolean;
  readonly onClose: () => void;
}

/** Finds text in a terminal and what scrolled by. Enter: upwards, as one reads back; Shift+Enter: downwards. */
export function FindBar({ find, onClose }: FindBarProps) {
  const [text, setText] = useState("");
  const [found, setFound] = useState(true);
  const search = (text: string, direction: "next" | "previous"): void => setFound(text === "" || find(text, direction));
  return (
    <div
      className="find-bar"
      role="search"
      aria-label="Find in the terminal"
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <input
        autoFocus
        aria-label="Find"
        placeholder="Find"
        spellCheck={false}
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          search(target.value, "previous");
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter") search(text, event.shiftKey ? "next" : "previous");
        }}
      />
      <span className="find-none" role="status">
        {found ? "" : "not found"}
      </span>
      <Button look="quiet" size="small" aria-label="Earlier" onPress={() => search(text, "previous")}>
        ↑
      </Button>
      <Button look="quiet" size="small" aria-label="Later" onPress={() => search(text, "next")}>
        ↓
      </Button>
      <Button look="quiet" size="small" aria-label="Close find" onPress={onClose}>
        <Icon name="close" size={14} />
      </Button>
    </div>
  );
}
