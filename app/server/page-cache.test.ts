import { describe, expect, test } from "vitest";
import type { PageCacheOptions } from "./page-cache.ts";
import {
  createPageCache,
  hasOnlyLanguageCookie,
  matchesEtag,
  SharedAnswer,
  sharedQuery,
} from "./page-cache.ts";

function answer(text: string): SharedAnswer {
  return new SharedAnswer(Buffer.from(text), ["content-type", "text/html"], "text/html");
}

function cacheAt(options: PageCacheOptions = {}) {
  const clock = { ms: 0 };
  return { clock, cache: createPageCache({ now: () => clock.ms, ...options }) };
}

/** Work that ends when the test says so. */
function held<Value>() {
  let release!: (value: Value) => void;
  let fail!: (error: Error) => void;
  const promise = new Promise<Value>((resolve, reject) => {
    release = resolve;
    fail = reject;
  });
  return { promise, release, fail };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("age", () => {
  test("an answer is kept for its time to live and not a moment longer", async () => {
    const { cache, clock } = cacheAt();
    await cache.load("a", async () => answer("one"));
    clock.ms = 999;
    expect(cache.find("a")?.body.toString()).toBe("one");
    clock.ms = 1000;
    expect(cache.find("a")).toBeUndefined();
  });

  test("the time it took to make an answer counts as its age", async () => {
    const { cache, clock } = cacheAt();
    await cache.load("a", async () => {
      clock.ms = 900;
      return answer("slow");
    });
    clock.ms = 1000;
    expect(cache.find("a")).toBeUndefined();
  });
});

describe("writes", () => {
  test("a write drops everything at once", async () => {
    const { cache } = cacheAt();
    await cache.load("a", async () => answer("old"));
    cache.drop();
    expect(cache.find("a")).toBeUndefined();
    expect(cache.bytes).toBe(0);
  });

  test("an answer begun before a write is not kept, and not given to whoever asks after it", async () => {
    const { cache } = cacheAt();
    const before = held<SharedAnswer>();
    const first = cache.load("a", () => before.promise);
    await settle();
    cache.drop();
    const second = cache.load("a", async () => answer("new"));
    before.release(answer("old"));
    expect(((await first) as SharedAnswer).body.toString()).toBe("old");
    expect(((await second) as SharedAnswer).body.toString()).toBe("new");
    expect(cache.find("a")?.body.toString()).toBe("new");
  });

  test("under a stream of writes at most two of the same answer are in the making, and newcomers see every write", async () => {
    const { cache } = cacheAt();
    let making = 0;
    let most = 0;
    let version = 0;
    const asked: Promise<void>[] = [];
    for (let write = 1; write <= 30; write += 1) {
      version = write;
      cache.drop();
      const since = version;
      asked.push(
        cache
          .load("a", async () => {
            making += 1;
            most = Math.max(most, making);
            const seen = version;
            await settle();
            await settle();
            making -= 1;
            return answer(String(seen));
          })
          .then((made) =>
            expect(Number((made as SharedAnswer).body.toString())).toBeGreaterThanOrEqual(since),
          ),
      );
      if (write % 3 === 0) await settle();
    }
    await Promise.all(asked);
    expect(most).toBeLessThanOrEqual(2);
  });
});

describe("one for all", () => {
  test("a thousand who ask at once have it made once", async () => {
    const { cache } = cacheAt();
    let made = 0;
    const answers = await Promise.all(
      Array.from({ length: 1000 }, () =>
        cache.load("a", async () => {
          made += 1;
          await settle();
          return answer("page");
        }),
      ),
    );
    expect(made).toBe(1);
    expect(new Set(answers).size).toBe(1);
  });

  test("A6 what turns out to be for one visitor is given to nobody else", async () => {
    const { cache } = cacheAt();
    const [first, second] = await Promise.all([
      cache.load("a", async () => {
        await settle();
        return { own: "for the first" };
      }),
      cache.load("a", async () => ({ own: "for the second" })),
    ]);
    expect(first).toEqual({ own: "for the first" });
    expect(second).toEqual({ own: "for the second" });
    expect(cache.find("a")).toBeUndefined();
  });

  test("a failure reaches everybody who waited, and the next one tries again", async () => {
    const { cache } = cacheAt();
    const failing = held<SharedAnswer>();
    const waiting = [1, 2, 3].map(() => cache.load("a", () => failing.promise));
    failing.fail(new Error("database gone"));
    const outcomes = await Promise.allSettled(waiting);
    expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    expect(await cache.load("a", async () => answer("back"))).toBeInstanceOf(SharedAnswer);
  });
});

test("memory is bounded: the oldest answers go first", async () => {
  const { cache } = cacheAt({ maxBytes: 100_000 });
  for (let page = 0; page < 50; page += 1) {
    await cache.load(`page ${page}`, async () => answer("x".repeat(4000)));
  }
  expect(cache.bytes).toBeLessThanOrEqual(100_000);
  expect(cache.find("page 0")).toBeUndefined();
  expect(cache.find("page 49")).toBeDefined();
});

test("an answer too large to be worth a quarter of the memory is not kept", async () => {
  const { cache } = cacheAt({ maxBytes: 10_000 });
  await cache.load("a", async () => answer("x".repeat(4000)));
  expect(cache.find("a")).toBeUndefined();
});

test("each encoding is made once and has an ETag of its own", async () => {
  const shared = answer("守望".repeat(1000));
  const [one, same] = await Promise.all([shared.variant("br"), shared.variant("br")]);
  expect(one).toBe(same);
  const gzip = await shared.variant("gzip");
  expect(gzip.etag).not.toBe(one.etag);
  expect(shared.variant("br")).toBe(one);
  expect((await shared.variant("identity")).body.toString()).toBe("守望".repeat(1000));
});

describe("the name of a shared answer", () => {
  const known = new Set(["q", "event", "cursor"]);

  test("does not depend on the order of parameters, or on empty ones", () => {
    expect(sharedQuery("event=a&q=b", known)).toBe("event=a&q=b");
    expect(sharedQuery("q=b&event=a&cursor=", known)).toBe("event=a&q=b");
  });

  test.each([
    ["utm_source=x"],
    ["q=a&token=b"],
    ["q=a&q=b"],
    ["__proto__=1"],
    ["Q=a"],
    ["%71=a"],
    [`q=${"a".repeat(600)}`],
  ])("H38 %s is answered freshly", (query) => {
    expect(sharedQuery(query, known)).toBeNull();
  });

  test.each([
    [undefined, true],
    ["", true],
    ["lang=en", true],
    ["lang=en; lang=ja", true],
    ["lang=../../etc", false],
    ["lang=en; session=abc", false],
    ["__Host-lookout=1", false],
    [`lang=${"a".repeat(5000)}`, false],
  ])("H54 the cookie header %s is harmless: %s", (cookie, harmless) => {
    expect(hasOnlyLanguageCookie(cookie)).toBe(harmless);
  });
});

test.each([
  [undefined, false],
  ['"abc"', true],
  ['W/"abc"', true],
  ['"x", "abc"', true],
  ["*", true],
  ["abc", false],
  ['"ab', false],
  ['\u0000;;,,"', false],
  [`${'"x",'.repeat(100_000)}`, false],
])("H39 If-None-Match %s", (header, matches) => {
  expect(matchesEtag(header, '"abc"')).toBe(matches);
});
