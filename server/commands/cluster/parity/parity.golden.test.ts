import { replay } from "./replay.ts";

replay({ part: 0, of: 2 });
