import { randomUUID } from "node:crypto";
import { expect, it, vi } from "vitest";
import { unwrap } from "#app/platform/db.server.ts";
import { Failure } from "#app/platform/failure.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { asMember, asService, asVisitor } from "#tests/support/seats.ts";

const printed = vi.spyOn(console, "error").mockImplementation(() => {});

// What both doors must have in common for the same SQL and the same app to work behind either.
forEachDoor(
  (door) => {
    it("writes times as RFC 3339", async () => {
      const rows = unwrap(await door.anon.from("door_rows").select("at,note"));
      expect(rows).toEqual([{ at: "2026-01-31T09:30:00.5+00:00", note: "seen" }]);
    });

    it("shows a visitor what the policies show, and nothing of the private schema", async () => {
      expect(unwrap(await door.anon.from("door_rows").select("note"))).toEqual([{ note: "seen" }]);
      const hidden = await door.anon.schema("app").from("door_secrets").select("*");
      expect(hidden.data).toBeNull();
      expect(hidden.status).toBeGreaterThanOrEqual(400);
    });

    it("A2: grants no seat anything beyond what the migrations grant", async () => {
      await door.anon.from("door_rows").select("note");
      const [row] = await door.sql`
        select has_table_privilege('anon', 'app.door_secrets', 'select') as anon_reads,
               has_table_privilege('authenticated', 'app.door_secrets', 'select') as member_reads,
               has_table_privilege('service_role', 'app.door_secrets', 'delete') as server_deletes,
               has_table_privilege('anon', 'app.door_rows', 'insert') as anon_writes`;
      expect(row).toEqual({
        anon_reads: false,
        member_reads: false,
        server_deletes: false,
        anon_writes: false,
      });
    });

    it("lets only the server call a command", async () => {
      await expect(door.commands.call("door_echo", { p_text: "hello" })).resolves.toBe("hello");
      const refused = await door.anon.rpc("door_echo", { p_text: "hello" });
      expect(() => unwrap(refused)).toThrow(expect.objectContaining({ kind: "forbidden" }));
    });

    it.each([
      ["PT422", "text_empty", "text", null, { kind: "invalid", token: "text_empty", field: "text" }],
      ["PT403", "not_yours", "", null, { kind: "forbidden", token: "not_yours", field: null }],
      ["PT404", "no_such_person", "", null, { kind: "not_found", token: "no_such_person" }],
      ["PT409", "changed_meanwhile", "version", null, { kind: "conflict", token: "changed_meanwhile" }],
      ["PT410", "person_gone", "", null, { kind: "gone", token: "person_gone" }],
      ["PT429", "too_many", "", "90", { kind: "too_many", token: "too_many", retryAfter: 90 }],
      ["23505", "duplicate key value", "", null, { kind: "conflict", token: "conflict" }],
      ["22P02", "invalid input syntax", "", null, { kind: "invalid", token: "invalid" }],
      ["P0001", "an internal sentence", "", null, { kind: "unavailable", token: "unavailable" }],
    ])("turns %s into a failure", async (code, message, hint, detail, expected) => {
      const call = door.commands.call("door_raise", {
        p_code: code,
        p_message: message,
        p_hint: hint,
        p_detail: detail,
      });
      await expect(call).rejects.toThrow(Failure);
      await expect(call).rejects.toMatchObject(expected);
    });

    it("H13: refuses NUL in a text, and keeps what was written out of the message", async () => {
      const call = door.commands.call("door_echo", { p_text: "secret\u0000text" });
      await expect(call).rejects.toMatchObject({ kind: "invalid", token: "invalid" });
      await expect(call).rejects.not.toThrow(/secret/);
    });

    it("a number out of range is somebody's input, not our fault", async () => {
      const read = await door.anon.from("door_rows").select("note").eq("n", "99999999999999999999");
      expect(() => unwrap(read)).toThrow(expect.objectContaining({ kind: "invalid" }));
    });

    it("F12: ends a statement that runs longer than its seat may, as the migrations say", async () => {
      const began = performance.now();
      const slow = door.anon.rpc("door_sleep", { p_seconds: 9 });
      const answer = await slow;
      expect(() => unwrap(answer)).toThrow(expect.objectContaining({ kind: "unavailable" }));
      expect(performance.now() - began).toBeLessThan(8_000);
    });

    it("knows who has signed in", async () => {
      const sub = randomUUID();
      expect(unwrap(await door.as({ sub, app_metadata: { area: "north" } }).rpc("door_who"))).toEqual({
        role: "authenticated",
        uid: sub,
        area: "north",
      });
      expect(unwrap(await door.anon.rpc("door_who"))).toEqual({ role: "anon", uid: null, area: null });
    });

    it("refuses a token that somebody else has signed", async () => {
      const forged = door.as({ sub: randomUUID(), exp: 1 });
      const answer = await forged.from("door_rows").select("note");
      expect(() => unwrap(answer)).toThrow(expect.objectContaining({ kind: "forbidden" }));
    });

    it("prints nothing about a refused statement", async () => {
      printed.mockClear();
      await door.anon.rpc("door_echo", { p_text: "hello" });
      await door.anon.from("door_rows").select("note").eq("n", "not a number");
      expect(printed).not.toHaveBeenCalled();
    });
  },
  async (sql) => {
    await sql.unsafe(`
      create table app.door_rows (n integer primary key, at timestamptz not null, note text not null);
      create table app.door_secrets (n integer primary key);
      alter table app.door_rows enable row level security;
      alter table app.door_secrets enable row level security;
      create policy "Visitors read what is seen" on app.door_rows for select to anon using (note = 'seen');
      grant select on app.door_rows to anon, authenticated;
      insert into app.door_rows values (1, '2026-01-31 09:30:00.5+00', 'seen'), (2, now(), 'unseen');
      create view public.door_rows with (security_invoker = true) as select * from app.door_rows;
      grant select on public.door_rows to anon, authenticated;
      create function public.door_echo(p_text text) returns text language sql stable set search_path = '' as 'select p_text';
      create function public.door_raise(p_code text, p_message text, p_hint text, p_detail text) returns void
        language plpgsql volatile set search_path = '' as $$
        begin
          raise exception using errcode = p_code, message = p_message, hint = p_hint, detail = coalesce(p_detail, '');
        end $$;
      create function public.door_sleep(p_seconds integer) returns void language sql volatile set search_path = ''
        as 'select pg_catalog.pg_sleep(p_seconds)';
      create function public.door_who() returns jsonb language sql stable set search_path = '' as $$
        select jsonb_build_object('role', current_user, 'uid', auth.uid(), 'area', auth.jwt() -> 'app_metadata' ->> 'area')
      $$;
      revoke execute on all functions in schema public from public;
      grant execute on function public.door_echo, public.door_raise to service_role;
      grant execute on function public.door_sleep, public.door_who to anon, authenticated;
    `);
  },
);

forEachDoor((door) => {
  it("the seats of the tests are those of the doors", async () => {
    const who = "select current_user::text as role, auth.uid() as uid, auth.jwt() ->> 'role' as claimed";
    const sub = randomUUID();
    expect([...(await asVisitor(door.sql, (sql) => sql.unsafe(who)))]).toEqual([
      { role: "anon", uid: null, claimed: "anon" },
    ]);
    expect([...(await asService(door.sql, (sql) => sql.unsafe(who)))]).toEqual([
      { role: "service_role", uid: null, claimed: "service_role" },
    ]);
    expect([...(await asMember(door.sql, sub, (sql) => sql.unsafe(who)))]).toEqual([
      { role: "authenticated", uid: sub, claimed: "authenticated" },
    ]);
  });
});
