import type { Theme } from "../words.ts";
import { addresses } from "./addresses.ts";
import { filter } from "./filter.ts";
import { links } from "./links.ts";
import { routes } from "./routes.ts";
import { sets } from "./sets.ts";

export const THEMES: Readonly<Record<string, Theme>> = { addresses, filter, links, routes, sets };
