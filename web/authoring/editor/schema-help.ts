import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
} from "@codemirror/autocomplete";
import { hoverTooltip } from "@codemirror/view";
import { keyAt, placeAt } from "../yaml/place.ts";
import { documentation, fields, schemasAt, typeOf, values, type Offer, type Schema } from "../yaml/schema.ts";

/** Completion of fields and values of lab.yaml, and what the schema says of the field under the pointer. */
export function schemaHelp(schema: Schema) {
  return [
    autocompletion({ icons: false, override: [(context) => complete(schema, context)] }),
    hoverTooltip((view, at) => {
      const key = keyAt(view.state.doc.toString(), at);
      if (key === undefined) return null;
      const found = schemasAt(schema, key.path);
      const words = documentation(schema, found);
      if (found.length === 0) return null;
      return {
        pos: key.from,
        end: key.to,
        create: () => {
          const dom = document.createElement("div");
          dom.className = "cm-field-words";
          const name = document.createElement("code");
          name.textContent = `${String(key.path.at(-1))}: `;
          const types = [...new Set(found.map((each) => typeOf(schema, each)).filter((type) => type !== ""))];
          dom.append(name, types.slice(0, 3).join(" | "), document.createElement("br"), words);
          return { dom };
        },
      };
    }),
  ];
}

function complete(schema: Schema, context: CompletionContext): CompletionResult | null {
  const place = placeAt(context.state.doc.toString(), context.pos);
  if (place === undefined || (place.typed === "" && !context.explicit)) return null;
  const found = schemasAt(schema, place.path);
  const keys = place.kind === "value" ? [] : fields(schema, found).map((offer) => option(offer, ": "));
  const words = place.kind === "key" ? [] : values(found).map((offer) => option(offer, ""));
  const options = [...keys, ...words];
  return options.length === 0 ? null : { from: place.from, options, validFor: /^[\w.-]*$/ };
}

function option({ label, detail, documentation: info }: Offer, behind: string): Completion {
  const type = behind === "" ? "constant" : "property";
  return { label, detail, type, apply: label + behind, ...(info === "" ? {} : { info }) };
}
