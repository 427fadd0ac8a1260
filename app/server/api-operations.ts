import { z } from "zod";
import { storyOperations } from "../features/cases/stories.api.ts";
import { eventOperations } from "../features/events/events.api.ts";
import { noticeOperations } from "../features/notices/notices.api.ts";
import { openDataOperations } from "../features/open-data/open-data.api.ts";
import { reportOperations } from "../features/map/reports.api.ts";
import { personOperations } from "../features/safety/persons.api.ts";
import { releaseOperations } from "../features/statistics/releases.api.ts";
import type { ApiOperation } from "../formats/openapi.ts";
import { LIVE_TOPICS } from "./live.ts";

/** Every call of the API. A test compares this list with the routes. */
export const apiOperations: readonly ApiOperation[] = [
  ...personOperations,
  ...eventOperations,
  ...storyOperations,
  ...noticeOperations,
  ...openDataOperations,
  ...releaseOperations,
  ...reportOperations,
  {
    method: "get",
    path: "/api/v1/live",
    id: "listen",
    tag: "live",
    summary: "Changes of what is public, as they happen (text/event-stream).",
    description:
      "Each event is named by its topic; its data is JSON with id, kind (created, updated or removed), event, drill and at. " +
      "Last-Event-ID goes on where a connection ended. The event ready says that everything missed has been sent, reset " +
      "that it is more than is remembered: read the lists anew.",
    query: z.object({
      topics: z
        .string()
        .optional()
        .describe(`Any of ${LIVE_TOPICS.join(", ")}, parted by commas; all unless told.`),
    }),
    answer: { status: 200, description: "An endless stream of events, with a comment every 20 seconds." },
    refusals: [422, 429, 503],
  },
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
