export { customColumnsFilePrinter, customColumnsPrinter,  } from "./custom-columns.ts";
export { isFailure, type Failure } from "./failure.ts";
export { formatValue,  } from "./golang/format.ts";
export {   type Json,  } from "./golang/kind.ts";
export { GoNumber,  } from "./golang/number.ts";
;
export { quote } from "./golang/quote.ts";
export { goSort } from "./golang/sort.ts";
export { goTemplatePrinter,   } from "./gotemplate/print.ts";
export { encodeJson, printJson,  } from "./json.ts";
export { parseJsonPath,    } from "./jsonpath/jsonpath.ts";
export { jsonPathPrinter,   } from "./jsonpath/print.ts";
export { relaxedTemplate } from "./jsonpath/relaxed.ts";
;
export { sortObjects, sortTable, type Unsortable } from "./sort.ts";
export {
  
  TablePrinter,
  type Table,
  type TableColumn,
  
  
  
} from "./table.ts";
export { DESCRIBE,  TABLE, TabWriter,  } from "./tabwriter.ts";
export { escapeTerminal } from "./terminal.ts";
export { toYaml } from "./yaml/yaml.ts";
