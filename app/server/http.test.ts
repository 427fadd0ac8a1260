import type { IncomingHttpHeaders } from "node:http";
import { request as send } from "node:http";
import type { AddressInfo } from "node:net";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib";
import { pino } from "pino";
import { afterEach, describe, expect, test, vi } from "vitest";
import { secretPage, sharedPage } from "../platform/cache.server.ts";
import type { RequestContext } from "../platform/http.server.ts";
import { formTokenField, makeFormToken } from "../platform/session.server.ts";
import type { Handle, HttpOptions, HttpServer } from "./http.ts";
import { createHttpServer, metricsKey } from "./http.ts";
import { secretsFrom } from "./secrets.ts";

const secret = secretsFrom("a secret that is long enough for these tests");
const publicUrl = "https://lookout.example";
const page = { "Content-Type": "text/html; charset=utf-8" };
const form = { "Content-Type": "application/x-www-form-urlencoded" };
const ours = { Origin: publicUrl };

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
}

const opened: HttpServer[] = [];

afterEach(async () => {
  for (const { server } of opened) {
    server.closeAllConnections();
    server.close();
  }
  opened.length = 0;
});

async function site(
  handle: Handle,
  options: Partial<HttpOptions> & { trustProxy?: boolean; url?: string } = {},
) {
  const { trustProxy = false, url = publicUrl, ...rest } = options;
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  const context = { env: { trustProxy }, publicUrl: url, secret, log } as unknown as RequestContext;
  const http = createHttpServer({ handle, context, ...rest });
  opened.push(http);
  await new Promise<void>((resolve) => http.server.listen(0, "127.0.0.1", resolve));
  const { port } = http.server.address() as AddressInfo;

  function ask(
    path: string,
    {
      method = "GET",
      headers = {},
      body,
    }: { method?: string; headers?: Record<string, string | string[]>; body?: string | Buffer } = {},
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const outgoing = send({ port, host: "127.0.0.1", path, method, headers, agent: false }, (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
        incoming.on("error", reject);
        incoming.on("end", () => {
          const bytes = Buffer.concat(chunks);
          const encoding = incoming.headers["content-encoding"];
          const plain =
            encoding === "br" ? brotliDecompressSync(bytes) : encoding === "gzip" ? gunzipSync(bytes) : bytes;
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            bytes,
            text: plain.toString(),
          });
        });
      });
      outgoing.on("error", reject);
      outgoing.end(body);
    });
  }

  /** Writes bytes as they are and collects what comes back until the connection ends. */
  function raw(bytes: string | Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
      let text = "";
      socket.on("data", (chunk) => (text += chunk.toString()));
      socket.on("error", reject);
      socket.on("close", () => resolve(text));
    });
  }

  return { ...http, port, ask, raw, lines };
}

const echo: Handle = async (request) =>
  Response.json({
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  });

function counting(headers: Record<string, string> = sharedPage()) {
  let made = 0;
  const handle: Handle = async (request) => {
    made += 1;
    const language = request.headers.get("accept-language");
    return new Response(`<p>${"守望 ".repeat(400)}</p> ${language} ${made}`, {
      headers: { ...page, ...headers },
    });
  };
  return {
    handle,
    get made() {
      return made;
    },
  };
}

