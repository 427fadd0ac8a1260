import { stat, statfs } from "node:fs/promises";
import path from "node:path";
import { listEvents } from "../../features/events/events.server.ts";
import { readOutboxState } from "../../features/notifications/outbox.server.ts";
import { createMailer, MailRefused } from "../../features/notifications/mailer.server.ts";
import { age } from "../../i18n/format.ts";
import type { Environment } from "../../platform/env.server.ts";
import { SettingError } from "../../platform/env.server.ts";
import { Failure, StartRefused } from "../../platform/failure.ts";
import { readMigrations } from "../migrate.ts";
import { DONE, REFUSED, type Command, type Invocation } from "./command.ts";
import { settingsOf, type Session } from "./session.ts";

export const doctor: Command = {
  name: "doctor",
  operands: "",
  takes: [0, 0],
  summary: "Look whether everything is in order, and say what to do where it is not.",
  async run(invocation) {
    const { terminal } = invocation;
    let wrong = 0;
    const report = async (finding: Finding) => {
      if (finding.wrong) wrong += 1;
      await terminal.write(`${finding.wrong ? "wrong" : "ok   "}  ${finding.what}\n`);
      if (finding.wrong) await terminal.write(`       ${finding.wrong}\n`);
    };
    for await (const finding of examine(invocation)) await report(finding);
    terminal.tell(wrong === 0 ? "everything is in order" : `${wrong} to mend`);
    return wrong === 0 ? DONE : REFUSED;
  },
};

interface Finding {
  what: string;
  /** What to do about it; null when it is in order. */
  wrong: string | null;
}

const leastNode = [20, 19] as const;

async function* examine({ terminal, open }: Invocation): AsyncGenerator<Finding> {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  yield {
    what: `Node.js ${process.versions.node}`,
    wrong:
      major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])
        ? null
        : `Install Node.js ${leastNode.join(".")} or later.`,
  };

  let env: Environment;
  try {
    env = settingsOf(terminal);
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    yield { what: "settings", wrong: error.message };
    return;
  }
  yield { what: `settings; the public address is ${env.publicUrl}`, wrong: null };
  yield* examineAddress(env);
  yield* examineDisk(env);

  let session: Session;
  try {
    session = await open();
  } catch (error) {
    if (!(error instanceof StartRefused) && !(error instanceof Failure)) throw error;
    yield { what: "database", wrong: error instanceof StartRefused ? error.message : "It does not answer." };
    return;
  }
  yield* examineDatabase(session);
  yield* examineMail(session);
}

function* examineAddress(env: Environment): Generator<Finding> {
  const url = new URL(env.publicUrl);
  const isTrial = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
  if (isTrial) {
    yield { what: "only this machine can reach the site; set PUBLIC_URL before others shall", wrong: null };
    return;
  }
  yield {
    what: "the public address is encrypted",
    wrong:
      url.protocol === "https:" ? null : "PUBLIC_URL must begin with https: put a TLS proxy before the site.",
  };
  yield {
    what: `record ids carry the domain ${env.siteDomain}`,
    wrong: env.siteDomain.includes(".") ? null : "Set SITE_DOMAIN to a domain that is yours for years.",
  };
}

const leastFree = 1024 ** 3;

async function* examineDisk(env: Environment): AsyncGenerator<Finding> {
  const secret = path.join(env.dataDir, "secret");
  const found = await stat(secret).catch(() => null);
  if (found === null) yield { what: "the secret is given as APP_SECRET", wrong: null };
  else {
    // Systems without such modes give everybody's.
    const isOpen = process.platform !== "win32" && (found.mode & 0o077) !== 0;
    yield {
      what: `the secret in ${secret}`,
      wrong: isOpen ? `Others on this machine can read it: chmod 600 ${secret}` : null,
    };
  }
  const { bavail, bsize } = await statfs(env.dataDir);
  const free = bavail * bsize;
  yield {
    what: `${(free / 1024 ** 3).toFixed(1)} GB free in ${env.dataDir}`,
    wrong: free < leastFree ? "Make room: below 1 GB new posts may soon be refused." : null,
  };
}

async function* examineDatabase({ env, backend }: Session): AsyncGenerator<Finding> {
  try {
    await backend.ready();
    const events = await listEvents(backend.db);
    yield { what: `database (${backend.mode}); events: ${events.length}`, wrong: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const advice = env.supabase
      ? "It does not answer: are SUPABASE_URL and its keys right, and are the migrations applied?"
      : `It does not answer: see ${path.join(env.dataDir, "postgres.log")}`;
    yield { what: `database (${backend.mode})`, wrong: advice };
    return;
  }
  if (backend.mode === "embedded") {
    // Opening it would have been refused otherwise.
    const newest = readMigrations(path.resolve("supabase/migrations")).at(-1);
    yield { what: `migrations, up to ${newest?.version}_${newest?.name}`, wrong: null };
  }
}

const patienceMs = 15 * 60_000;

async function* examineMail({ env, backend }: Session): AsyncGenerator<Finding> {
  const directory = path.join(env.dataDir, "outbox");
  const mailer = createMailer({
    smtpUrl: env.smtpUrl,
    from: env.mailFrom,
    directory,
    domain: env.siteDomain,
  });
  if (env.smtpUrl === null) {
    const isTrial = new URL(env.publicUrl).protocol === "http:";
    yield {
      what: `mail is written to ${directory}`,
      wrong: isTrial ? null : "Nobody receives it: set SMTP_URL.",
    };
  } else {
    try {
      await mailer.check();
      yield { what: "the mail server of SMTP_URL takes mail", wrong: null };
    } catch (error) {
      if (!(error instanceof MailRefused)) throw error;
      yield {
        what: "the mail server of SMTP_URL",
        wrong: `It takes no mail (${error.message}): look at SMTP_URL.`,
      };
    }
  }
  const { waiting, oldest_waiting, failed, last_error } = await readOutboxState(backend.commands);
  const since = oldest_waiting === null ? null : new Date(oldest_waiting);
  const isLate = since !== null && Date.now() - since.getTime() > patienceMs;
  const why = last_error === null ? "" : ` The last reason: ${last_error}.`;
  yield {
    what: `mail waiting: ${waiting}${since ? ` (the oldest from ${age(since, new Date(), "en")})` : ""}, given up: ${failed}`,
    wrong: isLate
      ? `They are late.${why || " Is the server running?"}`
      : failed > 0
        ? `Some could not be delivered for hours.${why}`
        : null,
  };
}
