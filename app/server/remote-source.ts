import { lookup } from "node:dns/promises";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { BlockList, isIP, type LookupFunction } from "node:net";

/** What is at a web address cannot be had, or may not be asked for. The message is one sentence. */
export class RemoteRefused extends Error {
  /** It is an address of this machine or network, which an operator may allow. */
  readonly inside: boolean;

  constructor(sentence: string, { inside = false } = {}) {
    super(sentence);
    this.name = "RemoteRefused";
    this.inside = inside;
  }
}

/** Which version of what is at an address was read last. `readRemote` fills in what the answer says. */
export interface RemoteVersion {
  etag?: string;
  lastModified?: string;
  /** It is still the version named here, and nothing was read. */
  unchanged?: boolean;
}

export interface RemoteOptions {
  /** Also addresses of this machine and network, and http: for drills without the internet. */
  anywhere: boolean;
  maxBytes: number;
  /** The only hosts that may be asked, those that answers redirect to among them. Any host unless told. */
  hosts?: ReadonlySet<string>;
  /** How long all of it may take. */
  wholeWithinMs?: number;
  version?: RemoteVersion;
  resolve?: (host: string) => Promise<{ address: string; family: number }[]>;
}

const mostRedirects = 3;
const answerWithinMs = 10_000;
const silentForMs = 30_000;
const usualWholeMs = 15 * 60_000;

/**
 * The bytes at a web address, as they come; throws RemoteRefused with a sentence.
 *
 * What is at an address may change between looking and fetching, and a friendly host may send us on to an unfriendly
 * place: every name is resolved once and exactly what was judged is connected to, for the first address and for each
 * that it redirects to.
 */
export async function* readRemote(address: string, options: RemoteOptions): AsyncGenerator<Uint8Array> {
  const until = Date.now() + (options.wholeWithinMs ?? usualWholeMs);
  let url = parse(address);
  for (let redirects = 0; ; redirects += 1) {
    const answer = await ask(url, options, until);
    const status = answer.statusCode ?? 0;
    const { version } = options;
    if (status === 304 && version) {
      version.unchanged = true;
      answer.destroy();
      return;
    }
    if ([301, 302, 303, 307, 308].includes(status)) {
      answer.destroy();
      const next = answer.headers.location;
      if (!next) throw new RemoteRefused(`${url.host} redirects to nowhere.`);
      if (redirects === mostRedirects) throw new RemoteRefused(`${address} redirects too often.`);
      url = parse(next, url);
      continue;
    }
    try {
      if (status !== 200) throw new RemoteRefused(`${url.host} answers ${status} instead of the file.`);
      if (answer.headers["content-encoding"] && answer.headers["content-encoding"] !== "identity") {
        throw new RemoteRefused(`${url.host} sends the file packed although it was not asked to.`);
      }
      yield* within(answer, url, options.maxBytes, until);
      // Named only when all of it has been read.
      if (version) {
        const { etag, "last-modified": lastModified } = answer.headers;
        Object.assign(version, { etag, lastModified, unchanged: false });
      }
    } finally {
      answer.destroy();
    }
    return;
  }
}

/** Something to send: its bytes and the headers that speak of them. */
interface Sending {
  body: string;
  headers: Readonly<Record<string, string>>;
}

/**
 * Posts to a web address under the same guards, and gives the status of the answer. Nobody is followed elsewhere: a
 * redirect is an answer like any other, and what the answer says is not read.
 */
export async function postRemote(
  address: string,
  sending: Sending,
  options: Pick<RemoteOptions, "anywhere" | "resolve"> & { wholeWithinMs: number },
): Promise<number> {
  const answer = await ask(
    parse(address),
    { ...options, maxBytes: 0 },
    Date.now() + options.wholeWithinMs,
    sending,
  );
  answer.destroy();
  return answer.statusCode ?? 0;
}

