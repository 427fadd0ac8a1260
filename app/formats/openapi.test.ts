import { describe, expect, it } from "vitest";
import { z } from "zod";
import { listOf, moment, openApiDocument, type ApiOperation } from "./openapi.ts";

const thing = z.object({ id: z.string(), at: moment.nullable(), n: z.int() });
const operation: ApiOperation = {
  method: "get",
  path: "/things/{id}",
  id: "getThings",
  tag: "things",
  summary: "Things.",
  pathParameters: { id: "Which." },
  query: z.object({
    limit: z.preprocess((n) => (n ? Number(n) : undefined), z.int().min(1).max(9).default(5)),
    word: z.enum(["a", "b"]).optional().describe("A word."),
  }),
  answer: { status: 200, description: "All.", content: { name: "ThingList", schema: listOf(thing) } },
  refusals: [404, 429],
};

describe("openApiDocument", () => {
  const document = openApiDocument({
    title: "T",
    version: "1",
    description: "D",
    serverUrl: "https://x.example",
    licence: { name: "L", url: "https://l.example" },
    operations: [
      operation,
      {
        ...operation,
        method: "post",
        id: "postThing",
        query: undefined,
        body: { name: "NewThing", schema: z.object({ n: z.int().default(1), word: z.string().trim() }) },
        answer: { status: 201, description: "Made.", content: { name: "Thing", schema: thing } },
      },
    ],
  }) as Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any -- walked through freely below

  it("puts both methods of an address together", () => {
    expect(Object.keys(document["paths"]["/things/{id}"])).toEqual(["get", "post"]);
  });

  it("describes parameters as they may be sent", () => {
    expect(document["paths"]["/things/{id}"]["get"]["parameters"]).toEqual([
      { name: "id", in: "path", required: true, description: "Which.", schema: { type: "string" } },
      { name: "limit", in: "query", required: false, schema: { type: "integer", minimum: 1, maximum: 9, default: 5 } },
      { name: "word", in: "query", required: false, description: "A word.", schema: { type: "string", enum: ["a", "b"] } },
    ]); // prettier-ignore
  });

  it("refers to schemas instead of repeating them", () => {
    const { schemas } = document["components"];
    expect(Object.keys(schemas).sort()).toEqual(["NewThing", "Problem", "Thing", "ThingList"]);
    expect(schemas["ThingList"]["properties"]["data"]["items"]).toEqual({
      $ref: "#/components/schemas/Thing",
    });
    expect(schemas["Thing"]).toEqual({
      type: "object",
      properties: {
        id: { type: "string" },
        at: { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
        n: { type: "integer" },
      },
      required: ["id", "at", "n"],
      additionalProperties: false,
    });
  });

  it("asks in a body only for what has no default, and offers a key for resends", () => {
    expect(document["components"]["schemas"]["NewThing"]["required"]).toEqual(["word"]);
    const { parameters, responses } = document["paths"]["/things/{id}"]["post"];
    expect(parameters.map(({ name }: { name: string }) => name)).toEqual(["id", "Idempotency-Key"]);
    expect(Object.keys(responses)).toEqual(["201", "404", "429"]);
    expect(responses["429"]["headers"]).toHaveProperty("Retry-After");
  });
});
