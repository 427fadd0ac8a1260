/** Hands mail over: to a mail server, or as files to read where there is none. */
import { mkdir, open, rename, rm } from "node:fs/promises";
import path from "node:path";
import nodemailer from "nodemailer";
import type { SendMailOptions, Transporter } from "nodemailer";

export interface OutgoingMail {
  /** Tells one mail from another for good: the same mail sent twice carries it twice. */
  id: string;
  to: string;
  subject: string;
  text: string;
  stopUrl: string | null;
}

/** A mail was not taken. `serverAway`: it was not this mail's fault, the others would fare no better. */
export class MailRefused extends Error {
  readonly serverAway: boolean;

  constructor(words: string, { serverAway, cause }: { serverAway: boolean; cause?: unknown }) {
    super(words, cause === undefined ? undefined : { cause });
    this.name = "MailRefused";
    this.serverAway = serverAway;
  }
}

export interface Mailer {
  /** Resolves once the mail is in other hands, or throws MailRefused. */
  send(mail: OutgoingMail): Promise<void>;
  /** Throws MailRefused when mail would not be taken now. */
  check(): Promise<void>;
}

export interface MailerSettings {
  smtpUrl: string | null;
  from: string;
  /** Where mail goes as files when there is no mail server. */
  directory: string;
  /** The domain in message ids. */
  domain: string;
}

// Well within the minute for which a claimed mail is ours: a slow server must not make others send it, too.
const patienceMs = 8_000;
const longestSendMs = 25_000;

/** Opens the way that the settings name. */
export function createMailer(settings: MailerSettings): Mailer {
  return settings.smtpUrl === null ? fileMailer(settings) : smtpMailer(settings, settings.smtpUrl);
}

function smtpMailer(settings: MailerSettings, url: string): Mailer {
  const transport = nodemailer.createTransport({
    url,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    dnsTimeout: patienceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  } as Parameters<typeof nodemailer.createTransport>[0]);
  const attempt = async (work: Promise<unknown>) => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new MailRefused("the mail server takes too long", { serverAway: true })),
        longestSendMs,
      );
    });
    try {
      await Promise.race([work, late]);
    } catch (error) {
      throw refusalOf(error);
    } finally {
      clearTimeout(timer);
    }
  };
  return {
    send: (mail) => attempt(transport.sendMail(messageOf(mail, settings))),
    check: () => attempt(transport.verify()),
  };
}

function fileMailer(settings: MailerSettings): Mailer {
  const transport = nodemailer.createTransport({
    streamTransport: true,
    buffer: true,
    newline: "windows",
    disableFileAccess: true,
    disableUrlAccess: true,
  }) as Transporter<{ message: Buffer }>;
  return {
    async send(mail) {
      const { message } = await transport.sendMail(messageOf(mail, settings));
      try {
        await keep(settings.directory, `${mail.id}.eml`, message);
      } catch (error) {
        throw refusalOf(error);
      }
    },
    async check() {
      try {
        await mkdir(settings.directory, { recursive: true, mode: 0o700 });
      } catch (error) {
        throw refusalOf(error);
      }
    },
  };
}

// Readers of the directory see whole mails only, and after a cut of power there is no half of one.
async function keep(directory: string, name: string, content: Buffer): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const draft = path.join(directory, `.${name}.${process.pid}`);
  try {
    const file = await open(draft, "w", 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, path.join(directory, name));
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

function messageOf(mail: OutgoingMail, { from, domain }: MailerSettings): SendMailOptions {
  if (!isOneAddress(mail.to)) {
    throw new MailRefused("the address cannot be used", { serverAway: false });
  }
  return {
    from,
    // An object is taken as it stands, a text would be read as a list.
    to: { name: "", address: mail.to },
    subject: mail.subject,
    text: mail.text,
    messageId: `<${mail.id}@${domain}>`,
    headers: {
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      ...(mail.stopUrl === null
        ? {}
        : {
            "List-Unsubscribe": { prepared: true, value: `<${mail.stopUrl}>` },
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
          }),
    },
  };
}

// Stricter than the standard: quoted local parts and comments are how one address becomes two.
function isOneAddress(address: string): boolean {
  return address.length <= 254 && /^[^\s@"<>(),:;[\]\\\p{Cc}]{1,64}@[\p{L}\p{N}.-]{3,253}$/u.test(address);
}

/** Only codes are kept: what mail servers say repeats the address. */
function refusalOf(error: unknown): MailRefused {
  if (error instanceof MailRefused) return error;
  const { code, responseCode, syscall } = error as {
    code?: string;
    responseCode?: number;
    syscall?: string;
  };
  const aboutThisMail = code === "EENVELOPE" || code === "EMESSAGE";
  const words = [code ?? "refused", responseCode, syscall].filter((part) => part !== undefined).join(" ");
  return new MailRefused(words, { serverAway: !aboutThisMail, cause: error });
}
