import { ButtonLink, Empty } from "../ui/index.ts";
import { Page } from "./page.tsx";

export function NotFoundPage() {
  return (
    <Page title="Not found">
      <Empty title="There is no such page." action={<ButtonLink href="/">Open the catalogue</ButtonLink>}>
        The address may be of an attempt on another server.
      </Empty>
    </Page>
  );
}
