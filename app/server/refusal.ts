import { STATUS_CODES } from "node:http";
import type { LanguageCode } from "../i18n/languages.ts";
import { contentSecurityPolicy, hashSource } from "./content-security-policy.ts";

/** Answers that this layer gives itself, before any page is asked: short, kind, in the reader's language. */

export type RefusalStatus = 400 | 403 | 405 | 408 | 413 | 414 | 415 | 429 | 431 | 500 | 501 | 503;

export interface Refusal {
  status: RefusalStatus;
  contentType: string;
  body: string;
  headers: Record<string, string>;
}

interface RefusalOptions {
  language: LanguageCode;
  /** Programs get `application/problem+json`, people get a page. */
  forProgram: boolean;
  /** A word that names the reason to programs. */
  token?: string;
  retryAfterSeconds?: number;
  allow?: string;
}

/** Makes the answer for a status: what happened, what to do, and that nothing typed is lost. */
export function refuse(status: RefusalStatus, options: RefusalOptions): Refusal {
  const headers: Record<string, string> = { "Cache-Control": "no-store" };
  if (options.retryAfterSeconds !== undefined) headers["Retry-After"] = String(options.retryAfterSeconds);
  if (options.allow) headers["Allow"] = options.allow;
  const [title, advice] = words[options.language][status];
  if (options.forProgram) {
    const body = problem(status, { token: options.token ?? tokens[status], detail: `${title} ${advice}` });
    return { status, contentType: "application/problem+json", body, headers };
  }
  headers["Content-Security-Policy"] = pagePolicy;
  return {
    status,
    contentType: "text/html; charset=utf-8",
    body: page(options.language, title, advice),
    headers,
  };
}

/** The same as a `Response`, for where the pages should have answered. */
export function refusalResponse(status: RefusalStatus, options: RefusalOptions): Response {
  const { contentType, body, headers } = refuse(status, options);
  return new Response(body, { status, headers: { ...headers, "Content-Type": contentType } });
}

/** `application/problem+json` for any status. */
export function problem(status: number, { token, detail }: { token?: string; detail?: string } = {}): string {
  const title = STATUS_CODES[status] ?? "Error";
  const word = token ?? tokens[status as RefusalStatus] ?? title.toLowerCase().replace(/[^a-z]+/g, "_");
  return JSON.stringify({ type: "about:blank", title, status, token: word, detail, errors: [] });
}

/** The bytes for a connection so broken that there is no request to answer. */
export function rawRefusal(status: 400 | 408 | 431): string {
  const body = `${words["zh-TW"][status].join("")}\n${words.en[status].join(" ")}\n${words.ja[status].join("")}\n`;
  return [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    "Content-Type: text/plain; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "X-Content-Type-Options: nosniff",
    "Connection: close",
    "",
    body,
  ].join("\r\n");
}

const tokens: Record<RefusalStatus, string> = {
  400: "malformed_request",
  403: "foreign_origin",
  405: "method_not_allowed",
  408: "too_slow",
  413: "too_large",
  414: "address_too_long",
  415: "unsupported_media_type",
  429: "too_many",
  431: "headers_too_large",
  500: "unexpected",
  501: "method_not_known",
  503: "busy",
};

const style =
  ":root{color-scheme:light dark}body{font:1.06rem/1.65 system-ui,sans-serif;max-width:36em;margin:12vh auto;padding:0 16px}h1{font-size:1.5rem;line-height:1.3}a{color:inherit}";

const pagePolicy = contentSecurityPolicy({ kind: "plain", styleHash: hashSource(style) });

function page(language: LanguageCode, title: string, advice: string): string {
  const { home, site, hotline } = frame[language];
  return [
    `<!DOCTYPE html><html lang="${language}"><head><meta charset="utf-8">`,
    `<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">`,
    `<title>${title} – ${site}</title><style>${style}</style></head>`,
    `<body><main><h1>${title}</h1><p>${advice}</p><p>${hotline}</p><p><a href="/">${home}</a></p></main></body></html>`,
  ].join("");
}

const frame: Record<LanguageCode, { site: string; home: string; hotline: string }> = {
  "zh-TW": {
    site: "守望",
    home: "回到首頁",
    hotline: '情況緊急時，請打旅外國人急難救助電話：<a href="tel:+886800085095">+886-800-085-095</a>',
  },
  en: {
    site: "Lookout",
    home: "To the front page",
    hotline:
      'If it is urgent, call the emergency line for nationals abroad: <a href="tel:+886800085095">+886-800-085-095</a>',
  },
  ja: {
    site: "守望 Lookout",
    home: "トップページへ",
    hotline: '緊急のときは在外台湾人の緊急電話へ：<a href="tel:+886800085095">+886-800-085-095</a>',
  },
};