async function* within(
  answer: IncomingMessage,
  url: URL,
  maxBytes: number,
  until: number,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of answer as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) {
        throw new RemoteRefused(
          `${url.host} sends more than ${Math.floor(maxBytes / 1024 ** 2)} MB: fetch it into a file first.`,
        );
      }
      if (Date.now() > until) throw new RemoteRefused(`${url.host} sends too slowly.`);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof RemoteRefused) throw error;
    throw new RemoteRefused(`the connection to ${url.host} broke off: ${reason(error)}.`);
  }
}

function parse(address: string, base?: URL): URL {
  const url = URL.canParse(address, base) ? new URL(address, base) : null;
  if (!url) throw new RemoteRefused(`${address.slice(0, 200)} is not a web address.`);
  return url;
}

async function ask(
  url: URL,
  options: RemoteOptions,
  until: number,
  sending?: Sending,
): Promise<IncomingMessage> {
  if (options.hosts && !options.hosts.has(url.host)) {
    throw new RemoteRefused(`${url.host} is not among the hosts that may be asked.`);
  }
  if (url.protocol !== "https:" && !(options.anywhere && url.protocol === "http:")) {
    throw new RemoteRefused(`${url.protocol}//${url.host} is not https.`);
  }
  if (url.username || url.password) throw new RemoteRefused("a web address must not hold a password.");
  const place = await judge(url.hostname.replace(/^\[|\]$/g, ""), options);
  const pinned: LookupFunction = (_host, wanted, done) => {
    if (wanted.all) done(null, [place]);
    else done(null, place.address, place.family);
  };
  return new Promise((resolve, reject) => {
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const request = send(url, {
      lookup: pinned,
      agent: false,
      method: sending ? "POST" : "GET",
      headers: {
        accept: "*/*",
        "accept-encoding": "identity",
        "user-agent": "Lookout",
        ...(options.version?.etag ? { "if-none-match": options.version.etag } : {}),
        ...(options.version?.lastModified ? { "if-modified-since": options.version.lastModified } : {}),
        ...(sending ? { ...sending.headers, "content-length": String(Buffer.byteLength(sending.body)) } : {}),
      },
      signal: AbortSignal.timeout(Math.max(1, until - Date.now())),
    });
    const limit = setTimeout(() => request.destroy(new Error("no answer in time")), answerWithinMs);
    request.setTimeout(silentForMs, () => request.destroy(new Error("nothing came for too long")));
    request.once("response", (answer) => {
      clearTimeout(limit);
      resolve(answer);
    });
    request.on("error", (error) => {
      clearTimeout(limit);
      reject(new RemoteRefused(`${url.host} cannot be reached: ${reason(error)}.`));
    });
    request.end(sending?.body);
  });
}

async function judge(host: string, options: RemoteOptions): Promise<{ address: string; family: number }> {
  const resolve = options.resolve ?? ((name: string) => lookup(name, { all: true }));
  const family = isIP(host);
  const places = family
    ? [{ address: host, family }]
    : await resolve(host).catch(() => {
        throw new RemoteRefused(`${host} is not known on the internet.`);
      });
  const [first] = places;
  if (!first) throw new RemoteRefused(`${host} is not known on the internet.`);
  if (!options.anywhere && places.some(isInside)) {
    throw new RemoteRefused(`${host} is an address of this machine or network.`, { inside: true });
  }
  return first;
}

const inside = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const) {
  inside.addSubnet(network, bits, "ipv4");
}
// Only what is handed out to the public counts as outside, and of that not the ranges that lead back into IPv4.
const outside = new BlockList();
outside.addSubnet("2000::", 3, "ipv6");
for (const [network, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
] as const) {
  inside.addSubnet(network, bits, "ipv6");
}

/** Whether an address belongs to this machine, its network, or to nobody. */
export function isInside({ address, family }: { address: string; family: number }): boolean {
  if (family === 4) return inside.check(address, "ipv4");
  return inside.check(address, "ipv6") || !outside.check(address, "ipv6");
}

function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
