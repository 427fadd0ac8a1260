import { eventOperations } from "../features/events/events.api.ts";
import { personOperations } from "../features/safety/persons.api.ts";
import type { ApiOperation } from "../formats/openapi.ts";

/** Every call of the API. A test compares this list with the routes. */
export const apiOperations: readonly ApiOperation[] = [
  ...personOperations,
  ...eventOperations,
  {
    method: "get",
    path: "/api/v1/openapi.json",
    id: "describeApi",
    tag: "about",
    summary: "This document.",
    answer: { status: 200, description: "OpenAPI 3.1." },
    refusals: [],
  },
];
