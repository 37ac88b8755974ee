import type { PartView } from "../../../server/sessions/protocol/index.ts";
import { Markdown } from "../../markdown/index.ts";
import { Disclosure } from "../../ui/index.ts";

/** What one may always look up, as in the certification's exam. */
const ALWAYS = [
  { title: "Kubernetes documentation", url: "https://kubernetes.io/docs/" },
  { title: "Kubernetes blog", url: "https://kubernetes.io/blog/" },
  { title: "Helm documentation", url: "https://helm.sh/docs/" },
  { title: "Gateway API", url: "https://gateway-api.sigs.k8s.io/" },
];

/** What may be read during the task: short pages of ours, and pages elsewhere. */
export function Docs({ docs }: { readonly docs: PartView["docs"] }) {
  const links = [...docs.filter((page) => "url" in page), ...ALWAYS];
  return (
    <div className="docs">
      {docs.map((page) =>
        "text" in page ? (
          <Disclosure key={page.title} title={page.title} level={2}>
            <Markdown text={page.text} />
          </Disclosure>
        ) : null,
      )}
      <section aria-labelledby="docs-elsewhere">
        <h2 id="docs-elsewhere">In a new tab</h2>
        <ul className="docs-links">
          {links.map(({ title, url }) => (
            <li key={url}>
              <a href={url} target="_blank" rel="noreferrer">
                {title}
              </a>{" "}
              <span className="muted">{new URL(url).host}</span>
            </li>
          ))}
        </ul>
      </section>
    </div>
  );
}