describe("shared pages", () => {
  test("a page is made once for everybody who reads the same language, in each encoding", async () => {
    const pages = counting();
    const { ask } = await site(pages.handle);
    const plain = await ask("/safety?q=a&event=b");
    const gzip = await ask("/safety?event=b&q=a", { headers: { "Accept-Encoding": "gzip" } });
    const brotli = await ask("/safety?event=b&q=a", { headers: { "Accept-Encoding": "gzip, deflate, br" } });
    expect(pages.made).toBe(1);
    expect(gzip.headers["content-encoding"]).toBe("gzip");
    expect(brotli.headers["content-encoding"]).toBe("br");
    expect(new Set([plain.text, gzip.text, brotli.text]).size).toBe(1);
    expect(brotli.bytes.length).toBeLessThan(plain.bytes.length);
  });

  test("A6 nobody gets another person's language", async () => {
    const pages = counting();
    const { ask } = await site(pages.handle);
    const english = await ask("/safety", { headers: { "Accept-Language": "en-GB,en;q=0.9" } });
    const japanese = await ask("/safety", { headers: { Cookie: "lang=ja", "Accept-Language": "en" } });
    const chinese = await ask("/safety");
    expect([english.text, japanese.text, chinese.text].map((text) => text.split(" ").at(-2))).toEqual([
      "en",
      "ja",
      "zh-TW",
    ]);
  });

  test("a write is seen at once by everybody", async () => {
    const pages = counting();
    const woken = vi.fn();
    const { ask } = await site(
      async (request, context) => {
        if (request.method === "POST") {
          context.wrote();
          return new Response(null, { status: 303, headers: { Location: "/safety" } });
        }
        return pages.handle(request, context);
      },
      { onWrite: woken },
    );
    await ask("/safety");
    await ask("/safety/persons/new", { method: "POST", headers: { ...form, ...ours }, body: "a=b" });
    expect((await ask("/safety")).text).toMatch(/ 2$/);
    expect(woken).toHaveBeenCalledOnce();
  });

  test("nothing is older than its time", async () => {
    const pages = counting();
    const { ask } = await site(pages.handle, { limits: { sharedForMs: 60 } });
    await ask("/safety");
    await sleep(80);
    expect((await ask("/safety")).text).toMatch(/ 2$/);
  });

  test.each<[string, string, Record<string, string>]>([
    ["another cookie", "/safety", { Cookie: "lang=en; __Host-staff=x" }],
    ["an authorization", "/safety", { Authorization: "Bearer x" }],
    ["an unknown parameter", "/safety?utm_source=x", {}],
    ["a second fact", "/safety?known=1990", {}],
    ["a token", "/safety/persons/1/manage?token=x", {}],
    ["a semicolon in the path", "/safety;.css", {}],
  ])(
    "H38 a request with %s is answered for itself, and no cache on the way may keep it",
    async (_what, path, headers) => {
      const pages = counting();
      const { ask } = await site(pages.handle);
      const first = await ask(path, { headers });
      await ask(path, { headers });
      expect(pages.made).toBe(2);
      expect(first.headers["cache-control"]).toBe("private, no-cache");
    },
  );

  test.each<[string, ResponseInit]>([
    ["says nothing about sharing", { headers: page }],
    ["is secret", { headers: { ...page, ...secretPage() } }],
    ["sets a cookie", { headers: { ...page, ...sharedPage(), "Set-Cookie": "a=b" } }],
    [
      "has a nonce",
      { headers: { ...page, ...sharedPage(), "Content-Security-Policy": "script-src 'nonce-abc'" } },
    ],
    ["is not a 200", { status: 404, headers: { ...page, ...sharedPage() } }],
  ])("A6 an answer that %s is never shared", async (_what, init) => {
    let made = 0;
    const { ask } = await site(async () => new Response(String((made += 1)), init));
    const texts = await Promise.all([ask("/x"), ask("/x"), ask("/x")]);
    expect(texts.map(({ text }) => text).sort()).toEqual(["1", "2", "3"]);
    expect(texts.every(({ headers }) => !headers["cache-control"]?.includes("s-maxage"))).toBe(true);
  });

  test("H38 what one asker sends beside the address reaches no shared page", async () => {
    const { ask } = await site(async (request) =>
      Response.json(Object.fromEntries(request.headers), { headers: sharedPage() }),
    );
    const poison = {
      Host: "evil.example",
      "X-Forwarded-Host": "evil.example",
      "X-Forwarded-Proto": "http",
      "X-Original-URL": "/admin",
      "User-Agent": "poison",
      Referer: "https://evil.example",
      Cookie: "lang=en",
    };
    const first = await ask("/api/v1/persons", { headers: poison });
    expect(JSON.parse(first.text)).toEqual({
      host: "lookout.example",
      accept: "*/*",
      "accept-language": "en",
    });
  });

  test("H39 a known ETag is answered 304, nonsense 200, and a range is not cut out of a page", async () => {
    const pages = counting();
    const { ask } = await site(pages.handle);
    const { headers } = await ask("/safety");
    const again = await ask("/safety", { headers: { "If-None-Match": String(headers.etag) } });
    expect([again.status, again.bytes.length]).toEqual([304, 0]);
    expect((await ask("/safety", { headers: { "If-None-Match": '"', Range: "bytes=0-9" } })).status).toBe(
      200,
    );
  });

  test("HEAD gets the same headers and no body", async () => {
    const pages = counting();
    const { ask } = await site(pages.handle);
    const head = await ask("/safety", { method: "HEAD" });
    const get = await ask("/safety");
    expect(head.bytes.length).toBe(0);
    expect(head.headers["content-length"]).toBe(get.headers["content-length"]);
    expect(pages.made).toBe(1);
  });
});

