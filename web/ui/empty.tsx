import type { ReactNode } from "react";
import { Mark } from "./mark.tsx";
import "./empty.css";

/** What stands where nothing is yet, and what it will be. */
export function Empty(props: { readonly title: string; readonly children?: ReactNode; readonly action?: ReactNode }) {
  return (
    <div className="empty">
      <Mark size={36} />
      <h1>{props.title}</h1>
      {props.children === undefined ? null : <p>{props.children}</p>}
      {props.action}
    </div>
  );
}
