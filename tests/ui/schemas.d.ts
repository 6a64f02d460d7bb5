// What the console's modules call `Schemas`: the schemas of the contract document, as openapi-typescript makes them of
// docs/openapi.json.
import type { components } from "../../.ui/contract";

declare global {
  type Schemas = components["schemas"];
}
