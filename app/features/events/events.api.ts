/** Events as the API gives them. Pure. */
import { z } from "zod";
import { listOf, moment, type ApiOperation } from "../../formats/openapi.ts";
import { paths } from "../../platform/paths.ts";
import { EVENT_STATES, type Event, type EventCounts } from "./events.ts";

const texts = z.record(z.string(), z.string()).describe("By language code.");
const rounded = z.int().min(0);

export const apiEvent = z.object({
  slug: z.string(),
  titles: texts,
  summaries: texts,
  kind: z.string(),
  country: z.string().nullable(),
  bbox: z
    .tuple([z.number(), z.number(), z.number(), z.number()])
    .nullable()
    .describe("West, south, east, north."),
  time_zone: z.string().nullable(),
  started_at: moment.nullable(),
  state: z.enum(EVENT_STATES),
  hotlines: z.array(z.object({ number: z.string(), names: texts })),
  links: z.array(z.object({ url: z.string(), titles: texts })),
  counts: z
    .object({ persons: rounded, safe: rounded, sought: rounded, needs_help: rounded })
    .describe("Public persons. 0 below five, else to the nearest five."),
  url: z.string(),
  drill: z.boolean().describe("True when it is an exercise: nobody is in danger."),
  invented: z.boolean().describe("True when it is an example."),
});
export type ApiEvent = z.infer<typeof apiEvent>;

export const apiEventList = listOf(apiEvent);

/** An event as the API gives it. `counts` are rounded already; an event nobody posted under has none. */
export function toApiEvent(event: Event, counts: EventCounts | undefined, publicUrl: string): ApiEvent {
  const { west, south, east, north } = event;
  return {
    slug: event.slug,
    titles: event.titles,
    summaries: event.summaries,
    kind: event.kind,
    country: event.country,
    bbox:
      west === null || south === null || east === null || north === null ? null : [west, south, east, north],
    time_zone: event.time_zone,
    started_at: event.started_at,
    state: event.state,
    hotlines: event.hotlines,
    links: event.links,
    counts: {
      persons: counts?.all ?? 0,
      safe: counts?.safe ?? 0,
      sought: counts?.sought ?? 0,
      needs_help: counts?.needsHelp ?? 0,
    },
    url: publicUrl + paths.event(event.slug),
    drill: event.drill,
    invented: event.invented,
  };
}

/** The calls about events. */
export const eventOperations: readonly ApiOperation[] = [
  {
    method: "get",
    path: "/api/v1/events",
    id: "listEvents",
    tag: "events",
    summary: "Events, open ones first, with rounded counts.",
    answer: { status: 200, description: "All events.", content: { name: "EventList", schema: apiEventList } },
    refusals: [503],
  },
];
