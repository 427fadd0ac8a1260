import { pino } from "pino";
import { afterEach, expect, test } from "vitest";
import type { Commands } from "../platform/db.server.ts";
import { Failure } from "../platform/failure.ts";
import { createLive, type Change, type Live, type LiveOptions } from "./live.ts";

const opened: Live[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((live) => live.close()));
});

/** A database with a list of changes, which is all that is asked of it. */
function listOf(changes: Change[]) {
  let broken = false;
  const commands: Commands = {
    call: async <T>(_name: string, args?: Record<string, unknown>) => {
      if (broken) throw new Failure("unavailable", "unavailable");
      const { after, limit } = (args as { p: { after?: string; limit: number } }).p;
      const from =
        after === undefined
          ? Math.max(0, changes.length - limit)
          : changes.findIndex(({ id }) => id === after) + 1;
      return structuredClone(changes.slice(from, from + limit)) as T;
    },
  };
  return { commands, breakOff: (is: boolean) => (broken = is) };
}

function change(n: number, topic = "reports"): Change {
  return {
    id: `7.${n}`,
    topic,
    kind: "updated",
    subject_id: `00000000-0000-4000-8000-${String(n).padStart(12, "0")}`,
    event: "quake",
    drill: n % 2 === 1,
    at: "2031-06-02T00:00:00+00:00",
  };
}

function live(commands: Commands, options: Partial<LiveOptions> = {}): Live {
  const made = createLive({ commands, log: pino({ level: "silent" }), everyMs: 15, ...options });
  opened.push(made);
  return made;
}

/** Reads a stream into one text, as it comes. */
function follow(stream: ReadableStream<Uint8Array>) {
  const heard = { text: "", ended: false };
  const reader = stream.getReader();
  const done = (async () => {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      heard.text += new TextDecoder().decode(value);
    }
    heard.ended = true;
  })();
  return {
    heard,
    done,
    leave: () => reader.cancel(),
    ids: () => [...heard.text.matchAll(/^id: (\S+)$/gm)].map(([, id]) => id),
    async until(expected: string | RegExp) {
      await expect.poll(() => heard.text, { timeout: 3_000, interval: 5 }).toMatch(expected);
    },
  };
}

const everything = { topics: ["persons", "reports", "notices"], after: null, caller: "a" };

test("whoever listens is told where they stand, and then every change once and in order", async () => {
  const changes = [change(1)];
  const hub = live(listOf(changes).commands);
  const listener = follow(await hub.listen(everything));
  await listener.until("event: ready");
  expect(listener.ids()).toEqual(["7.1"]);
  changes.push(change(2), change(3, "persons"));
  await listener.until(/id: 7\.3\nevent: persons/);
  changes.push(change(4));
  await listener.until("id: 7.4");
  expect(listener.ids()).toEqual(["7.1", "7.2", "7.3", "7.4"]);
  expect(listener.heard.text).toContain(
    'event: reports\ndata: {"id":"00000000-0000-4000-8000-000000000002","kind":"updated","event":"quake","drill":false,"at":"2031-06-02T00:00:00+00:00"}\n\n',
  );
});

test("one post that took several statements is told once, under the id to go on from", async () => {
  const changes = [change(1)];
  const hub = live(listOf(changes).commands, { everyMs: 60 });
  const listener = follow(await hub.listen(everything));
  const same = change(2).subject_id;
  changes.push({ ...change(2), kind: "created" }, change(3), { ...change(4), subject_id: same });
  await listener.until("id: 7.4");
  expect(listener.ids()).toEqual(["7.1", "7.3", "7.4"]);
  expect(listener.heard.text).toContain(`data: {"id":"${same}","kind":"created"`);
  const back = follow(await hub.listen({ ...everything, after: "7.1" }));
  await back.until("event: ready");
  expect(back.ids()).toEqual(["7.3", "7.4", "7.4"]);
  changes.push({ ...change(5), kind: "removed", subject_id: same });
  await listener.until("id: 7.5");
  expect(listener.heard.text).toContain(`data: {"id":"${same}","kind":"removed"`);
});

test("only the topics asked for are told", async () => {
  const changes = [change(1)];
  const hub = live(listOf(changes).commands);
  const listener = follow(await hub.listen({ ...everything, topics: ["persons"] }));
  changes.push(change(2), change(3, "persons"));
  await listener.until("id: 7.3");
  expect(listener.heard.text).not.toContain("7.2");
});

