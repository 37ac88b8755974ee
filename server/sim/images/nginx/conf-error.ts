/** Where a directive ends: what errors point to. */
export interface ConfPosition {
  /** A path, or `command line`. */
  readonly file: string;
  readonly line: number;
}

/** A configuration that nginx refuses with a line of level emerg. Caught where a configuration is loaded. */
export class ConfError extends Error {
  constructor(message: string, at?: ConfPosition) {
    super(at === undefined ? message : `${message} in ${positionText(at)}`);
  }
}

/** A configuration that nginx takes and we do not. */
export class NotSimulated extends Error {}

export function positionText({ file, line }: ConfPosition): string {
  return file === "command line" ? file : `${file}:${line}`;
}
