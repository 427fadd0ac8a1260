import type { IncomingMessage } from "node:http";
import { expect, test } from "vitest";
import { createCallers, isLoopback, network } from "./caller.ts";
import { secretsFrom } from "./secrets.ts";

const secret = secretsFrom("a secret that is long enough for a test");

function from(remoteAddress: string, forwarded?: string): IncomingMessage {
  return {
    socket: { remoteAddress },
    headers: { "x-forwarded-for": forwarded },
  } as unknown as IncomingMessage;
}

function callers(trustProxy = false, now = new Date("2026-11-22T12:00:00Z")) {
  return createCallers({ trustProxy, secret, now: () => now });
}

test("A5 all addresses of one /64 are one caller, those of another are not", () => {
  const { key } = callers();
  expect(key(from("2001:db8:1:2::1"))).toBe(key(from("2001:db8:1:2:ffff::9")));
  expect(key(from("2001:db8:1:2::1"))).not.toBe(key(from("2001:db8:1:3::1")));
});

test.each([
  ["203.0.113.9", "203.0.113.9"],
  ["::ffff:203.0.113.9", "203.0.113.9"],
  ["2001:0db8:0001:0002:0003::1", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
])("the network of %s is %s", (address, expected) => {
  expect(network(address)).toBe(expected);
});

test("a caller's key is another one tomorrow and shows nothing of the address", () => {
  const today = callers().key(from("203.0.113.9"));
  const tomorrow = callers(false, new Date("2026-11-23T12:00:00Z")).key(from("203.0.113.9"));
  expect(today).not.toBe(tomorrow);
  expect(today).toMatch(/^[\w-]{22}$/);
});

test("H38 X-Forwarded-For is believed only behind our own proxy, and only what that proxy wrote", () => {
  const real = callers().key(from("203.0.113.9"));
  expect(callers().key(from("203.0.113.9", "198.51.100.1"))).toBe(real);
  expect(callers(true).key(from("127.0.0.1", "198.51.100.1, 203.0.113.9"))).toBe(real);
  expect(callers(true).key(from("127.0.0.1", "198.51.100.1, 203.0.113.9:4711"))).toBe(real);
  expect(callers(true).address(from("127.0.0.1", "not an address"))).toBe("127.0.0.1");
});

test.each([
  ["127.0.0.1", true],
  ["::ffff:127.0.0.1", true],
  ["::1", true],
  ["128.0.0.1", false],
  ["2001:db8::1", false],
])("%s is this machine: %s", (address, loopback) => {
  expect(isLoopback(address)).toBe(loopback);
});
