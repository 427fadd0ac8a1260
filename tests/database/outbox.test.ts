import { describe, expect, it } from "vitest";
import { forEachDoor } from "#tests/support/database.ts";
import { post } from "#tests/support/records.ts";

interface Mail {
  id: number;
  to_email: string;
  attempts: number;
}

forEachDoor((door) => {
  const claim = (limit = 10) => door.commands.call<Mail[]>("claim_mail", { p_limit: limit });
  const finish = (id: number, error: string | null) =>
    door.commands.call("finish_mail", { p_id: id, p_error: error });
  const mailed = async (email: string) => {
    await post(door.commands, { author_email: email, manage_url: "https://lookout.example/secret" });
    const [row] = await door.sql<{ id: string }[]>`select id from app.outbox where to_email = ${email}`;
    return Number(row!.id);
  };
  const row = async (id: number) => {
    const [found] =
      await door.sql`select *, available_at > now() as resting from app.outbox where id = ${id}`;
    return found as Record<string, unknown> | undefined;
  };

  describe("claim_mail", () => {
    it("gives each mail to one worker, and again only after a pause", async () => {
      await Promise.all(Array.from({ length: 6 }, (_, n) => mailed(`claim${n}@example.org`)));
      const [a, b] = await Promise.all([claim(3), claim(3)]);
      const ids = [...a, ...b].map(({ id }) => id);
      expect(new Set(ids).size).toBe(6);
      expect(await claim()).toEqual([]);
      await door.sql`update app.outbox set available_at = now() - interval '1 second'`;
      expect((await claim()).map(({ attempts }) => attempts)).toEqual(Array(6).fill(2));
      await door.sql`delete from app.outbox`;
    });
  });

  describe("finish_mail", () => {
    it("forgets address and secrets of what was delivered", async () => {
      const id = await mailed("done@example.org");
      await claim();
      await finish(id, null);
      expect(await row(id)).toMatchObject({
        to_email: "delivered",
        payload: {},
        sent_at: expect.any(Date),
        failed_at: null,
      });
      expect(await claim()).toEqual([]);
    });

    it("keeps what failed for another try, and gives up after eight", async () => {
      const id = await mailed("fails@example.org");
      for (let attempt = 1; attempt <= 8; attempt += 1) {
        await door.sql`update app.outbox set available_at = now() where id = ${id}`;
        expect(await claim()).toHaveLength(1);
        await finish(id, `attempt ${attempt} ${"x".repeat(600)}`);
        expect((await row(id))!.failed_at === null).toBe(attempt < 8);
      }
      expect(String((await row(id))!.last_error).length).toBe(500);
      await door.sql`update app.outbox set available_at = now() where id = ${id}`;
      expect(await claim()).toEqual([]);
    });
  });

  it("outbox_state tells the operator what waits and what was given up", async () => {
    const state = await door.commands.call<Record<string, unknown>>("outbox_state");
    expect(state).toMatchObject({ waiting: 0, failed: 1, last_error: expect.stringContaining("attempt 8") });
    expect(JSON.stringify(state)).not.toContain("@example.org");
  });

  it("prune_outbox forgets mail given up a week ago and mail about records that are gone", async () => {
    const posted = await post(door.commands, {
      author_email: "gone@example.org",
      manage_url: "https://lookout.example/x",
    });
    await door.commands.call("delete_person", {
      p: { person_id: posted.id, manage_hash: posted.manageHash },
    });
    await door.sql`update app.outbox set failed_at = now() - interval '8 days' where failed_at is not null`;
    await mailed("stays@example.org");
    expect(await door.commands.call("prune_outbox")).toBe(2);
    const left = await door.sql`select to_email from app.outbox order by id`;
    expect(left.map(({ to_email }) => to_email)).toEqual(["delivered", "stays@example.org"]);
  });
});
