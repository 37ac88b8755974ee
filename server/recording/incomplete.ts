/** Longer sequences than this are taken as they come. */
const LONGEST = 4096;

/** An escape sequence whose end has not come: CSI, a string (OSC, DCS, APC, PM, SOS), or one with intermediates. */
// oxlint-disable-next-line no-control-regex
const OPEN_SEQUENCE = /\x1b(?:\[[0-?]*[ -/]*|[\]PX^_][^\x07\x1b]*\x1b?|[ -/]*)$/;

/** A character of UTF-8 of which the last bytes are missing. */
const OPEN_CHARACTER = /(?:[\xc2-\xdf]|[\xe0-\xef][\x80-\xbf]?|[\xf0-\xf4][\x80-\xbf]{0,2})$/;

/** How many bytes at the end of a terminal's output are the beginning of something that is not complete. */
export function incompleteEnd(bytes: string): number {
  const end = bytes.slice(-LONGEST);
  const open = OPEN_SEQUENCE.exec(end) ?? OPEN_CHARACTER.exec(end);
  return open ? end.length - open.index : 0;
}
