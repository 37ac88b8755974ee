/** The modes of a terminal, by their termios(3) names. Flags that are not here keep their usual value and have no effect. */
export interface Termios {
  /** Lines with editing, instead of bytes as they come. */
  readonly icanon: boolean;
  /** Ctrl-C, Ctrl-Z and Ctrl-\ raise signals. */
  readonly isig: boolean;
  readonly echo: boolean;
  /** Carriage return becomes newline on input. */
  readonly icrnl: boolean;
  /** Newline becomes carriage return and newline on output. */
  readonly onlcr: boolean;
  /** A key that ends a line as Enter does and stays part of it (VEOL). */
  readonly eol?: string;
}

export const COOKED: Termios = { icanon: true, isig: true, echo: true, icrnl: true, onlcr: true };

/** As cfmakeraw(3): what kubectl and ssh put a terminal into while they pass bytes on. */
export const RAW: Termios = { icanon: false, isig: false, echo: false, icrnl: false, onlcr: false };

/** As readline puts it: bytes as they come, signals and output as usual. */
export const READLINE: Termios = { icanon: false, isig: true, echo: false, icrnl: true, onlcr: true };