describe("H24 where a post comes from", () => {
  const good = () => {
    const made = new Date(Date.now() - 5000);
    return makeFormToken({ secret, purpose: "person", now: made });
  };

  test.each<[string, string, Record<string, string>, string, number]>([
    ["our own page", "/x", { ...form, "Sec-Fetch-Site": "same-origin" }, "a=b", 200],
    ["our own page in an older browser", "/x", { ...form, ...ours }, "a=b", 200],
    [
      "another site",
      "/x",
      { ...form, "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" },
      "a=b",
      403,
    ],
    [
      "another site, to the API",
      "/api/v1/persons",
      { "Content-Type": "application/json", Origin: "https://evil.example" },
      "{}",
      403,
    ],
    ["a page without an origin", "/x", { ...form, Origin: "null" }, "a=b", 403],
    ["a neighbour below the same domain", "/x", { ...form, "Sec-Fetch-Site": "same-site" }, "a=b", 403],
    ["nowhere, without a token", "/x", form, "a=b", 403],
    ["nowhere, with a false token", "/x", form, `${formTokenField}=1.2.3.4`, 403],
    ["nowhere, with one of our tokens", "/x", form, `a=b&${formTokenField}=${good()}`, 200],
    ["a mail program that unsubscribes", "/x", form, "List-Unsubscribe=One-Click", 200],
    ["a program, in JSON", "/api/v1/persons", { "Content-Type": "application/json" }, "{}", 200],
    ["a program, as plain text", "/api/v1/persons", { "Content-Type": "text/plain" }, "{}", 415],
    ["another registry", "/pfif/write?key=k", { "Content-Type": "application/xml" }, "<a/>", 200],
    [
      "a spoofed host",
      "/x",
      { ...form, Origin: "https://evil.example", Host: "evil.example", "X-Forwarded-Host": "evil.example" },
      "a=b",
      403,
    ],
  ])("%s", async (_who, path, headers, body, status) => {
    const handle = vi.fn(echo);
    const { ask } = await site(handle);
    const answer = await ask(path, { method: "POST", headers, body });
    expect(answer.status).toBe(status);
    expect(handle).toHaveBeenCalledTimes(status === 200 ? 1 : 0);
  });

  test("the refusal is a kind page in the reader's language, and problem+json for programs", async () => {
    const { ask } = await site(echo);
    const foreign = { ...form, Origin: "https://evil.example" };
    const kind = await ask("/x", {
      method: "POST",
      headers: { ...foreign, "Accept-Language": "ja" },
      body: "a=b",
    });
    expect(kind.text).toContain('<html lang="ja">');
    expect(kind.text).toContain("入力した内容は残っています");
    expect(kind.headers["content-security-policy"]).toContain("script-src 'none'");
    const headers = { "Content-Type": "application/json", Origin: "https://evil.example" };
    const problem = await ask("/api/v1/persons", { method: "POST", headers, body: "{}" });
    expect(problem.headers["content-type"]).toBe("application/problem+json");
    expect(JSON.parse(problem.text)).toMatchObject({ status: 403, token: "foreign_origin" });
  });

  test("the pages see our own host and no origin, so that the framework's comparison cannot misfire", async () => {
    const { ask } = await site(echo);
    const headers = {
      ...form,
      "Sec-Fetch-Site": "same-origin",
      Origin: "http://127.0.0.1:1",
      "X-Forwarded-Host": "e.example",
    };
    const { text } = await ask("/x?a=1", { method: "POST", headers, body: "a=b" });
    const seen = JSON.parse(text);
    expect(seen.url).toBe("https://lookout.example/x?a=1");
    expect(seen.headers).toMatchObject({ host: "lookout.example" });
    expect(Object.keys(seen.headers)).not.toEqual(expect.arrayContaining(["origin"]));
    expect(Object.keys(seen.headers)).not.toEqual(expect.arrayContaining(["x-forwarded-host"]));
  });
});

