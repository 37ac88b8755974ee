import {
  Button as AriaButton,
  Link as AriaLink,
  type ButtonProps as AriaButtonProps,
  type LinkProps,
} from "react-aria-components";
import "./button.css";

export interface Look {
  /** `primary`: the one thing to do here. `quiet`: without a frame until it is pointed at. */
  readonly look?: "primary" | "plain" | "quiet";
  readonly size?: "small" | "normal";
}

export type ButtonProps = AriaButtonProps & Look;

export function Button({ look = "plain", size = "normal", className, ...props }: ButtonProps) {
  return <AriaButton {...props} className={classes(look, size, className)} />;
}

/** A link that looks like a button: it leads somewhere, it does nothing. */
export function ButtonLink({ look = "plain", size = "normal", className, ...props }: LinkProps & Look) {
  return <AriaLink {...props} className={classes(look, size, className)} />;
}

function classes(look: string, size: string, more: unknown): string {
  return `button button-${look} button-${size}${typeof more === "string" ? ` ${more}` : ""}`;
}
