/**
 * Second factors as a Supabase project answers about them (POST /factors, …/challenge, …/verify): the sign-in of the tests
 * has none. Codes are real ones, and who has shown one gets a token at AAL2.
 */
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import type { Door } from "#app/platform/db.server.ts";
import { signToken } from "./token.ts";

interface Factor {
  id: string;
  userId: string;
  secret: string;
  verified: boolean;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The six digits an app shows at this moment (RFC 6238: SHA-1, thirty seconds). */
export function totpCode(secret: string, at = Date.now()): string {
  let bits = "";
  for (const letter of secret) bits += alphabet.indexOf(letter).toString(2).padStart(5, "0");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const hash = createHmac("sha1", key).update(counter).digest();
  const from = hash.at(-1)! & 15;
  return String((hash.readUInt32BE(from) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

export function secondFactors(door: Door): {
  user(request: Request): Promise<Response>;
  answer(request: Request): Promise<Response>;
} {
  const known: Factor[] = [];
  const told = ({ id, verified }: Factor) => ({
    id,
    factor_type: "totp",
    status: verified ? "verified" : "unverified",
  });
  const refused = (status: number, code: string) =>
    Response.json({ code: status, error_code: code, msg: "refused" }, { status });

  async function user(request: Request): Promise<Response> {
    const answer = await door.fetch(request);
    if (!answer.ok) return answer;
    const found = (await answer.json()) as { id: string };
    return Response.json({ ...found, factors: known.filter(({ userId }) => userId === found.id).map(told) });
  }

  return {
    user,
    async answer(request) {
      const { pathname } = new URL(request.url);
      const [, id, act] = /^\/auth\/v1\/factors(?:\/([^/]+)(?:\/(\w+))?)?$/.exec(pathname) ?? [];
      const asked = await user(
        new Request(new URL("/auth/v1/user", request.url), {
          headers: {
            apikey: request.headers.get("apikey") ?? "",
            authorization: request.headers.get("authorization") ?? "",
          },
        }),
      );
      if (!asked.ok) return asked;
      const who = (await asked.json()) as { id: string; email: string };
      if (request.method === "POST" && !id) {
        const secret = [...randomBytes(32)].map((byte) => alphabet[byte & 31]).join("");
        const made = { id: randomUUID(), userId: who.id, secret, verified: false };
        known.push(made);
        const uri = `otpauth://totp/Lookout:${encodeURIComponent(who.email)}?secret=${secret}`;
        return Response.json({ id: made.id, type: "totp", totp: { qr_code: "<svg/>", secret, uri } });
      }
      const factor = known.find((one) => one.id === id && one.userId === who.id);
      if (!factor) return refused(404, "mfa_factor_not_found");
      if (request.method === "DELETE") {
        known.splice(known.indexOf(factor), 1);
        return Response.json({ id });
      }
      if (act === "challenge") {
        return Response.json({
          id: randomUUID(),
          type: "totp",
          expires_at: Math.floor(Date.now() / 1000) + 300,
        });
      }
      const { code } = (await request.json()) as { code: string };
      if (code !== totpCode(factor.secret)) return refused(422, "mfa_verification_failed");
      factor.verified = true;
      const token = (request.headers.get("authorization") ?? "").split(".")[1] ?? "";
      const claims = JSON.parse(Buffer.from(token, "base64url").toString()) as Record<string, unknown>;
      const access_token = signToken(
        { ...claims, aal: "aal2", amr: [{ method: "totp", timestamp: Math.floor(Date.now() / 1000) }] },
        door.jwtSecret,
      );
      return Response.json({
        access_token,
        token_type: "bearer",
        expires_in: 3600,
        refresh_token: "kept",
        user: { ...who, factors: [told(factor)] },
      });
    },
  };
}
