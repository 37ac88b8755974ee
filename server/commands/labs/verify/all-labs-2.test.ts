import { proveLabs } from "./testing.ts";

proveLabs(1);
