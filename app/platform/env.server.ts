import { randomBytes } from "node:crypto";
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { StartRefused } from "./failure.ts";

/** A setting that is wrong or missing. The message is one sentence that names it. */
export class SettingError extends StartRefused {
  readonly setting: string;

  constructor(setting: string, sentence: string) {
    super(sentence);
    this.name = "SettingError";
    this.setting = setting;
  }
}

export interface SupabaseSettings {
  url: string;
  publishableKey: string;
  secretKey: string;
}

/** A feed of an authority: `usgs=https://…` in `OFFICIAL_FEEDS`. */
export interface OfficialFeed {
  /** How it is called here: its format, with a number if there are several. */
  name: string;
  format: "usgs" | "gdacs" | "cap";
  url: string;
}

/** A feed of official notices: who speaks in it, and in which language and of which country where an item does not say. */
export interface NoticeFeedSetting {
  url: string;
  name: string;
  language: string;
  /** ISO 3166-1 alpha-2. */
  country: string | null;
}

/** The settings of this installation, checked. */
export interface Environment {
  port: number;
  host: string;
  /** Where the public finds the site, without a slash at the end. */
  publicUrl: string;
  /** Absolute. */
  dataDir: string;
  appSecret: string;
  /** The domain in the record ids that other person finders know our records by. */
  siteDomain: string;
  trustProxy: boolean;
  /** Null: mail is written to `DATA_DIR/outbox`. */
  smtpUrl: string | null;
  mailFrom: string;
  tileUrl: string | null;
  tileAttribution: string | null;
  pmtilesUrl: string | null;
  /** Feeds of authorities that are read by the clock; none unless set. */
  officialFeeds: OfficialFeed[];
  /** Whether these may also stand on this machine and network: for drills without the internet. */
  officialFeedsNearby: boolean;
  logLevel: "trace" | "debug" | "info" | "warn" | "error" | "fatal" | "silent";
  rateLimits: boolean;
  /** Origins whose pages may show our widgets in a frame: `https://www.example.org`. None: nobody's. */
  embedOrigins: readonly string[];
  /** Feeds of official notices that the server reads by itself. */
  noticeFeeds: readonly NoticeFeedSetting[];
  /** Feeds and web hooks may also lead to this machine and network, and go by http: for drills without the internet. */
  outboundAnywhere: boolean;
  /** Null: the embedded database is used. */
  supabase: SupabaseSettings | null;
}

const settings = {
  PORT: z.coerce
    .number("must be a port number between 0 and 65535")
    .int("must be a port number between 0 and 65535")
    .min(0, "must be a port number between 0 and 65535")
    .max(65535, "must be a port number between 0 and 65535")
    .default(3000),
  HOST: z
    .string()
    .regex(/^[A-Za-z0-9._:-]+$/, "must be an address or a host name to listen on, such as 127.0.0.1")
    .default("127.0.0.1"),
  PUBLIC_URL: webAddress("must be the address the public uses, such as https://lookout.example").optional(),
  DATA_DIR: z.string().default("./data"),
  APP_SECRET: z.string().min(32, "must be at least 32 characters long, and random").optional(),
  SITE_DOMAIN: z
    .string()
    .regex(
      /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*$/,
      "must be a domain name, such as lookout.example",
    )
    .optional(),
  TRUST_PROXY: onOff("must be on or off"),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/\S+$/, "must look like smtp://user:password@mail.example:587")
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]*@[^\r\n]+$/, "must be a mail address")
    .optional(),
  TILE_URL: z
    .string()
    .regex(/^https?:\/\/\S*\{z\}\S*$/, "must be a web address with {z}, {x} and {y} in it")
    .optional(),
  TILE_ATTRIBUTION: z.string().max(500, "must be at most 500 characters long").optional(),
  PMTILES_URL: z
    .string()
    .regex(/^(?:https?:\/\/|\/)\S+$/, "must be a web address")
    .optional(),
  OFFICIAL_FEEDS: z
    .string()
    .max(4000, "must be at most 4000 characters long")
    .transform((given, context): OfficialFeed[] => {
      const feeds = given.split(/[\s,]+/).filter(Boolean);
      const counts = new Map<string, number>();
      return feeds.flatMap((one) => {
        const [, format, url] = /^(usgs|gdacs|cap)=(https?:\/\/\S+)$/.exec(one) ?? [];
        if (!format || !url || !URL.canParse(url)) {
          context.addIssue("must list feeds as usgs=https://…, gdacs=https://… or cap=https://…");
          return [];
        }
        const count = (counts.get(format) ?? 0) + 1;
        counts.set(format, count);
        const name = count === 1 ? format : `${format}-${count}`;
        return [{ name, format: format as OfficialFeed["format"], url }];
      });
    })
    .default([]),
  OFFICIAL_FEEDS_NEARBY: onOff("must be on or off"),
  LOG_LEVEL: z
    .enum(
      ["trace", "debug", "info", "warn", "error", "fatal", "silent"],
      "must be one of trace, debug, info, warn, error, fatal, silent",
    )
    .default("info"),
  RATE_LIMITS: z.enum(["on", "off"], "must be on or off").default("on"),
  EMBED_ORIGINS: z
    .string()
    .transform((value, context) => {
      const origins = value.split(/[\s,]+/).filter((one) => one !== "");
      if (origins.every(isOrigin)) return origins;
      context.addIssue({
        code: "custom",
        message: "must be origins with spaces between them, such as https://www.example.org",
      });
      return z.NEVER;
    })
    .optional(),
  NOTICE_FEEDS: z
    .string()
    .transform((value, context) => {
      const feeds = value
        .split(/\s+/)
        .filter((one) => one !== "")
        .map(readNoticeFeed);
      if (feeds.every((feed) => feed !== null)) return feeds;
      context.addIssue({
        code: "custom",
        message:
          "must be web addresses with spaces between them, such as https://example.org/rss#name=Ministry&language=en",
      });
      return z.NEVER;
    })
    .optional(),
  OUTBOUND: z.enum(["public", "anywhere"], "must be public or anywhere").default("public"),
  SUPABASE_URL: webAddress("must be the web address of a Supabase project").optional(),
  SUPABASE_PUBLISHABLE_KEY: z.string().optional(),
  SUPABASE_SECRET_KEY: z.string().optional(),
};

