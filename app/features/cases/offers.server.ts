/** Offers of help: the only file that names their view and functions. Nobody ever reads an address through it. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { unwrap, type Commands, type Db } from "../../platform/db.server.ts";
import { Failure } from "../../platform/failure.ts";
import { paths } from "../../platform/paths.ts";
import {
  freshToken,
  hashOf,
  looksLikeToken,
  manageToken,
  type SecretFor,
} from "../../platform/secret-links.server.ts";
import { offerSide, staffOfferRow, type OfferSide, type OfferState, type StaffOffer } from "./offers.ts";
import type { IntroductionInput, OfferInput, ThanksInput } from "./offers.schema.ts";

/** Who is offering, and how the site can write to them. */
export interface Offerer {
  commands: Commands;
  /** Counts against the limits; null where nobody is counted. */
  key: string | null;
  language: string;
  publicUrl: string;
  secret: SecretFor;
}

/** The address of one side of an offer. */
export function offerAddress(publicUrl: string, id: string, token: string): string {
  return publicUrl + paths.offer(id, token);
}

/** Puts an offer before the staff. Gives its id and the secret of who offers; a resend gives the same. */
export async function offerHelp(
  offerer: Offerer,
  about: { story: string } | { event: string },
  input: OfferInput,
  post: { body: string; held: boolean; reason: string | null },
): Promise<{ id: string; token: string }> {
  const clientId = input.client_id;
  const token = manageToken(
    offerer.secret,
    clientId === undefined ? null : { clientId, body: post.body },
    "offer-link",
  );
  const id = randomUUID();
  const { client_id: _own, consent: _given, ...said } = input;
  const answer = await offerer.commands.call<unknown>("offer_help", {
    p: {
      ...said,
      id,
      ...("story" in about ? { story_id: about.story } : { event: about.event }),
      token_hash: hashOf(token),
      url: offerAddress(offerer.publicUrl, id, token),
      language: offerer.language,
      caller: offerer.key,
      held: post.held,
      reason: post.reason,
      ...(clientId === undefined ? {} : { client_id: clientId, body: post.body }),
    },
  });
  return { id: z.object({ id: z.string() }).parse(answer).id, token };
}

/** An offer for who holds one of its links; fails with `token_wrong` for anybody else, and once it is wiped. */
export async function getOffer(commands: Commands, id: string, token: string | null): Promise<OfferSide> {
  const found =
    isId(id) && looksLikeToken(token)
      ? await commands.call<unknown>("read_offer", { p_id: id, p_token_hash: hashOf(token) })
      : null;
  if (!found) throw new Failure("forbidden", "token_wrong");
  return offerSide.parse(found);
}

/** Writes to the other side. */
export async function writeToOtherSide(
  commands: Commands,
  side: { id: string; token: string; text: string; caller: string | null },
): Promise<void> {
  const { token, ...rest } = side;
  await commands.call("write_offer_message", { p: { ...rest, token_hash: hashOf(token) } });
}

/** Takes an offer back. */
export async function withdrawOffer(commands: Commands, id: string, token: string): Promise<void> {
  await commands.call("withdraw_offer", { p: { id, token_hash: hashOf(token) } });
}

/** Offers a member of staff may read, newest first. */
export async function listStaffOffers(db: Db, state?: OfferState): Promise<StaffOffer[]> {
  let rows = db.from("staff_offers").select(Object.keys(staffOfferRow.shape).join(","));
  if (state !== undefined) rows = rows.eq("state", state);
  return z
    .array(staffOfferRow)
    .parse(unwrap(await rows.order("created_at", { ascending: false }).order("id").limit(100)));
}

/** One offer for the staff; fails with `offer_not_found`. */
export async function getStaffOffer(db: Db, id: string): Promise<StaffOffer> {
  const rows = isId(id)
    ? unwrap(
        await db
          .from("staff_offers")
          .select(Object.keys(staffOfferRow.shape).join(","))
          .eq("id", id)
          .limit(1),
      )
    : [];
  const offer = z.array(staffOfferRow).parse(rows)[0];
  if (!offer) throw new Failure("not_found", "offer_not_found");
  return offer;
}

/**
 * Introduces both sides: each gets a mail with a link of its own. The helper's own link stays as it is; the mail tells them
 * to open the one they have.
 */
export async function introduce(
  db: Db,
  offer: { id: string; version: number },
  input: IntroductionInput,
  publicUrl: string,
): Promise<void> {
  const token = freshToken();
  unwrap<unknown>(
    await db.rpc("introduce_offer", {
      p: {
        ...input,
        ...offer,
        other_hash: hashOf(token),
        other_url: offerAddress(publicUrl, offer.id, token),
      },
    }),
  );
}

/** Publishes what came of an offer. */
export async function giveThanks(db: Db, id: string, input: ThanksInput): Promise<void> {
  unwrap<unknown>(await db.rpc("thank_for_offer", { p: { id, ...input } }));
}

/** Deletes what has run out. Gives how many. */
export async function wipeOffers(commands: Commands): Promise<number> {
  return z.number().parse(await commands.call<unknown>("wipe_expired_offers"));
}

function isId(value: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value);
}
