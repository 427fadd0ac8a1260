import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEnvironment, SettingError } from "./env.server.ts";

let base = "";
beforeAll(() => {
  base = mkdtempSync(path.join(tmpdir(), "lookout-env-"));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

const read = (source: Record<string, string>) =>
  readEnvironment({ DATA_DIR: path.join(base, "data"), ...source });

describe("readEnvironment", () => {
  it("needs nothing to be set", () => {
    const env = read({});
    expect(env).toMatchObject({
      port: 3000,
      host: "127.0.0.1",
      publicUrl: "http://127.0.0.1:3000",
      siteDomain: "127.0.0.1",
      trustProxy: false,
      smtpUrl: null,
      logLevel: "info",
      rateLimits: true,
      supabase: null,
    });
  });

  it("makes a secret once, and keeps it where only we can read it", () => {
    const first = read({}).appSecret;
    expect(first).toMatch(/^[\w-]{43}$/);
    expect(read({}).appSecret).toBe(first);
    const file = path.join(base, "data", "secret");
    expect(readFileSync(file, "utf8").trim()).toBe(first);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(read({ APP_SECRET: "a".repeat(40) }).appSecret).toBe("a".repeat(40));
  });

  it("takes the site domain from the public address", () => {
    const env = read({ PUBLIC_URL: "https://lookout.example/" });
    expect(env).toMatchObject({ publicUrl: "https://lookout.example", siteDomain: "lookout.example" });
  });

  it("reads who may frame widgets, and which feeds of notices to read", () => {
    const env = read({
      EMBED_ORIGINS: "https://www.example.org http://localhost:8080",
      NOTICE_FEEDS:
        "https://ministry.example/rss?a=b#name=%E5%A4%96%E4%BA%A4%E9%83%A8 https://agency.example/cap#language=en&country=nz&name=Agency",
    });
    expect(env.embedOrigins).toEqual(["https://www.example.org", "http://localhost:8080"]);
    expect(env.noticeFeeds).toEqual([
      { url: "https://ministry.example/rss?a=b", name: "外交部", language: "zh-TW", country: null },
      { url: "https://agency.example/cap", name: "Agency", language: "en", country: "NZ" },
    ]);
    expect(read({})).toMatchObject({ embedOrigins: [], noticeFeeds: [], outboundAnywhere: false });
    expect(() => read({ OUTBOUND: "anywhere", HOST: "0.0.0.0" })).toThrow(/^OUTBOUND /);
  });

  it("reads a Supabase project, and treats an empty setting as unset", () => {
    const supabase = {
      SUPABASE_URL: "https://x.supabase.co/",
      SUPABASE_PUBLISHABLE_KEY: "p",
      SUPABASE_SECRET_KEY: "s",
    };
    expect(read(supabase).supabase).toEqual({
      url: "https://x.supabase.co",
      publishableKey: "p",
      secretKey: "s",
    });
    expect(read({ SUPABASE_URL: "", PORT: " " })).toMatchObject({ supabase: null, port: 3000 });
  });

  it.each([
    ["PORT", "99999"],
    ["PORT", "http"],
    ["HOST", "not a host"],
    ["PUBLIC_URL", "lookout.example"],
    ["PUBLIC_URL", "javascript:alert(1)"],
    ["APP_SECRET", "short"],
    ["SITE_DOMAIN", "has space.example"],
    ["TRUST_PROXY", "maybe"],
    ["SMTP_URL", "mail.example"],
    ["MAIL_FROM", "nobody\r\nBcc: all@example.org"],
    ["TILE_URL", "https://tiles.example/"],
    ["LOG_LEVEL", "loud"],
    ["RATE_LIMITS", "sometimes"],
    ["SUPABASE_URL", "x.supabase.co"],
    ["EMBED_ORIGINS", "www.example.org"],
    ["EMBED_ORIGINS", "https://www.example.org/page"],
    ["EMBED_ORIGINS", "https://a.example; script-src *"],
    ["EMBED_ORIGINS", "https://*.example.org"],
    ["NOTICE_FEEDS", "ministry.example/rss"],
    ["NOTICE_FEEDS", "https://ministry.example/rss#country=Nepal"],
    ["OUTBOUND", "everywhere"],
  ])("F18: %s=%j is refused in one sentence that names it", (setting, value) => {
    const attempt = () => read({ [setting]: value });
    expect(attempt).toThrow(SettingError);
    expect(attempt).toThrow(new RegExp(`^${setting} [^\n]+\\.$`));
  });

  it("F18: names the part of a Supabase project that is missing", () => {
    expect(() => read({ SUPABASE_URL: "https://x.supabase.co" })).toThrow(
      "SUPABASE_PUBLISHABLE_KEY is missing, but SUPABASE_URL is set.",
    );
  });

  it("F18: does without rate limits only on this machine", () => {
    expect(read({ RATE_LIMITS: "off" }).rateLimits).toBe(false);
    expect(() => read({ RATE_LIMITS: "off", HOST: "0.0.0.0" })).toThrow(/^RATE_LIMITS may be off only/);
  });

  it("F18: a data directory that cannot be made is named, and so is a damaged secret", () => {
    writeFileSync(path.join(base, "file"), "");
    expect(() => read({ DATA_DIR: path.join(base, "file", "data") })).toThrow(/^DATA_DIR /);
    read({ DATA_DIR: path.join(base, "damaged") });
    writeFileSync(path.join(base, "damaged", "secret"), "x");
    expect(() => read({ DATA_DIR: path.join(base, "damaged") })).toThrow(/^APP_SECRET .* damaged/);
  });
});
