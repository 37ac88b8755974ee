import type { Node } from "./node.ts";

/** How many characters a node takes, if it is always as many: what a look-behind must be. */
export function fixedWidth(node: Node): number | undefined {
  switch (node.kind) {
    case "char":
    case "set":
      return 1;
    case "empty":
    case "never":
    case "place":
    case "look":
    case "keep":
      return 0;
    case "group":
    case "atomic":
      return fixedWidth(node.node);
    case "back":
      return undefined;
    case "concat": {
      let sum = 0;
      for (const each of node.nodes) {
        const width = fixedWidth(each);
        if (width === undefined) return undefined;
        sum += width;
      }
      return sum;
    }
    case "alternate": {
      const [first, ...rest] = node.nodes.map(fixedWidth);
      return rest.every((width) => width === first) ? first : undefined;
    }
    case "repeat": {
      const width = fixedWidth(node.node);
      return width === undefined || node.min !== node.max ? undefined : width * node.min;
    }
  }
}