describe("H20 H21 bodies", () => {
  const post = (headers: Record<string, string>, body: string | Buffer, path = "/x") =>
    [path, { method: "POST", headers: { ...ours, ...headers }, body }] as const;

  test("a body of 60 MB gets its answer, also when its length was not announced", async () => {
    const handle = vi.fn(echo);
    const { ask } = await site(handle);
    const body = Buffer.alloc(60 * 1024 * 1024, "a");
    expect((await ask(...post(form, body))).status).toBe(413);
    const chunked = await ask(...post({ ...form, "Transfer-Encoding": "chunked" }, body));
    expect(chunked.status).toBe(413);
    expect(chunked.text).toContain("10 MB");
    expect(handle).not.toHaveBeenCalled();
  });

  test("forms with photos may be larger than others", async () => {
    const { ask } = await site(
      async (request) => new Response(String((await request.arrayBuffer()).byteLength)),
    );
    const type = { "Content-Type": "multipart/form-data; boundary=x" };
    const part = '--x\r\nContent-Disposition: form-data; name="photo"; filename="../../x.jpg"\r\n\r\n';
    const body = Buffer.concat([
      Buffer.from(part),
      Buffer.alloc(5 * 1024 * 1024, "a"),
      Buffer.from("\r\n--x--\r\n"),
    ]);
    expect((await ask(...post(type, body, "/safety/persons/new"))).text).toBe(String(body.length));
    expect((await ask(...post(type, body, "/sign-in"))).status).toBe(413);
  });

  test("a thousand fields are enough", async () => {
    const { ask } = await site(echo);
    const fields = (count: number) => Array.from({ length: count }, () => "a=b").join("&");
    expect((await ask(...post(form, fields(1000)))).status).toBe(200);
    expect((await ask(...post(form, fields(1001)))).status).toBe(413);
    expect((await ask(...post(form, "&".repeat(100_000)))).status).toBe(413);
    const parts = `--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n`.repeat(2000);
    expect(
      (await ask(...post({ "Content-Type": "multipart/form-data; boundary=x" }, `${parts}--x--`))).status,
    ).toBe(413);
  });

  test.each<[string, Record<string, string>, number]>([
    ["JSON to a form", { "Content-Type": "application/json" }, 415],
    ["no type", {}, 415],
    ["multipart without a boundary", { "Content-Type": "multipart/form-data" }, 400],
    ["gzip", { ...form, "Content-Encoding": "gzip" }, 415],
    ["an unknown encoding", { ...form, "Content-Encoding": "zip" }, 415],
  ])("H39 %s is refused", async (_what, headers, status) => {
    const { ask } = await site(echo);
    expect((await ask(...post(headers, gzipSync("a=b")))).status).toBe(status);
  });

  test.each([
    '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\nb',
    '--y\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n--y--\r\n',
    "--x\r\nContent-Disposition: form-data\r\n\r\nb\r\n--x--\r\n",
    '--x\r\nContent-Disposition: form-data; name="a"; filename="x\r\n.jpg"\r\n\r\nb\r\n--x--\r\n',
    "nonsense",
    "",
  ])("H21 the broken form %j is refused before any page reads it", async (body) => {
    const handle = vi.fn(echo);
    const { ask } = await site(handle);
    const type = { "Content-Type": "multipart/form-data; boundary=x" };
    expect((await ask(...post(type, body))).status).toBe(400);
    expect(handle).not.toHaveBeenCalled();
  });

  test("H22 a body that stops arriving is given up, and holds nothing", async () => {
    const handle = vi.fn(echo);
    const { raw, ask } = await site(handle, { limits: { bodyIdleMs: 100 } });
    const head = `POST /x HTTP/1.1\r\nHost: x\r\nOrigin: ${publicUrl}\r\nContent-Type: application/x-www-form-urlencoded\r\n`;
    const slow = raw(`${head}Content-Length: 1000\r\n\r\na=`);
    await sleep(300);
    expect((await ask("/metrics")).text).toContain("lookout_held_body_bytes 0\n");
    opened[0]?.server.closeAllConnections();
    expect(await slow).toMatch(/^HTTP\/1\.1 408 /);
    expect(handle).not.toHaveBeenCalled();
  });

  test("H22 an upload given up by its sender disturbs nobody", async () => {
    const { ask, port, lines } = await site(echo);
    const socket = connect(port, "127.0.0.1");
    socket.write(
      `POST /x HTTP/1.1\r\nHost: x\r\nOrigin: ${publicUrl}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na=`,
    );
    await sleep(50);
    socket.destroy();
    await sleep(50);
    expect((await ask("/x")).status).toBe(200);
    expect(lines.filter((line) => line.includes('"level":50'))).toEqual([]);
  });
});

