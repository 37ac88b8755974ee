import { Button, MenuButton, MenuItem, Icon } from "../ui/index.ts";
import { chooseTheme, useThemeChoice, type ThemeChoice } from "./theme.ts";

const NAMES: Readonly<Record<ThemeChoice, string>> = { system: "As the system", light: "Light", dark: "Dark" };
const ICONS = { system: "system", light: "sun", dark: "moon" } as const;

export function ThemeSwitch() {
  const chosen = useThemeChoice();
  return (
    <MenuButton
      button={
        <Button look="quiet" size="small" aria-label={`Theme: ${NAMES[chosen]}`}>
          <Icon name={ICONS[chosen]} />
        </Button>
      }
      aria-label="Theme"
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chosen]}
      onSelectionChange={(keys) => {
        const [key] = keys === "all" ? [] : keys;
        if (key === "system" || key === "light" || key === "dark") chooseTheme(key);
      }}
    >
      {(["system", "light", "dark"] as const).map((theme) => (
        <MenuItem key={theme} id={theme} textValue={NAMES[theme]}>
          <Icon name={ICONS[theme]} size={14} />
          {NAMES[theme]}
        </MenuItem>
      ))}
    </MenuButton>
  );
}
