import type { ReactNode } from "react";
import { Mark } from "./mark.tsx";
import "./empty.css";

/** What stands where nothing is yet, and what it will be. */
export function Empty(props: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  /** Of its heading: 1, where it is all that the page shows. */
  readonly level?: 1 | 2 | 3;
}) {
  const Heading = `h${props.level ?? 1}` as const;
  return (
    <div className="empty">
      <Mark size={36} />
      <Heading>{props.title}</Heading>
      {props.children === undefined ? null : <p>{props.children}</p>}
      {props.action}
    </div>
  );
}