describe("addresses and methods", () => {
  test.each(["//evil.example/", "/a\\b", "/a/../b", "/%ZZ", "/%00", "/%c0%af"])(
    "H13 H38 %s is refused",
    async (path) => {
      const handle = vi.fn(echo);
      const { raw } = await site(handle);
      expect(await raw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).toMatch(
        /^HTTP\/1\.1 400 /,
      );
      expect(handle).not.toHaveBeenCalled();
    },
  );

  test("H22 an address of 8 kB and headers of 100 kB are refused with a word", async () => {
    const { raw } = await site(echo);
    const long = await raw(`GET /?q=${"a".repeat(9000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(long).toMatch(/^HTTP\/1\.1 414 /);
    const fat = await raw(`GET / HTTP/1.1\r\nHost: x\r\nX-A: ${"a".repeat(100_000)}\r\n\r\n`);
    expect(fat).toMatch(/^HTTP\/1\.1 431 /);
    expect(await raw("nonsense\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /);
  });

  test("H22 headers that come one by one are not waited for", async () => {
    const { raw } = await site(echo, { limits: { headersMs: 200 } });
    expect(await raw("GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ")).toMatch(/^HTTP\/1\.1 408 /);
  });

  test.each([
    ["PUT", 405],
    ["PATCH", 405],
    ["DELETE", 405],
    ["TRACE", 405],
    ["PROPFIND", 501],
  ])("H23 %s is answered %i", async (method, status) => {
    const { ask } = await site(echo);
    const answer = await ask("/x", { method, headers: ours });
    expect(answer.status).toBe(status);
    expect(answer.headers.allow).toBe("GET, HEAD, POST, OPTIONS");
  });

  test("H23 a method in a header changes nothing and goes no further", async () => {
    const { ask } = await site(echo);
    const headers = { ...form, ...ours, "X-HTTP-Method-Override": "DELETE", "X-Method-Override": "DELETE" };
    const seen = JSON.parse((await ask("/x", { method: "POST", headers, body: "a=b" })).text);
    expect(seen.method).toBe("POST");
    expect(JSON.stringify(seen)).not.toContain("DELETE");
  });

  test("open data may be read by any site's page, other addresses by none", async () => {
    const { ask } = await site(echo);
    const open = await ask("/api/v1/persons", {
      method: "OPTIONS",
      headers: { Origin: "https://other.example" },
    });
    expect([open.status, open.headers["access-control-allow-origin"]]).toEqual([204, "*"]);
    expect(open.headers["access-control-allow-methods"]).toBe("GET, HEAD");
    expect((await ask("/feeds/cap.atom")).headers["access-control-allow-origin"]).toBe("*");
    const closed = await ask("/moderation", {
      method: "OPTIONS",
      headers: { Origin: "https://other.example" },
    });
    expect(closed.headers["access-control-allow-origin"]).toBeUndefined();
  });
});

describe("answers", () => {
  test("every answer carries the headers that protect it", async () => {
    const { ask } = await site(async () => new Response("<p>", { headers: page }));
    expect((await ask("/moderation")).headers).toMatchObject({
      "cache-control": "private, no-cache",
      "content-security-policy":
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
      "cross-origin-opener-policy": "same-origin",
      "cross-origin-resource-policy": "same-origin",
      "referrer-policy": "same-origin",
      "strict-transport-security": "max-age=31536000; includeSubDomains",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
    const local = await site(async () => new Response("x"), { url: "http://127.0.0.1:3000" });
    expect((await local.ask("/")).headers["strict-transport-security"]).toBeUndefined();
  });

  test("a fault of ours tells its reason to the log and to nobody else", async () => {
    const { ask, lines } = await site(async () => {
      throw new Error("password=hunter2 at /srv/app");
    });
    const people = await ask("/safety", { headers: { "Accept-Language": "en" } });
    const programs = await ask("/api/v1/persons");
    expect([people.status, programs.status]).toEqual([500, 500]);
    expect(people.text + programs.text).not.toMatch(/hunter2|srv/);
    expect(people.text).toContain("Something went wrong on our side");
    expect(JSON.parse(programs.text)).toMatchObject({ status: 500, token: "unexpected" });
    expect(lines.join("")).toContain("hunter2");
  });

  test("the framework's bare 500 becomes a kind page, and pages about problems become problem+json for the API", async () => {
    const bare = await site(async () => new Response("Unexpected Server Error", { status: 500 }));
    expect((await bare.ask("/x")).text).toContain("+886-800-085-095");
    const missing = await site(async () => new Response("<p>not here", { status: 404, headers: page }));
    const problem = await missing.ask("/api/v1/nothing");
    expect(problem.headers["content-type"]).toBe("application/problem+json");
    expect(JSON.parse(problem.text)).toMatchObject({ status: 404, token: "not_found" });
  });

  test("a page that never comes is given up", async () => {
    let aborted = false;
    const { ask } = await site(
      (request) =>
        new Promise(() => {
          request.signal.addEventListener("abort", () => (aborted = true));
        }),
      { limits: { answerMs: 80 } },
    );
    const answer = await ask("/x");
    expect([answer.status, answer.headers["retry-after"], aborted]).toEqual([503, "5", true]);
  });

  test("more than the process can do is turned away at once, and shared pages are still served", async () => {
    let release = (): void => {};
    const pages = counting();
    const { ask } = await site(
      async (request, context) => {
        if (!request.url.includes("slow")) return pages.handle(request, context);
        await new Promise<void>((resolve) => (release = resolve));
        return new Response("slow");
      },
      { limits: { mostInFlight: 1, sharedForMs: 60_000 } },
    );
    await ask("/safety");
    await sleep(20);
    const slow = ask("/slow");
    await sleep(50);
    const refused = await ask("/another");
    expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "5"]);
    expect((await ask("/safety")).status).toBe(200);
    expect((await ask("/healthz")).status).toBe(200);
    release();
    expect((await slow).text).toBe("slow");
  });

  test("F19 while the event loop lags, new work is turned away and what is shared or cheap still answered", async () => {
    let late = false;
    const pages = counting();
    const overload = { overloaded: () => late, lagMs: 0, stop: () => {} };
    const { ask } = await site(pages.handle, { overload, limits: { sharedForMs: 60_000 } });
    await ask("/safety");
    late = true;
    const refused = await ask("/another");
    expect([refused.status, refused.headers["retry-after"]]).toEqual([503, "5"]);
    expect((await ask("/x", { method: "POST", headers: { ...form, ...ours }, body: "a=b" })).status).toBe(
      503,
    );
    expect((await ask("/safety")).status).toBe(200);
    expect((await ask("/healthz")).status).toBe(200);
    late = false;
    expect((await ask("/another")).status).toBe(200);
  });

  test("large answers flow in pieces and stay whole; one that breaks off is not taken for whole", async () => {
    const line = `${"x".repeat(1000)}\n`;
    const rows = (count: number, broken: boolean) =>
      new ReadableStream({
        async pull(controller) {
          for (let row = 0; row < 100; row += 1, count -= 1) {
            if (count === 0) return broken ? controller.error(new Error("gone")) : controller.close();
            controller.enqueue(new TextEncoder().encode(line));
          }
        },
      });
    const { ask } = await site(async (request) => {
      const broken = request.url.includes("broken");
      return new Response(rows(2000, broken), { headers: { "Content-Type": "text/csv" } });
    });
    const whole = await ask("/data/persons.csv", { headers: { "Accept-Encoding": "gzip" } });
    expect(whole.text.length).toBe(2000 * line.length);
    expect(whole.headers["content-encoding"]).toBe("gzip");
    await expect(ask("/data/broken.csv")).rejects.toThrow();
  });

  test("events arrive at once, and their source hears when the listener leaves", async () => {
    let left = false;
    const { port } = await site(async (request) => {
      request.signal.addEventListener("abort", () => (left = true));
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode("data: hello\n\n"));
        },
      });
      return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
    });
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/live`);
    const reader = answer.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("data: hello\n\n");
    await reader.cancel();
    await vi.waitFor(() => expect(left).toBe(true));
  });
});

