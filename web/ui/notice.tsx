import type { ReactNode } from "react";
import { wordsOf } from "../api/index.ts";
import { Button } from "./button.tsx";
import { Icon } from "./icon.tsx";
import "./notice.css";

export interface NoticeProps {
  readonly kind: "info" | "warn" | "fail" | "broke";
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}

/** Something to know at this place of the page: what happened, what is safe, what to do. */
export function Notice({ kind, title, children, action }: NoticeProps) {
  return (
    <div className="notice" data-kind={kind} role={kind === "fail" ? "alert" : undefined}>
      <span className="notice-glyph">
        <Icon name={kind === "info" ? "info" : "warn"} />
      </span>
      <div className="notice-words">
        <p className="notice-title">{title}</p>
        {children === undefined || children === null ? null : <div className="notice-more">{children}</div>}
      </div>
      {action === undefined ? null : <div className="notice-action">{action}</div>}
    </div>
  );
}

/** An error of the server or the page, with a way to try again where that helps. */
export function ErrorNotice({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  const { message, help } = wordsOf(error);
  return (
    <Notice
      kind="fail"
      title={message}
      action={onRetry === undefined ? undefined : <Button onPress={onRetry}>Try again</Button>}
    >
      {help}
    </Notice>
  );
}
