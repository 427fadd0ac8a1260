/** The words of each kind of mail, in the reader's language. Pure. */
import { z } from "zod";
import { cleanLine, cleanParagraphs } from "../../formats/safe-text.ts";
import { dateTime, taipei } from "../../i18n/format.ts";
import { defaultLanguage, findLanguage } from "../../i18n/languages.ts";
import { translator, type Translate } from "../../i18n/translate.ts";
import { paths } from "../../platform/paths.ts";

const about = { person_id: z.string(), full_name: z.string(), drill: z.boolean().optional() };

/** The decisions that end a request for a correction. */
const CLOSING_DECISIONS = [
  "duplicate",
  "verified",
  "unverifiable",
  "false",
  "corrected",
  "withdrawn",
] as const;

/** What the database tells of each kind. */
const mailSchema = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("posted"), payload: z.object({ ...about, manage_url: z.string() }) }),
  z.object({
    kind: z.literal("follow_confirm"),
    payload: z.object({ ...about, follow_id: z.string(), token: z.string() }),
  }),
  z.object({
    kind: z.literal("follow_news"),
    payload: z.object({
      ...about,
      follow_id: z.string(),
      stop_token: z.string(),
      status: z
        .enum(["information_sought", "is_note_author", "believed_alive", "believed_missing"])
        .nullish()
        .catch(null),
      source: z.enum(["self", "third_party", "official"]),
      source_date: z.string(),
    }),
  }),
  z.object({
    kind: z.literal("relay_to_author"),
    payload: z.object({ ...about, visitor_name: z.string(), text: z.string() }),
  }),
  z.object({ kind: z.literal("relay_to_visitor"), payload: z.object({ ...about, text: z.string() }) }),
  z.object({
    kind: z.literal("correction_outcome"),
    payload: z.object({ correction_id: z.string(), token: z.string(), decision: z.enum(CLOSING_DECISIONS) }),
  }),
  z.object({ kind: z.literal("offer_posted"), payload: z.object({ name: z.string(), url: z.string() }) }),
  z.object({
    kind: z.literal("offer_introduced"),
    payload: z.object({ name: z.string(), words: z.string() }),
  }),
  z.object({
    kind: z.literal("offer_received"),
    payload: z.object({ name: z.string(), words: z.string(), url: z.string() }),
  }),
  z.object({ kind: z.literal("offer_message"), payload: z.object({ name: z.string(), text: z.string() }) }),
  z.object({ kind: z.literal("sign_in_code"), payload: z.object({ code: z.string() }) }),
  z.object({
    kind: z.literal("invitation"),
    payload: z.object({
      name: z.string(),
      role: z.enum(["volunteer", "officer", "admin"]),
      expires_at: z.string().nullable(),
    }),
  }),
]);

type Mail = z.infer<typeof mailSchema>;

export interface RenderedMail {
  subject: string;
  text: string;
  /** Address that ends these messages, for mail that goes on coming. */
  stopUrl: string | null;
}

/** Writes a mail, or gives null for a kind nobody has words for. `publicUrl` has no slash at the end. */
export function renderMail(
  waiting: { kind: string; language: string; payload: Record<string, unknown> },
  publicUrl: string,
): RenderedMail | null {
  const parsed = mailSchema.safeParse({ kind: waiting.kind, payload: waiting.payload });
  if (!parsed.success) return null;
  const t = translator((findLanguage(waiting.language) ?? defaultLanguage).code);
  const { subject, paragraphs, stopUrl = null } = wordsOf(parsed.data, t, publicUrl);
  const isDrill = "drill" in parsed.data.payload && parsed.data.payload.drill === true;
  const mark = isDrill ? [t("mail:drill")] : [];
  const stop = stopUrl === null ? [] : [t("mail:stop", { url: stopUrl })];
  return {
    subject: [...mark, subject].join(" "),
    text: [...mark, ...paragraphs, "—", ...stop, t("mail:footer")].join("\n\n") + "\n",
    stopUrl,
  };
}

