/** What pino gives, as far as it is used here. Nothing that was typed or printed in a terminal is ever logged. */
export interface Logger {
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
}
