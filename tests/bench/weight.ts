import { connect } from "node:net";
import type { Benchmark, Finding } from "./measuring.ts";
import { openForm, startSite } from "./site.ts";

/** What a phone can be sent before it has answered once: ten segments of 1,460 bytes (RFC 6928). */
const initialWindow = 14_600;
const aim = 13_000;

/** How many bytes each page is with its headers, what else it asks for, and how much script. */
export const weight: Benchmark = async ({ persons }) => {
  const site = await startSite({ persons });
  const post = await openForm(site.url);
  const id = await post("陳怡君");
  const pages: [string, string, { oneRequest: boolean }][] = [
    ["board", "/safety", { oneRequest: true }],
    ["person", `/safety/persons/${id}`, { oneRequest: true }],
    ["search", `/safety?q=${encodeURIComponent("陳怡君")}`, { oneRequest: true }],
    ["home", "/", { oneRequest: false }],
    ["event", "/events/bench-quake", { oneRequest: false }],
    ["map", "/map?event=bench-quake", { oneRequest: false }],
    ["form", "/safety/persons/new?as=me", { oneRequest: false }],
  ];
  const findings: Finding[] = [];
  for (const [name, where, { oneRequest }] of pages) {
    const { bytes } = await rawAnswer(site.url, where, "br, gzip");
    const html = (await (await fetch(site.url + where)).text()).replace(/href="data:[^"]*"/g, "");
    const more = [
      ...html.matchAll(
        /<(?:script|img|iframe|source)[^>]+src="([^"]+)"|<link[^>]+rel="(?:stylesheet|preload|modulepreload|icon)"[^>]*href="([^"]+)"/g,
      ),
    ].map((match) => match[1] ?? match[2]!);
    const scripts = more.filter((address) => /\.m?js(?:\?|$)/.test(address));
    const script = (
      await Promise.all(scripts.map((address) => rawAnswer(site.url, address, "br, gzip")))
    ).reduce((sum, answer) => sum + answer.bytes, 0);
    findings.push({
      what: `${name}: bytes of the page`,
      unit: "B",
      ours: bytes,
      peer: initialWindow,
      beside: "initial window",
      ...(oneRequest ? { aim: { atMost: aim / initialWindow } } : {}),
      note: `${1 + more.length} request${more.length ? "s" : ""}, ${script} B of script`,
    });
    if (oneRequest) {
      findings.push({
        what: `${name}: requests`,
        unit: "",
        ours: 1 + more.length,
        peer: 1,
        beside: "limit",
        aim: { atMost: 1 },
      });
      findings.push({
        what: `${name}: scripts`,
        unit: "",
        ours: scripts.length + (/<script/.test(html) ? 1 : 0),
        peer: 1,
        beside: "none",
        aim: { atMost: 0 },
      });
    } else if (script > 0) {
      findings.push({
        what: `${name}: bytes of optional script`,
        unit: "B",
        ours: script,
        peer: 8_000,
        beside: "limit",
        aim: { atMost: 1 },
      });
    }
  }
  await site.stop();
  return findings;
};

/** Everything that comes over the line, headers and all. */
function rawAnswer(base: string, where: string, encoding: string): Promise<{ bytes: number }> {
  const { hostname, port, host } = new URL(base);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let bytes = 0;
    let head = "";
    socket.on("data", (data) => {
      if (bytes === 0) head = data.toString("latin1").slice(0, 200);
      bytes += data.length;
    });
    socket.on("end", () =>
      head.startsWith("HTTP/1.1 200") ? resolve({ bytes }) : reject(new Error(`${where}: ${head}`)),
    );
    socket.on("error", reject);
    socket.write(
      `GET ${where} HTTP/1.1\r\nhost: ${host}\r\naccept-encoding: ${encoding}\r\ncookie: lang=zh-TW\r\nconnection: close\r\n\r\n`,
    );
  });
}
