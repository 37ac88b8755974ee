import {
  Button,
  Text,
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from "react-aria-components";
import { wordsOf } from "../api/index.ts";
import { Icon } from "./icon.tsx";
import "./toast.css";

export interface ToastWords {
  readonly kind: "info" | "pass" | "warn" | "fail";
  readonly title: string;
  readonly more?: string | undefined;
}

const queue = new ToastQueue<ToastWords>({ maxVisibleToasts: 3 });

/** Says something at the corner of the page. Failures stay until they are closed. */
export function toast(words: ToastWords): void {
  queue.add(words, words.kind === "fail" ? {} : { timeout: 6000 });
}

export function toastError(error: unknown): void {
  const { message, help } = wordsOf(error);
  toast({ kind: "fail", title: message, more: help });
}

export function Toasts() {
  return (
    <ToastRegion queue={queue} className="toasts no-print" aria-label="Messages">
      {({ toast: item }) => (
        <AriaToast toast={item} className="toast" data-kind={item.content.kind}>
          <span className="toast-glyph">
            <Icon name={item.content.kind === "fail" ? "warn" : item.content.kind} />
          </span>
          <ToastContent className="toast-words">
            <Text slot="title">{item.content.title}</Text>
            {item.content.more === undefined ? null : <Text slot="description">{item.content.more}</Text>}
          </ToastContent>
          <Button slot="close" className="toast-close" aria-label="Close">
            <Icon name="close" size={14} />
          </Button>
        </AriaToast>
      )}
    </ToastRegion>
  );
}
