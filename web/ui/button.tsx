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

/**
 * A pending button keeps the focus and does nothing. (React Aria's own way announces the button by its id, which names
 * nothing any more when the page it was on is gone; what happens is announced by whoever does it.)
 */
export function Button({
  look = "plain",
  size = "normal",
  className,
  isPending = false,
  onPress,
  ...props
}: ButtonProps) {
  const pressed = isPending ? { "aria-disabled": true, "data-pending": true } : onPress ? { onPress } : {};
  return <AriaButton {...props} {...pressed} className={classes(look, size, className)} />;
}

/** A link that looks like a button: it leads somewhere, it does nothing. */
export function ButtonLink({ look = "plain", size = "normal", className, ...props }: LinkProps & Look) {
  return <AriaLink {...props} className={classes(look, size, className)} />;
}

function classes(look: string, size: string, more: unknown): string {
  return `button button-${look} button-${size}${typeof more === "string" ? ` ${more}` : ""}`;
}
