import DOMPurify from "dompurify";
import MarkdownIt from "markdown-it";

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });
markdown.renderer.rules.code_inline = (tokens, index) => {
  const text = markdown.utils.escapeHtml(tokens[index]!.content);
  return `<button type="button" class="copyable copyable-inline"><span class="only-read">Copy </span><code>${text}</code></button>`;
};
const block: NonNullable<typeof markdown.renderer.rules.fence> = (tokens, index) =>
  `<pre tabindex="0"><code>${markdown.utils.escapeHtml(tokens[index]!.content)}</code></pre>\n`;
markdown.renderer.rules.fence = block;
markdown.renderer.rules.code_block = block;
markdown.renderer.rules.link_open = (tokens, index, options, _, renderer) => {
  tokens[index]!.attrSet("target", "_blank");
  tokens[index]!.attrSet("rel", "noreferrer");
  return renderer.renderToken(tokens, index, options);
};

/** Markdown as safe HTML. Inline code becomes a button that Markdown copies with; nothing in it loads from anywhere. */
export function renderMarkdown(text: string): string {
  return DOMPurify.sanitize(markdown.render(text), {
    USE_PROFILES: { html: true },
    FORBID_TAGS: ["img", "style", "form", "input", "iframe", "video", "audio"],
    FORBID_ATTR: ["style"],
    ADD_ATTR: ["target", "tabindex"],
  });
}
