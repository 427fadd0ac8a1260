/** Members of the staff and how they sign in. The only file that names the functions for them. */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { unwrap, type Auth, type Commands, type Db, type SignedIn } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";

const member = z.object({
  user_id: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(["volunteer", "officer", "admin"]),
  areas: z.array(z.string()),
  expires_at: z.string().nullable(),
  created_at: z.string(),
  removed_at: z.string().nullable(),
});

export type Member = z.infer<typeof member>;

export interface NewMember {
  email: string;
  name: string;
  role: Member["role"];
  /** ISO codes; empty: everywhere. */
  areas: readonly string[];
  /** When the rights end; null: never. */
  expiresAt: Date | null;
  language: string;
}

/** Everybody who is or was staff, with addresses. For the operator and admins. */
export async function listMembers(commands: Commands): Promise<Member[]> {
  return z.array(member).parse(await commands.call("list_members"));
}

/** The session of an administrator, as those take it who also serve the operator: row policies decide what it may do. */
export function asCommands(db: Db): Commands {
  return {
    call: async <T>(name: string, args: Record<string, unknown> = {}) => unwrap<T>(await db.rpc(name, args)),
  };
}

/**
 * Makes somebody a member, with a new account if the address has none, or changes role, areas and end of one. Gives the
 * first password of a new account; null when the account was there.
 */
export async function saveMember(
  { commands, auth }: { commands: Commands; auth: Auth },
  { email, name, role, areas, expiresAt, language }: NewMember,
): Promise<{ userId: string; password: string | null }> {
  const known = await auth.findAccount(email);
  const password = known === null ? randomBytes(15).toString("base64url") : null;
  const userId = known ?? (await auth.createAccount(email, password!));
  await commands.call("save_member", {
    p: {
      user_id: userId,
      email,
      name,
      role,
      areas: [...areas],
      expires_at: expiresAt?.toISOString() ?? null,
      language,
    },
  });
  return { userId, password };
}

/** Writes to a new member where and how to sign in. */
export async function inviteMember(commands: Commands, userId: string): Promise<void> {
  await commands.call("mail_invitation", { p_user_id: userId });
}

/** Ends all rights of a member at once. Fails with `member_not_found`. */
export async function removeMember(commands: Commands, email: string): Promise<{ name: string }> {
  return z.object({ name: z.string() }).parse(await commands.call("remove_member", { p_email: email }));
}

/** Demands a second factor of all staff, or no longer. */
export async function demandSecondFactor(commands: Commands, demanded: boolean): Promise<void> {
  await commands.call("save_setting", { p_name: "staff_needs_second_factor", p_value: demanded });
}

/** Counts a try to sign in before it is made; fails with `too_many`. */
export async function countSignIn(
  commands: Commands,
  email: string,
  caller: string | null,
  way: "password" | "code" | "ask_code",
): Promise<void> {
  await commands.call("count_sign_in", { p: { email, caller, way } });
}

interface SignIn {
  commands: Commands;
  auth: Auth;
  session: SignedIn;
  /** Null: tries are not counted. */
  caller: string | null;
}

/** Signs in by password. Unknown address and wrong password answer alike: `wrong_credentials`. */
export async function signInByPassword(
  { commands, session, caller }: SignIn,
  email: string,
  password: string,
): Promise<void> {
  await countSignIn(commands, email, caller, "password");
  await session.signIn(email, password);
}

/** Sends a code to sign in with, if the address is that of a member. Whether it is, nobody learns from the answer. */
export async function askForCode({ commands, auth, caller }: SignIn, email: string): Promise<void> {
  await countSignIn(commands, email, caller, "ask_code");
  let code: string | null = null;
  try {
    code = await auth.makeCode(email);
  } catch (error) {
    // A refusal would tell whether there is an account; trouble of the service is told.
    if (!(error instanceof Failure) || error.kind === "unavailable") throw error;
  }
  await commands.call("mail_sign_in_code", { p: { email: code === null ? "" : email, code: code ?? "" } });
}

/** Signs in by a code from a mail. Fails with `code_wrong`. */
export async function signInByCode(
  { commands, session, caller }: SignIn,
  email: string,
  code: string,
): Promise<void> {
  await countSignIn(commands, email, caller, "code");
  await session.signInWithCode(email, code.replace(/\D/g, ""));
}
