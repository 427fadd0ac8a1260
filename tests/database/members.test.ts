import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type Db, unwrap } from "#app/platform/db.server.ts";
import { forEachDoor } from "#tests/support/database.ts";
import { makeMember } from "#tests/support/staff.ts";

// Who is staff, and who may say so.

forEachDoor((door) => {
  const call = async (db: Db, name: string, args: Record<string, unknown> = {}) =>
    unwrap(await db.rpc(name, args)) as Record<string, unknown> | null;
  const account = async () => {
    const id = randomUUID();
    await door.sql`insert into auth.users (id, email) values (${id}, ${`${id}@staff.example`})`;
    return { user_id: id, email: `${id}@staff.example`, name: "新" };
  };

  describe("roles", () => {
    it("are those of the row, and none once it has ended, whatever a token says", async () => {
      const until = (ms: number) => new Date(Date.now() + ms);
      for (const [options, role] of [
        [{ role: "volunteer" }, "volunteer"],
        [{ role: "officer", areas: ["NZ"], expires_at: until(60_000) }, "officer"],
        [{ role: "admin", expires_at: until(-1000) }, null],
      ] as const) {
        const { userId } = await makeMember(door.sql, options as never);
        const told = await call(door.as({ sub: userId }), "my_membership");
        expect(told?.["role"] ?? null).toBe(role);
      }
      const sly = door.as({
        sub: randomUUID(),
        app_metadata: { role: "admin" },
        user_metadata: { role: "admin" },
      });
      expect(await call(sly, "my_membership")).toBeNull();
    });
  });

  describe("making members", () => {
    it("is for admins with their own session, and for nobody below", async () => {
      const admin = door.as({ sub: (await makeMember(door.sql, { role: "admin" })).userId });
      const officer = door.as({ sub: (await makeMember(door.sql, { role: "officer" })).userId });
      const p = { ...(await account()), role: "officer", areas: ["NZ"], expires_at: null, language: "en" };
      await expect(call(officer, "save_member", { p })).rejects.toMatchObject({ token: "staff_only" });
      await expect(
        call(door.as({ sub: p.user_id }), "save_member", { p: { ...p, role: "admin" } }),
      ).rejects.toMatchObject({ token: "staff_only" });
      expect(await call(admin, "save_member", { p })).toMatchObject({ role: "officer" });
      expect(await call(door.as({ sub: p.user_id }), "my_membership")).toMatchObject({
        role: "officer",
        areas: ["NZ"],
      });
      await call(admin, "save_member", { p: { ...p, role: "volunteer" } });
      await expect(call(officer, "remove_member", { p_email: p.email })).rejects.toMatchObject({
        token: "staff_only",
      });
      await call(admin, "remove_member", { p_email: p.email.toUpperCase() });
      expect(await call(door.as({ sub: p.user_id }), "my_membership")).toBeNull();
      const acts =
        await door.sql`select act from app.log_entries where subject_id = ${p.user_id} order by id`;
      expect(acts.map(({ act }) => act)).toEqual(["member_saved", "member_saved", "member_removed"]);
    });

    it("asks for a name, a role and countries that are codes", async () => {
      const p = { ...(await account()), role: "officer" };
      const save = (changes: object) => door.commands.call("save_member", { p: { ...p, ...changes } });
      await expect(save({ name: " " })).rejects.toMatchObject({ token: "name_required" });
      await expect(save({ role: "king" })).rejects.toMatchObject({ token: "role_required" });
      await expect(save({ areas: ["NZL"] })).rejects.toMatchObject({ token: "area_unknown" });
      await expect(door.commands.call("remove_member", { p_email: "no@body.example" })).rejects.toMatchObject(
        { token: "member_not_found" },
      );
      await expect(
        door.commands.call("save_setting", { p_name: "other", p_value: true }),
      ).rejects.toMatchObject({ token: "setting_unknown" });
    });
  });
});