const words: Record<LanguageCode, Record<RefusalStatus, [title: string, advice: string]>> = {
  "zh-TW": {
    400: ["這個網址或內容讀不懂。", "請檢查網址，或從首頁重新開始。"],
    403: [
      "這份表單不是從本站送出的。",
      "為了保護你，我們沒有收下。按「上一頁」回到本站的表單再送一次，你填的內容還在。",
    ],
    405: ["這個網址不接受這種要求。", "請從首頁找到你要的頁面。"],
    408: ["連線太慢，內容沒有傳完。", "按「上一頁」再送一次；如果附了照片，先不放照片會快很多。"],
    413: [
      "內容太大了。",
      "按「上一頁」，縮短文字或換一張小一點的照片（10 MB 以內）再送一次，你填的內容還在。",
    ],
    414: ["網址太長了。", "請用短一點的關鍵字搜尋，或從首頁重新開始。"],
    415: ["這種格式我們讀不懂。", "請使用本站的表單，或參考 API 說明。"],
    429: ["剛才送出太多次了。", "請等一下再試。按「上一頁」，你填的內容還在。"],
    431: ["瀏覽器送來的資料太多。", "請清除本站的 Cookie 後再試一次。"],
    500: ["我們這邊出了問題。", "剛才的內容可能沒有收下。請稍等再試一次。"],
    501: ["這個網址不接受這種要求。", "請從首頁找到你要的頁面。"],
    503: ["現在使用的人很多。", "請等幾秒再試一次。按「上一頁」，你填的內容還在。"],
  },
  en: {
    400: [
      "We could not read this address or its content.",
      "Check the address, or start again from the front page.",
    ],
    403: [
      "This form was not sent from our site.",
      "To protect you we did not take it. Go back to the form on our site and send it again: what you typed is still there.",
    ],
    405: ["This address does not take that kind of request.", "Find the page you want from the front page."],
    408: [
      "The connection was too slow and the content did not arrive.",
      "Go back and send it again; without the photo it is much faster.",
    ],
    413: [
      "This is too large.",
      "Go back, shorten the text or choose a smaller photo (up to 10 MB), and send it again: what you typed is still there.",
    ],
    414: ["The address is too long.", "Search with fewer words, or start again from the front page."],
    415: ["We cannot read this format.", "Please use the forms of this site, or see the API guide."],
    429: [
      "That was many times in a short while.",
      "Wait a moment and try again. Go back: what you typed is still there.",
    ],
    431: ["Your browser sent too much.", "Clear the cookies of this site and try again."],
    500: [
      "Something went wrong on our side.",
      "What you sent may not have been kept. Wait a moment and try again.",
    ],
    501: ["This address does not take that kind of request.", "Find the page you want from the front page."],
    503: [
      "Very many people are here at the moment.",
      "Wait a few seconds and try again. Go back: what you typed is still there.",
    ],
  },
  ja: {
    400: [
      "アドレスまたは内容を読み取れませんでした。",
      "アドレスを確かめるか、トップページからやり直してください。",
    ],
    403: [
      "このフォームは当サイトから送られたものではありません。",
      "安全のため受け取りませんでした。前のページに戻り、もう一度送ってください。入力した内容は残っています。",
    ],
    405: ["このアドレスでは受け付けられない要求です。", "トップページからお探しください。"],
    408: [
      "通信が遅く、内容が届きませんでした。",
      "前のページに戻って送り直してください。写真を外すとずっと速くなります。",
    ],
    413: [
      "内容が大きすぎます。",
      "前のページに戻り、文を短くするか小さい写真（10 MB 以内）にして送ってください。入力した内容は残っています。",
    ],
    414: ["アドレスが長すぎます。", "短い言葉で検索するか、トップページからやり直してください。"],
    415: ["この形式は読み取れません。", "当サイトのフォームを使うか、API の説明をご覧ください。"],
    429: [
      "短い間に何度も送られました。",
      "少し待ってからお試しください。前のページに戻れば、入力した内容は残っています。",
    ],
    431: ["ブラウザから送られた情報が多すぎます。", "このサイトの Cookie を消して、もう一度お試しください。"],
    500: [
      "こちら側で問題が起きました。",
      "送った内容は保存されていないかもしれません。少し待ってからお試しください。",
    ],
    501: ["このアドレスでは受け付けられない要求です。", "トップページからお探しください。"],
    503: [
      "ただいま大変混み合っています。",
      "数秒待ってからお試しください。前のページに戻れば、入力した内容は残っています。",
    ],
  },
};
