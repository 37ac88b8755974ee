import { Page } from "../app/index.ts";
import { Empty } from "../ui/index.ts";

export default function Workspace({ id }: { readonly id: string }) {
  return (
    <Page title="Workspace">
      <Empty title="The workspace is not built yet.">Attempt {id} is open on the server.</Empty>
    </Page>
  );
}
