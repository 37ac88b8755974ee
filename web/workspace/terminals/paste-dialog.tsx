import { Button, Dialog } from "../../ui/index.ts";
import { type PasteVerdict, readableBytes } from "./paste.ts";

export interface PasteRequest {
  readonly verdict: Exclude<PasteVerdict, { is: "fine" }>;
  readonly paste: () => void;
}

/** Asks before a long text goes into a shell line by line; says why a huge one does not. */
export function PasteDialog({ request, onDone }: { readonly request: PasteRequest; readonly onDone: () => void }) {
  const { verdict, paste } = request;
  if (verdict.is === "refuse")
    return (
      <Dialog title="Too much for a terminal" open onClose={onDone} actions={<Button onPress={onDone}>Close</Button>}>
        <p>{verdict.words}</p>
        <p>Write it into a file in pieces instead.</p>
      </Dialog>
    );
  const lines = verdict.lines === 1 ? "1 line" : `${verdict.lines} lines`;
  return (
    <Dialog
      title={`Paste ${lines}, ${readableBytes(verdict.bytes)}?`}
      open
      onClose={onDone}
      actions={
        <>
          <Button onPress={onDone}>Cancel</Button>
          <Button
            look="primary"
            autoFocus
            onPress={() => {
              onDone();
              paste();
            }}
          >
            Paste
          </Button>
        </>
      }
    >
      <p>A shell may run each line as a command. Make sure that it is the text you mean.</p>
    </Dialog>
  );
}