function wordsOf(
  mail: Mail,
  t: Translate,
  publicUrl: string,
): { subject: string; paragraphs: string[]; stopUrl?: string } {
  if (mail.kind === "sign_in_code") {
    const { code } = mail.payload;
    return {
      subject: t("mail:signInCode.subject"),
      paragraphs: [t("mail:signInCode.body", { code: `${code.slice(0, 4)} ${code.slice(4)}` })],
    };
  }
  if (mail.kind === "correction_outcome") {
    const { correction_id, token, decision } = mail.payload;
    return {
      subject: t("mail:correction.subject"),
      paragraphs: [
        t("mail:correction.body", { decision: t(`moderation:decided.${decision}`) }),
        t("mail:correction.rest", { url: publicUrl + paths.correction(correction_id, token) }),
      ],
    };
  }
  if (mail.kind === "invitation") {
    const { name, role, expires_at } = mail.payload;
    return {
      subject: t("mail:invitation.subject"),
      paragraphs: [
        t("mail:invitation.body", { name: safeName(name), role: t(`members:role.${role}`) }),
        ...(expires_at
          ? [t("mail:invitation.until", { time: dateTime(new Date(expires_at), taipei, t.language) })]
          : []),
        t("mail:invitation.how", { url: publicUrl + paths.signIn() }),
      ],
    };
  }
  if (mail.kind === "offer_posted") {
    const { name, url } = mail.payload;
    return {
      subject: t("mail:offerPosted.subject"),
      paragraphs: [t("mail:offerPosted.body", { name: safeName(name), url })],
    };
  }
  if (mail.kind === "offer_introduced") {
    const { name, words } = mail.payload;
    return {
      subject: t("mail:offerIntroduced.subject"),
      paragraphs: [t("mail:offerIntroduced.body", { name: safeName(name), message: quoted(words) })],
    };
  }
  if (mail.kind === "offer_received") {
    const { name, words, url } = mail.payload;
    return {
      subject: t("mail:offerReceived.subject"),
      paragraphs: [t("mail:offerReceived.body", { name: safeName(name), message: quoted(words), url })],
    };
  }
  if (mail.kind === "offer_message") {
    const { name, text } = mail.payload;
    return {
      subject: t("mail:offerMessage.subject", { name: safeName(name) }),
      paragraphs: [t("mail:offerMessage.body", { name: safeName(name), message: quoted(text) })],
    };
  }
  const { payload } = mail;
  const name = safeName(payload.full_name);
  const url = publicUrl + paths.person(payload.person_id);
  switch (mail.kind) {
    case "posted":
      return {
        subject: t("mail:manage.subject", { name }),
        paragraphs: [t("mail:manage.body", { name, url: mail.payload.manage_url })],
      };
    case "follow_confirm": {
      const { follow_id, token } = mail.payload;
      return {
        subject: t("mail:follow.subject", { name }),
        paragraphs: [t("mail:follow.body", { name, url: publicUrl + paths.confirmFollow(follow_id, token) })],
      };
    }
    case "follow_news": {
      const { follow_id, stop_token, status, source, source_date } = mail.payload;
      const said = {
        status: t(`safety:noteStatus.${status ?? "unspecified"}`),
        source: t(`safety:source.${source}`),
        time: dateTime(new Date(source_date), taipei, t.language),
      };
      return {
        subject: t("mail:news.subject", { name }),
        paragraphs: [t("mail:news.body", { name }), t("mail:news.said", said), t("mail:news.rest", { url })],
        stopUrl: publicUrl + paths.stopFollow(follow_id, stop_token),
      };
    }
    case "relay_to_author":
      return {
        subject: t("mail:relay.subject", { name }),
        paragraphs: [
          t("mail:relay.body", {
            name,
            visitor: safeName(mail.payload.visitor_name),
            message: quoted(mail.payload.text),
            url,
          }),
        ],
      };
    case "relay_to_visitor":
      return {
        subject: t("mail:reply.subject", { name }),
        paragraphs: [t("mail:reply.body", { name, message: quoted(mail.payload.text), url })],
      };
  }
}

const longestName = 80;

/**
 * A name as it may stand in a mail. Anybody can post any name and have a confirmation sent to any address: what looks
 * like a web address in a name must not become a link in a stranger's mailbox.
 */
export function safeName(name: string): string {
  const line = cleanLine(name)
    .replace(/:\/\//g, ": ")
    .replace(/([.。．｡])(?=[\p{L}\p{N}])/gu, "$1 ")
    .replace(/@/g, " at ");
  const letters = [...line];
  return letters.length > longestName ? `${letters.slice(0, longestName).join("")}…` : line;
}

// What a stranger wrote is marked line by line, so that it cannot pass for our own words further down.
function quoted(text: string): string {
  return cleanParagraphs(text)
    .split("\n")
    .map((line) => `> ${line}`.trimEnd())
    .join("\n");
}
