import { checkExpression, evaluate } from "../expression/expression.ts";
import { once, type BlockView, type Plugin } from "../plugin.ts";
import type { Query } from "../query.ts";

interface ViewConfig {
  readonly name: string;
  readonly expressions: readonly string[];
}

/** view: which queries a server block takes at all (plugin/view). */
export const view: Plugin<ViewConfig> = {
  name: "view",
  setup(c) {
    let config: ViewConfig | undefined;
    once(c, () => {
      const args = c.remainingArgs();
      if (args.length !== 1) throw c.argumentError();
      const expressions: string[] = [];
      while (c.nextBlock()) {
        if (c.value !== "expr") throw c.error(`unknown property '${c.value}'`);
        const text = c.remainingArgs().join(" ");
        checkExpression(text);
        expressions.push(text);
      }
      config = { name: args[0]!, expressions };
    });
    return config!;
  },
};

/** The view of a server block that has one. */
export function viewOf({
  plugins,
}: {
  readonly plugins: readonly { readonly name: string; readonly config: unknown }[];
}): ViewConfig | undefined {
  return plugins.find(({ name }) => name === "view")?.config as ViewConfig | undefined;
}

/** The name that metrics give a block's view; empty without one. */
export function viewName({ instance, index }: BlockView): string {
  return viewOf(instance.config.blocks[index]!)?.name ?? "";
}

/** Whether a block takes a query; what cannot be told is no. */
export function takes(config: ViewConfig | undefined, query: Query): boolean {
  return config === undefined || config.expressions.every((text) => evaluate(text, query) === true);
}
