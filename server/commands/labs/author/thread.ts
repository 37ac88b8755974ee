import { enableCompileCache, registerHooks } from "node:module";
enableCompileCache();
// As in cli.ts: whole relative paths need no search.
registerHooks({
  resolve(specifier, context, next) {
    if (!specifier.startsWith(".") || !specifier.endsWith(".ts")) return next(specifier, context);
    return { url: new URL(specifier, context.parentURL).href, format: "module-typescript", shortCircuit: true };
  },
});
const { answerOrders } = await import("./orders.ts");
answerOrders();
