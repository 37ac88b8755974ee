import { Page } from "../app/index.ts";

export function CataloguePage() {
  return <Page title="Catalogue">…</Page>;
}
