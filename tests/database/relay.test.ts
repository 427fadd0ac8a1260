import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { freshToken, hashOf } from "#app/platform/secret-links.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { aClone, importRecords, post, runOut, type Posted } from "#tests/support/records.ts";

interface Thread {
  full_name: string;
  visitor_name: string;
  messages: { from_author: boolean; text: string }[];
}

forEachDoor((door) => {
  async function begin(person: Posted, changes: Record<string, unknown> = {}) {
    const [id, token] = [randomUUID(), freshToken()];
    const answer = await door.commands.call("open_relay", {
      p: {
        id, person_id: person.id, token_hash: hashOf(token), author_name: "訪客", author_email: "visitor@example.org",
        language: "en", text: "你好嗎", caller: null, ...changes,
      },
    }); // prettier-ignore
    return { id, token, answer };
  }
  const read = (id: string, token: string) =>
    door.commands.call<Thread | null>("read_relay", { p_id: id, p_token_hash: hashOf(token) });
  const write = (id: string, opener: Record<string, unknown>, text = "回覆") =>
    door.commands.call("write_relay", { p: { thread_id: id, text, caller: null, ...opener } });
  const mailTo = async (email: string) => [
    ...(await door.sql`select kind, payload from app.outbox where to_email = ${email} order by id`),
  ];

  it("passes messages on in both directions and shows neither the other's address", async () => {
    const person = await post(door.commands, { author_email: "relay-author@example.org" });
    const thread = await begin(person);
    expect(thread.answer).toEqual({ thread_id: thread.id, by_mail: true });
    await write(thread.id, { manage_hash: person.manageHash }, "我很好");
    await write(thread.id, { token_hash: hashOf(thread.token) }, "太好了");
    const seen = await read(thread.id, thread.token);
    expect(seen).toMatchObject({
      full_name: "王小明",
      messages: [
        { from_author: false, text: "你好嗎" },
        { from_author: true, text: "我很好" },
        { from_author: false, text: "太好了" },
      ],
    });
    expect(JSON.stringify(seen)).not.toContain("@");
    const toAuthor = await mailTo("relay-author@example.org");
    expect(toAuthor.map(({ kind }) => kind)).toEqual(["relay_to_author", "relay_to_author"]);
    expect(JSON.stringify(toAuthor)).not.toContain("visitor@example.org");
    const toVisitor = await mailTo("visitor@example.org");
    expect(toVisitor.map(({ kind }) => kind)).toEqual(["relay_to_visitor"]);
    expect(JSON.stringify(toVisitor)).not.toMatch(/relay-author@|manage/);
    const own = await door.commands.call<{ threads: Thread[] }>("read_own_person", {
      p_id: person.id, p_manage_hash: person.manageHash, p_caller: null,
    }); // prettier-ignore
    expect(own.threads).toMatchObject([{ visitor_name: "訪客" }]);
    expect(JSON.stringify(own.threads)).not.toContain("visitor@example.org");
  });

  it("waits on the manage page for an author who gave no address", async () => {
    const thread = await begin(await post(door.commands));
    expect(thread.answer).toMatchObject({ by_mail: false });
  });

  it("can be read by nobody else, and written by nobody else", async () => {
    const [person, other] = [await post(door.commands), await post(door.commands)];
    const thread = await begin(person);
    expect(await read(thread.id, "wrong")).toBeNull();
    expect(await read(randomUUID(), thread.token)).toBeNull();
    for (const opener of [
      {},
      { token_hash: hashOf("wrong") },
      { manage_hash: other.manageHash },
      { manage_hash: hashOf(thread.token) },
    ]) {
      await expect(write(thread.id, opener)).rejects.toMatchObject({
        kind: "forbidden",
        token: "token_wrong",
      });
      await expect(write(randomUUID(), opener)).rejects.toMatchObject({
        kind: "forbidden",
        token: "token_wrong",
      });
    }
    expect((await read(thread.id, thread.token))!.messages).toHaveLength(1);
  });

  it("cannot be begun with a hidden record without its key, nor with one that is gone", async () => {
    const hidden = await post(door.commands, { visibility: "link" });
    await expect(begin(hidden)).rejects.toMatchObject({ token: "person_not_found" });
    await expect(begin(hidden, { view_hash: hidden.keyHash })).resolves.toBeTruthy();
    const gone = await post(door.commands);
    const thread = await begin(gone);
    await runOut(door.sql, gone.id);
    await expect(begin(gone)).rejects.toMatchObject({ kind: "gone", token: "person_gone" });
    await expect(write(thread.id, { manage_hash: gone.manageHash })).rejects.toMatchObject({
      token: "person_gone",
    });
  });

  it("cannot be begun with a copy: its author is somewhere else", async () => {
    const clone = aClone({ author_email: "abroad@example.org" });
    await importRecords(door.commands, { persons: [clone] });
    const [row] = await door.sql`select id from app.persons where record_id = ${clone.record_id as string}`;
    await expect(begin({ id: row!.id } as Posted)).rejects.toMatchObject({
      kind: "invalid",
      token: "relay_not_for_copies",
    });
    expect(await mailTo("abroad@example.org")).toEqual([]);
  });

  it("A5: cannot be used to flood somebody, whoever sends", async () => {
    const person = await post(door.commands);
    await door.sql`
      insert into app.rate_counters (bucket, window_start, used)
      select ${`relay_to:${person.id}`}, date_bin('1 hour', now() + n * interval '1 hour', timestamptz '2000-01-01 00:00:00+00'), 30
      from generate_series(0, 1) n`;
    await expect(begin(person, { caller: randomUUID() })).rejects.toMatchObject({ kind: "too_many" });
  });
});
