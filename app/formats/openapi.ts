/** OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1): a document made from the schemas that also read and write. */
import { z } from "zod";

/** A schema under the name by which the document refers to it. */
export interface NamedSchema {
  name: string;
  schema: z.ZodType;
}

/** One call of an API as its feature describes it. */
export interface ApiOperation {
  method: "get" | "post";
  /** As OpenAPI writes it: `/api/v1/persons/{id}`. Every name in braces is one of `pathParameters`. */
  path: string;
  id: string;
  summary: string;
  description?: string;
  tag: string;
  pathParameters?: Record<string, string>;
  query?: z.ZodObject;
  body?: NamedSchema;
  answer: { status: 200 | 201; description: string; content?: NamedSchema };
  /** Statuses of the refusals that are particular to this call. */
  refusals: readonly number[];
}

export interface ApiDescription {
  title: string;
  version: string;
  description: string;
  serverUrl: string;
  licence: { name: string; url: string };
  operations: readonly ApiOperation[];
}

/** Refusals are told as RFC 9457 problems, with a word for programs and the fields to blame. */
export const problemSchema = z.object({
  type: z.string().describe("Always about:blank: the token tells what the status alone does not."),
  title: z.string(),
  status: z.int(),
  token: z.string().describe("A word for the reason that keeps its spelling."),
  errors: z.array(z.object({ field: z.string(), token: z.string() })),
});

/** A list as every call gives it. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({
    data: z.array(item),
    next: z.string().nullable().describe("The cursor of what follows; null at the end."),
    total: z.int().min(0).nullable().describe("How many there are; null when that was not counted."),
  });
}

/** A moment with its offset, as RFC 3339 writes it. */
export const moment = z.iso.datetime({ offset: true });

const PROBLEM: NamedSchema = { name: "Problem", schema: problemSchema };

/** The document. Its schemas are those that the operations name, so it cannot say anything else than they do. */
export function openApiDocument(api: ApiDescription): Record<string, unknown> {
  const answers = api.operations.flatMap(({ answer }) => answer.content ?? []);
  const bodies = api.operations.flatMap(({ body }) => body ?? []);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of api.operations) {
    (paths[operation.path] ??= {})[operation.method] = describe(operation);
  }
  return {
    openapi: "3.1.1",
    info: { title: api.title, version: api.version, description: api.description, license: api.licence },
    servers: [{ url: api.serverUrl }],
    paths,
    components: {
      schemas: { ...jsonSchemas([PROBLEM, ...answers], "output"), ...jsonSchemas(bodies, "input") },
    },
  };
}

function describe(operation: ApiOperation): Record<string, unknown> {
  const { answer, body } = operation;
  return {
    operationId: operation.id,
    summary: operation.summary,
    ...(operation.description ? { description: operation.description } : {}),
    tags: [operation.tag],
    parameters: [
      ...Object.entries(operation.pathParameters ?? {}).map(([name, description]) => ({
        name,
        in: "path",
        required: true,
        description,
        schema: { type: "string" },
      })),
      ...queryParameters(operation.query),
      ...(operation.method === "post" ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(body ? { requestBody: { required: true, content: jsonContent("application/json", body) } } : {}),
    responses: {
      [answer.status]: {
        description: answer.description,
        ...(answer.content ? { content: jsonContent("application/json", answer.content) } : {}),
        ...(answer.status === 201 ? { headers: { Location: header("Address of what was made.") } } : {}),
      },
      ...Object.fromEntries(operation.refusals.map((status) => [status, refusal(status)])),
    },
  };
}

const IDEMPOTENCY_KEY = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  description:
    "1 to 200 characters of your choice. The same key with the same body gives the first answer again.",
  schema: { type: "string", minLength: 1, maxLength: 200 },
};

function queryParameters(query: z.ZodObject | undefined): Record<string, unknown>[] {
  if (!query) return [];
  const { properties = {} } = z.toJSONSchema(query, { io: "input", override: plainer });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as Record<string, unknown>;
    return { name, in: "query", required: false, ...(description ? { description } : {}), schema };
  });
}

function jsonSchemas(named: readonly NamedSchema[], io: "input" | "output"): Record<string, unknown> {
  const registry = z.registry<{ id: string }>();
  for (const { name, schema } of named) registry.add(schema, { id: name });
  const { schemas } = z.toJSONSchema(registry, { io, uri: reference, override: plainer });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _dialect, $id: _address, ...schema }]) => [name, schema]),
  );
}

// A format says what a pattern of four lines says, and whole numbers need no telling where JavaScript's end.
function plainer({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.format === "date-time" || jsonSchema.format === "uuid") delete jsonSchema.pattern;
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
}

function refusal(status: number): Record<string, unknown> {
  return {
    description: REFUSALS[status] ?? "Refused.",
    content: jsonContent("application/problem+json", PROBLEM),
    ...(status === 429 || status === 503 ? { headers: { "Retry-After": header("Seconds to wait.") } } : {}),
  };
}

const REFUSALS: Record<number, string> = {
  400: "The body is not JSON, or not an object.",
  403: "This caller may not do that.",
  404: "There is no such record, or it is not public.",
  409: "The same Idempotency-Key came before with another body.",
  410: "The record was deleted or has expired.",
  413: "The body is too large.",
  415: "The body is not application/json.",
  422: "A parameter or field is not acceptable; errors names it.",
  429: "Too many at once.",
  503: "The site cannot answer now.",
};

function jsonContent(mediaType: string, { name }: NamedSchema): Record<string, unknown> {
  return { [mediaType]: { schema: { $ref: reference(name) } } };
}

function header(description: string): Record<string, unknown> {
  return { description, schema: { type: "string" } };
}

function reference(name: string): string {
  return `#/components/schemas/${name}`;
}
