/** What becomes of a text that is pasted into a terminal. */
export type PasteVerdict =
  | { readonly is: "fine" }
  | { readonly is: "ask"; readonly lines: number; readonly bytes: number }
  | { readonly is: "refuse"; readonly words: string };

const ASK_BYTES = 1_048_576;
const ASK_LINES = 100;
const MOST_BYTES = 8 * 1_048_576;

export function judgePaste(text: string): PasteVerdict {
  const bytes = new TextEncoder().encode(text).length;
  if (bytes > MOST_BYTES)
    return {
      is: "refuse",
      words: `This text is ${readableBytes(bytes)}; a terminal takes at most 8 MB at once. Nothing was pasted.`,
    };
  const lines = text.split(/\r\n|\r|\n/).length;
  return bytes > ASK_BYTES || lines > ASK_LINES ? { is: "ask", lines, bytes } : { is: "fine" };
}

export function readableBytes(bytes: number): string {
  if (bytes < 1024) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  if (bytes < 1_048_576) return `${Math.round(bytes / 1024)} kB`;
  return `${(bytes / 1_048_576).toFixed(1)} MB`;
}
