import type { ReactNode } from "react";
import { Button, Disclosure as AriaDisclosure, DisclosurePanel, Heading } from "react-aria-components";
import { Icon } from "./icon.tsx";
import "./disclosure.css";

export interface DisclosureProps {
  /** What the button says. */
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** Of its heading; without one it is none. */
  readonly level?: 2 | 3 | 4;
  readonly className?: string;
  readonly open?: boolean;
}

/** A line that opens to more. */
export function Disclosure({ title, children, level, className = "", open = false }: DisclosureProps) {
  const button = (
    <Button slot="trigger" className="disclosure-button">
      <Icon name="right" size={14} />
      {title}
    </Button>
  );
  return (
    <AriaDisclosure className={`disclosure ${className}`} defaultExpanded={open}>
      {level === undefined ? (
        button
      ) : (
        <Heading level={level} className="disclosure-heading">
          {button}
        </Heading>
      )}
      <DisclosurePanel className="disclosure-panel">{children}</DisclosurePanel>
    </AriaDisclosure>
  );
}