test("Last-Event-ID goes on without a gap; what is not remembered is said to be lost", async () => {
  const changes = [change(1), change(2), change(3)];
  const hub = live(listOf(changes).commands);
  const back = follow(await hub.listen({ ...everything, after: "7.1" }));
  await back.until("event: ready");
  expect(back.ids()).toEqual(["7.2", "7.3", "7.3"]);
  for (const after of ["6.999", "0.1", "nonsense", "'; drop table--"]) {
    const lost = follow(await hub.listen({ ...everything, after }));
    await lost.until("event: reset");
    expect(lost.heard.text).not.toContain("7.2");
  }
});

test("somebody who came before the first change goes on from there", async () => {
  const changes: Change[] = [];
  const hub = live(listOf(changes).commands);
  const first = follow(await hub.listen(everything));
  await first.until("event: ready");
  const [beginning] = first.ids();
  changes.push(change(1));
  await first.until("id: 7.1");
  const back = follow(await hub.listen({ ...everything, after: beginning! }));
  await back.until("event: ready");
  expect(back.ids()).toEqual(["7.1", "7.1"]);
});

test("the database is asked as often for a thousand listeners as for one, and not at all for none", async () => {
  const changes = [change(1)];
  const hub = live(listOf(changes).commands, { mostOfCaller: null, everyMs: 120 });
  const many = await Promise.all(Array.from({ length: 1_000 }, () => hub.listen(everything)));
  const listeners = many.map(follow);
  expect(hub.asked).toBe(1);
  changes.push(change(2));
  hub.wake();
  await listeners.at(-1)!.until("id: 7.2");
  await listeners[0]!.until("id: 7.2");
  expect(hub.asked).toBeLessThanOrEqual(3);
  await Promise.all(listeners.map(({ leave }) => leave()));
  expect(hub.listeners).toBe(0);
  await new Promise((resolve) => setTimeout(resolve, 300));
  const asked = hub.asked;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(hub.asked).toBe(asked);
});

test("a listener who does not read is let go, and the others hear on", async () => {
  const changes = [change(1)];
  const hub = live(listOf(changes).commands, { mostWaitingBytes: 2_000 });
  const stuck = await hub.listen(everything);
  const listener = follow(await hub.listen(everything));
  for (let n = 2; n < 80; n += 1) changes.push(change(n));
  await expect.poll(() => hub.listeners, { timeout: 3_000 }).toBeLessThan(2);
  const more = follow(await hub.listen({ ...everything, after: "7.1" }));
  changes.push(change(80));
  await more.until("id: 7.80");
  // What had been put aside for the slow one is still theirs; then the stream ends and they may come back.
  const late = follow(stuck);
  await late.done;
  expect(late.heard.text).toContain("event: ready");
  await listener.leave();
});

test("silence is filled, so that nobody on the way takes the connection for dead", async () => {
  const hub = live(listOf([]).commands, { heartbeatMs: 20 });
  const listener = follow(await hub.listen(everything));
  await listener.until(/(?:: still here\n\n){2}/);
});

test("A5 one address may hold many streams, but not all of them", async () => {
  const hub = live(listOf([]).commands, { mostListeners: 3, mostOfCaller: 2 });
  await hub.listen(everything);
  const second = follow(await hub.listen(everything));
  await expect(hub.listen(everything)).rejects.toMatchObject({ kind: "too_many", retryAfter: 60 });
  await hub.listen({ ...everything, caller: "b" });
  await expect(hub.listen({ ...everything, caller: "c" })).rejects.toMatchObject({ kind: "unavailable" });
  await second.leave();
  await hub.listen({ ...everything, caller: "a" });
});

test("an outage of the database ends no stream, and afterwards nothing is missing", async () => {
  const changes = [change(1)];
  const { commands, breakOff } = listOf(changes);
  const hub = live(commands);
  const listener = follow(await hub.listen(everything));
  breakOff(true);
  changes.push(change(2));
  const before = hub.asked;
  await expect.poll(() => hub.asked).toBeGreaterThan(before + 1);
  breakOff(false);
  await listener.until("id: 7.2");
  expect(listener.heard.ended).toBe(false);
});

test("F8 all streams end when the process does", async () => {
  const hub = live(listOf([]).commands);
  const listener = follow(await hub.listen(everything));
  await hub.close();
  await listener.done;
  expect(listener.heard.ended).toBe(true);
  await expect(hub.listen(everything)).rejects.toMatchObject({ kind: "unavailable" });
});
