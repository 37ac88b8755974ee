import { replay } from "./replay.ts";

replay({ part: 1, of: 2 });
