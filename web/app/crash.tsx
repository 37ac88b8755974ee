import { Component, type ReactNode } from "react";
import { Button, Notice } from "../ui/index.ts";

/** Stands in for a page that failed: a fault in the page, not in the learner's cluster. */
export class Crash extends Component<{ readonly children: ReactNode }, { readonly failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return (
      <main className="page-alone">
        <Notice
          kind="fail"
          title="This page failed."
          action={<Button onPress={() => location.reload()}>Reload</Button>}
        >
          Your clusters, answers and clocks go on; nothing of them is lost.
        </Notice>
      </main>
    );
  }
}