/**
 * Reads and checks the settings; throws a SettingError for the first that is wrong. Makes `DATA_DIR` and, unless
 * `APP_SECRET` is set, the secret kept in it.
 */
export function readEnvironment(source: Record<string, string | undefined> = process.env): Environment {
  const read = <Name extends keyof typeof settings>(name: Name): z.output<(typeof settings)[Name]> => {
    const given = source[name]?.trim();
    const parsed = settings[name].safeParse(given === "" ? undefined : given);
    if (!parsed.success) {
      throw new SettingError(name, `${name} ${parsed.error.issues[0]?.message ?? "is not valid"}.`);
    }
    return parsed.data as z.output<(typeof settings)[Name]>;
  };

  const port = read("PORT");
  const host = read("HOST");
  const publicUrl = read("PUBLIC_URL") ?? `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  const siteDomain = read("SITE_DOMAIN") ?? new URL(publicUrl).hostname.replace(/^\[|\]$/g, "");
  const rateLimits = read("RATE_LIMITS") === "on";
  if (!rateLimits && !["127.0.0.1", "::1", "localhost"].includes(host)) {
    throw new SettingError("RATE_LIMITS", "RATE_LIMITS may be off only while HOST is 127.0.0.1.");
  }
  const officialFeedsNearby = read("OFFICIAL_FEEDS_NEARBY");
  if (officialFeedsNearby && !["127.0.0.1", "::1", "localhost"].includes(host)) {
    throw new SettingError(
      "OFFICIAL_FEEDS_NEARBY",
      "OFFICIAL_FEEDS_NEARBY may be on only while HOST is 127.0.0.1.",
    );
  }
  const outboundAnywhere = read("OUTBOUND") === "anywhere";
  if (outboundAnywhere && !["127.0.0.1", "::1", "localhost"].includes(host)) {
    throw new SettingError("OUTBOUND", "OUTBOUND may be anywhere only while HOST is 127.0.0.1.");
  }
  const environment: Omit<Environment, "appSecret"> = {
    port,
    host,
    publicUrl,
    dataDir: path.resolve(read("DATA_DIR")),
    siteDomain,
    trustProxy: read("TRUST_PROXY"),
    smtpUrl: read("SMTP_URL") ?? null,
    mailFrom: read("MAIL_FROM") ?? `Lookout <no-reply@${siteDomain}>`,
    tileUrl: read("TILE_URL") ?? null,
    tileAttribution: read("TILE_ATTRIBUTION") ?? null,
    pmtilesUrl: read("PMTILES_URL") ?? null,
    officialFeeds: read("OFFICIAL_FEEDS"),
    officialFeedsNearby,
    logLevel: read("LOG_LEVEL"),
    rateLimits,
    embedOrigins: read("EMBED_ORIGINS") ?? [],
    noticeFeeds: read("NOTICE_FEEDS") ?? [],
    outboundAnywhere,
    supabase: supabaseSettings(
      read("SUPABASE_URL"),
      read("SUPABASE_PUBLISHABLE_KEY"),
      read("SUPABASE_SECRET_KEY"),
    ),
  };
  const appSecret = read("APP_SECRET");
  makeDataDir(environment.dataDir);
  return { ...environment, appSecret: appSecret ?? keptSecret(environment.dataDir) };
}

/** What a child process of ours may inherit: enough to find programs, nothing that is a secret. */
export function childEnvironment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const kept: Record<string, string> = {};
  for (const name of ["PATH", "SystemRoot", "TEMP", "TMP", "TMPDIR"]) {
    const value = process.env[name];
    if (value !== undefined) kept[name] = value;
  }
  return { ...kept, ...extra } as NodeJS.ProcessEnv;
}

function supabaseSettings(
  url: string | undefined,
  publishableKey: string | undefined,
  secretKey: string | undefined,
): SupabaseSettings | null {
  const given = {
    SUPABASE_URL: url,
    SUPABASE_PUBLISHABLE_KEY: publishableKey,
    SUPABASE_SECRET_KEY: secretKey,
  };
  const missing = Object.entries(given).filter(([, value]) => !value);
  if (missing.length === 3) return null;
  const first = missing[0]?.[0];
  if (first || !url || !publishableKey || !secretKey) {
    const present = Object.entries(given).find(([, value]) => value)?.[0];
    throw new SettingError(first ?? "SUPABASE_URL", `${first} is missing, but ${present} is set.`);
  }
  return { url, publishableKey, secretKey };
}

function makeDataDir(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new SettingError("DATA_DIR", `DATA_DIR (${directory}) cannot be made: ${reason(error)}.`);
  }
}

function keptSecret(dataDir: string): string {
  const file = path.join(dataDir, "secret");
  const kept = readKeptSecret(file);
  if (kept !== null) return kept;
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flush: true });
    try {
      // A link never replaces: of two starts at the same moment, both use the secret that was there first.
      linkSync(draft, file);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Some disks know no links: there the last of two starts at the same moment would win.
      if (code !== "EEXIST") renameSync(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
    chmodSync(file, 0o600);
  } catch (error) {
    throw new SettingError("DATA_DIR", `DATA_DIR (${dataDir}) cannot keep the secret: ${reason(error)}.`);
  }
  const made = readKeptSecret(file);
  if (made === null)
    throw new SettingError("DATA_DIR", `DATA_DIR (${dataDir}) does not keep what is written.`);
  return made;
}

function readKeptSecret(file: string): string | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw new SettingError("APP_SECRET", `APP_SECRET cannot be read from ${file}: ${reason(error)}.`);
  }
  if (text.length < 32) {
    throw new SettingError("APP_SECRET", `APP_SECRET as kept in ${file} is damaged: restore that file.`);
  }
  return text;
}

/** An origin as a browser writes it: scheme, host and port, nothing after. */
function isOrigin(text: string): boolean {
  return /^https?:\/\/[A-Za-z0-9.:[\]-]+$/.test(text) && URL.canParse(text) && new URL(text).origin === text;
}

/** `https://example.org/rss#name=Ministry&language=en&country=NZ`; null when it is no such thing. */
function readNoticeFeed(text: string): NoticeFeedSetting | null {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const facts = new URLSearchParams(url.hash.slice(1));
  url.hash = "";
  const language = facts.get("language") ?? "zh-TW";
  const country = facts.get("country")?.toUpperCase() ?? null;
  if (!/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/.test(language)) return null;
  if (country !== null && !/^[A-Z]{2}$/.test(country)) return null;
  return { url: url.href, name: facts.get("name")?.slice(0, 200) || url.hostname, language, country };
}

function webAddress(sentence: string) {
  return z
    .string()
    .refine((value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol), sentence)
    .transform((value) => value.replace(/\/+$/, ""));
}

function onOff(sentence: string) {
  return z
    .enum(["on", "off", "1", "0", "true", "false", "yes", "no"], sentence)
    .default("off")
    .transform((value) => ["on", "1", "true", "yes"].includes(value));
}

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "EACCES" || code === "EPERM") return "permission denied";
  if (code === "EROFS") return "the disk can only be read";
  if (code === "ENOSPC") return "the disk is full";
  if (code === "ENOTDIR" || code === "EEXIST") return "a file stands where a directory is needed";
  return code ?? (error instanceof Error ? error.message : String(error));
}
