import { Button, Dialog } from "../../ui/index.ts";
import { KEYS, RESERVED } from "./keys.ts";

export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" open onClose={onClose} actions={<Button onPress={onClose}>Close</Button>}>
      <KeyList keys={KEYS} />
      <h3 className="keys-title">Kept by the browser</h3>
      <KeyList keys={RESERVED} />
    </Dialog>
  );
}

function KeyList({ keys }: { readonly keys: typeof KEYS }) {
  return (
    <dl className="keys">
      {keys.map(([names, does]) => (
        <div key={does}>
          <dt>
            {names.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{does}</dd>
        </div>
      ))}
    </dl>
  );
}