describe("operators", () => {
  test("the process says that it is up, and whether it can answer from its database", async () => {
    let broken = false;
    const { ask } = await site(echo, {
      ready: async () => {
        if (broken) throw new Error("no database");
      },
    });
    expect((await ask("/healthz")).status).toBe(200);
    expect((await ask("/readyz")).status).toBe(200);
    broken = true;
    expect((await ask("/readyz")).status).toBe(503);
    expect((await ask("/healthz")).status).toBe(200);
  });

  test("numbers are for this machine, or for whoever has the key", async () => {
    const { ask } = await site(echo, { trustProxy: true });
    const outside = { "X-Forwarded-For": "203.0.113.9" };
    expect((await ask("/metrics")).status).toBe(200);
    expect((await ask("/metrics", { headers: outside })).status).toBe(404);
    const headers = { ...outside, Authorization: `Bearer ${metricsKey(secret)}` };
    expect((await ask("/metrics", { headers })).status).toBe(200);
  });

  test("H48 nothing a visitor sends can forge a line of the log or leave a token in it", async () => {
    const { ask, lines } = await site(async () => new Response("x", { status: 503 }));
    await ask("/x?token=s3cret&q=%0A%1b[31mfake&known=1990", { headers: { Cookie: "__Host-staff=s3cret" } });
    expect(lines.join("")).not.toMatch(/s3cret|fake|1990/);
    expect(lines.every((line) => line.trim().split("\n").length === 1)).toBe(true);
  });

  test("F8 a stopping process finishes what it has begun and tells its connections", async () => {
    let release = (): void => {};
    const began = vi.fn();
    const { ask, close, port } = await site(async () => {
      began();
      await new Promise<void>((resolve) => (release = resolve));
      return new Response("finished");
    });
    const slow = ask("/slow");
    await vi.waitFor(() => expect(began).toHaveBeenCalled());
    const closing = close();
    await sleep(50);
    release();
    const answer = await slow;
    expect([answer.text, answer.headers.connection]).toEqual(["finished", "close"]);
    await closing;
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  });

  test("F8 event streams end when the process does", async () => {
    const { port, close } = await site(
      async () => new Response(new ReadableStream({}), { headers: { "Content-Type": "text/event-stream" } }),
    );
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/live`);
    const ended = answer.text();
    await close();
    expect(await ended).toBe("");
  });
});
