import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, expect, test } from "vitest";
import { isInside, readRemote, type RemoteOptions } from "./remote-source.ts";

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close().closeAllConnections();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function read(address: string, options: Partial<RemoteOptions> = {}): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of readRemote(address, { anywhere: false, maxBytes: 1000, ...options }))
    parts.push(part);
  return Buffer.concat(parts).toString();
}

test.each([
  ["127.0.0.1", 4],
  ["10.1.2.3", 4],
  ["100.64.0.1", 4],
  ["169.254.169.254", 4],
  ["172.31.255.255", 4],
  ["192.168.1.1", 4],
  ["0.0.0.0", 4],
  ["255.255.255.255", 4],
  ["::1", 6],
  ["::", 6],
  ["fe80::1", 6],
  ["fd00::1", 6],
  ["::ffff:169.254.169.254", 6],
  ["::ffff:8.8.8.8", 6],
  ["64:ff9b::7f00:1", 6],
  ["2002:7f00:1::", 6],
  ["2001::1", 6],
])("H46 %s is not the internet", (address, family) => {
  expect(isInside({ address, family })).toBe(true);
});

test.each([
  ["8.8.8.8", 4],
  ["172.32.0.1", 4],
  ["2606:4700::1111", 6],
])("H46 %s is the internet", (address, family) => {
  expect(isInside({ address, family })).toBe(false);
});

test.each([
  ["http://example.org/x", /not https/],
  ["ftp://example.org/x", /not https/],
  ["file:///etc/passwd", /not https/],
  ["https://user:word@example.org/x", /password/],
  ["https://127.0.0.1/x", /this machine or network/],
  ["https://2130706433/x", /this machine or network/],
  ["https://0x7f.1/x", /this machine or network/],
  ["https://[::ffff:169.254.169.254]/latest/meta-data", /this machine or network/],
  ["https://[::1]/x", /this machine or network/],
])("H46 %s is not fetched", async (address, sentence) => {
  await expect(read(address)).rejects.toThrow(sentence);
});

test("H46 a name that leads to one inner address among outer ones is not fetched", async () => {
  const resolve = async () => [
    { address: "93.184.215.14", family: 4 },
    { address: "10.0.0.5", family: 4 },
  ];
  await expect(read("https://rebinding.example/x", { resolve })).rejects.toThrow(/this machine or network/);
});

test("H46 a redirect is judged like the first address, and not followed for ever", async () => {
  const loop = await serve((request, response) => response.writeHead(302, { location: request.url }).end());
  await expect(read(`${loop}/again`, { anywhere: true })).rejects.toThrow(/too often/);
  const file = await serve((_, response) =>
    response.writeHead(302, { location: "file:///etc/passwd" }).end(),
  );
  await expect(read(file, { anywhere: true })).rejects.toThrow(/not https/);
});

test("H46 what does not end, is packed or is no file is refused", async () => {
  const endless = await serve((_, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write("x".repeat(400)), 5);
    response.once("close", () => clearInterval(timer));
  });
  await expect(read(endless, { anywhere: true })).rejects.toThrow(/more than/);
  const packed = await serve((_, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end("x"),
  );
  await expect(read(packed, { anywhere: true })).rejects.toThrow(/packed/);
  const missing = await serve((_, response) => response.writeHead(404).end("x"));
  await expect(read(missing, { anywhere: true })).rejects.toThrow(/answers 404/);
});

test("a file arrives, over a redirect, where the operator allows this network", async () => {
  const site = await serve((request, response) => {
    if (request.url === "/new") response.end("the file");
    else response.writeHead(301, { location: "/new" }).end();
  });
  expect(await read(`${site}/old`, { anywhere: true })).toBe("the file");
});
