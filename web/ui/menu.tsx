import type { ReactNode } from "react";
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuTrigger,
  Popover,
  type MenuItemProps,
  type MenuProps,
} from "react-aria-components";
import { Icon } from "./icon.tsx";
import "./menu.css";

export interface MenuButtonProps<T extends object> extends MenuProps<T> {
  /** The button that opens it. */
  readonly button: ReactNode;
}

/** A button with a menu below it; its children are `MenuItem`. */
export function MenuButton<T extends object>({ button, ...props }: MenuButtonProps<T>) {
  return (
    <MenuTrigger>
      {button}
      <Popover className="menu-popover" placement="bottom end" offset={4}>
        <AriaMenu {...props} className="menu" />
      </Popover>
    </MenuTrigger>
  );
}

export function MenuItem({ children, ...props }: Omit<MenuItemProps, "children"> & { readonly children: ReactNode }) {
  return (
    <AriaMenuItem {...props} className="menu-item">
      {({ isSelected, selectionMode }) => (
        <>
          {children}
          {selectionMode !== "none" && isSelected ? <Icon name="pass" size={14} /> : null}
        </>
      )}
    </AriaMenuItem>
  );
}
