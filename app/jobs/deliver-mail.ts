import { createHmac } from "node:crypto";
import path from "node:path";
import { renderMail } from "../features/notifications/mail-text.ts";
import { createMailer, MailRefused, type Mailer } from "../features/notifications/mailer.server.ts";
import { claimMail, finishMail, type WaitingMail } from "../features/notifications/outbox.server.ts";
import type { Environment } from "../platform/env.server.ts";
import type { Job, JobContext } from "./jobs.ts";

const longestPauseMs = 5 * 60_000;

/**
 * Delivers what waits in the outbox. Every mail is tried a handful of times over hours; while the mail server itself
 * is away no mail is taken at all, so that an outage of a night uses up nobody's tries.
 */
export function createDeliverMail(open: (env: Environment) => Mailer = mailerFor): Job {
  let mailer: Mailer | undefined;
  let failures = 0;
  let pausedUntil = 0;

  async function run({ backend, env, publicUrl, secret, log }: JobContext, signal: AbortSignal) {
    mailer ??= open(env);
    if (failures > 0 && !(await isBack(mailer))) return;
    while (!signal.aborted) {
      const mail = await claimMail(backend.commands);
      if (!mail) return;
      try {
        await deliver(mailer, mail, publicUrl, secret);
      } catch (error) {
        if (!(error instanceof MailRefused)) throw error;
        await finishMail(backend.commands, mail.id, error.message);
        log.warn({ mail: mail.id, kind: mail.kind, reason: error.message }, "mail was not delivered");
        if (!error.serverAway) continue;
        pause();
        return;
      }
      await finishMail(backend.commands, mail.id, null);
      log.debug({ mail: mail.id, kind: mail.kind }, "mail delivered");
    }
  }

  async function isBack(known: Mailer): Promise<boolean> {
    if (Date.now() < pausedUntil) return false;
    try {
      await known.check();
      failures = 0;
      return true;
    } catch (error) {
      if (!(error instanceof MailRefused)) throw error;
      pause();
      return false;
    }
  }

  function pause(): void {
    failures += 1;
    pausedUntil = Date.now() + Math.min(1_000 * 2 ** failures, longestPauseMs);
  }

  return { name: "deliver-mail", everyMs: 5_000, wokenByWrites: true, run };
}

async function deliver(
  mailer: Mailer,
  mail: WaitingMail,
  publicUrl: string,
  secret: JobContext["secret"],
): Promise<void> {
  const words = renderMail(mail, publicUrl);
  if (!words) throw new MailRefused(`no words for a mail of kind ${mail.kind}`, { serverAway: false });
  const mark = createHmac("sha256", secret("mail-id")).update(String(mail.id)).digest("hex").slice(0, 16);
  const day = mail.created_at.slice(0, 10);
  await mailer.send({ id: `${day}-${mail.kind.replaceAll("_", "-")}-${mark}`, to: mail.to_email, ...words });
}

function mailerFor(env: Environment): Mailer {
  return createMailer({
    smtpUrl: env.smtpUrl,
    from: env.mailFrom,
    directory: path.join(env.dataDir, "outbox"),
    domain: env.siteDomain,
  });
}
