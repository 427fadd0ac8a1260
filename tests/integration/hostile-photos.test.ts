import sharp, { type Sharp } from "sharp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { translator } from "#app/i18n/translate.ts";
import { elementsOf, summaryOf } from "#tests/support/html.ts";
import { postPerson, sendPerson } from "#tests/support/posting.ts";
import { type Site, startSite } from "#tests/support/site.ts";

let site: Site;
beforeAll(async () => {
  site = await startSite({ env: { RATE_LIMITS: "off" } });
});
afterAll(() => site?.close());

const zh = translator("zh-TW");
const red = { r: 255, g: 0, b: 0 };

/** A picture whose left half is red: turned, one sees where the left went. */
function halfRed(width = 80, height = 40): Sharp {
  const left = {
    input: { create: { width: width / 2, height, channels: 3 as const, background: red } },
    left: 0,
    top: 0,
  };
  return sharp({ create: { width, height, channels: 3, background: { r: 0, g: 0, b: 255 } } }).composite([
    left,
  ]);
}

async function postPhoto(content: Uint8Array, type = "image/jpeg", name = "photo.jpg", answers = {}) {
  const photo = new File([new Uint8Array(content)], name, { type });
  const posted = await postPerson(site, { full_name: "有照片的人", ...answers, photo });
  const html = await (await site.fetch(posted.page)).text();
  const src = elementsOf(html, "img").find(({ attributes }) => attributes.src?.startsWith("/photos/"))
    ?.attributes.src;
  return { ...posted, src: src ?? null };
}

async function stored(src: string | null) {
  expect(src).not.toBeNull();
  const answer = await site.fetch(src!);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("image/jpeg");
  expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  return Buffer.from(await answer.arrayBuffer());
}

/** A PNG that says it is this large, with hardly anything in it. */
async function claimedPng(width: number, height: number): Promise<Buffer> {
  const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: red } })
    .png()
    .toBuffer();
  png.writeUInt32BE(width, 16);
  png.writeUInt32BE(height, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  return png;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

describe("H45: photos that are what they say", () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "a JPEG taken in position %i is shown upright, without where and with what it was taken",
    async (orientation) => {
      const upload = await halfRed()
        .withExif({
          IFD0: { Artist: "王大明", Make: "Camera of somebody", Software: "secret" },
          IFD3: {
            GPSLatitudeRef: "S",
            GPSLatitude: "43/1 31/1 48/1",
            GPSLongitudeRef: "E",
            GPSLongitude: "172/1 37/1 12/1",
          },
        })
        .withMetadata({ orientation })
        .jpeg()
        .toBuffer();
      const jpeg = await stored((await postPhoto(upload)).src);
      const { exif, icc, xmp, iptc, orientation: kept, width, height, format } = await sharp(jpeg).metadata();
      expect({ exif, icc, xmp, iptc, kept, format }).toEqual({ format: "jpeg" });
      expect([width, height]).toEqual(orientation > 4 ? [40, 80] : [80, 40]);
      for (const secret of ["王大明", "Camera of somebody", "Exif", "GPS"])
        expect(jpeg.includes(secret)).toBe(false);
      // Where the red half must be once the picture stands upright.
      const at = {
        1: "left",
        2: "right",
        3: "right",
        4: "left",
        5: "top",
        6: "top",
        7: "bottom",
        8: "bottom",
      }[orientation]!;
      const box = {
        left: { left: 2, top: 2 },
        right: { left: width - 10, top: 2 },
        top: { left: 2, top: 2 },
        bottom: { left: 2, top: height - 10 },
      }[at]!;
      const { dominant } = await sharp(jpeg)
        .extract({ ...box, width: 8, height: 8 })
        .stats();
      expect(dominant.r).toBeGreaterThan(dominant.b);
    },
  );

  it.each<[string, () => Promise<Buffer>, string]>([
    ["CMYK", () => halfRed().toColourspace("cmyk").jpeg().toBuffer(), "image/jpeg"],
    ["16 bits a colour", () => halfRed().toColourspace("rgb16").png().toBuffer(), "image/png"],
    ["grey with transparency", () => halfRed().ensureAlpha(0.5).greyscale().png().toBuffer(), "image/png"],
    ["a palette", () => halfRed().png({ palette: true }).toBuffer(), "image/png"],
    ["WebP", () => halfRed().webp().toBuffer(), "image/webp"],
    ["WebP that moves", () => animatedWebp(), "image/webp"],
    ["one dot", () => halfRed(2, 1).png().toBuffer(), "image/png"],
    ["a long thin strip", () => halfRed(4_000, 2).png().toBuffer(), "image/png"],
  ])("%s becomes a small still JPEG", async (_, make, type) => {
    const { src } = await postPhoto(await make(), type);
    const jpeg = await stored(src);
    const { format, space, pages, width, height } = await sharp(jpeg).metadata();
    expect({ format, space, pages: pages ?? 1 }).toEqual({ format: "jpeg", space: "srgb", pages: 1 });
    expect(Math.max(width, height)).toBeLessThanOrEqual(1_024);
    expect(jpeg.length).toBeLessThanOrEqual(300_000);
  });

  it("H7: a JPEG that is also a page is stored without the page", async () => {
    const jpeg = await halfRed()
      .withExif({ IFD0: { ImageDescription: "<script>alert(1)</script>" } })
      .jpeg()
      .toBuffer();
    const polyglot = Buffer.concat([jpeg, Buffer.from("<html><script>alert(1)</script></html>")]);
    expect((await stored((await postPhoto(polyglot)).src)).includes("<script>")).toBe(false);
  });

  it("of somebody under eighteen is held, and not to be had by its address", async () => {
    const { id, src } = await postPhoto(await halfRed().jpeg().toBuffer(), "image/jpeg", "a.jpg", {
      age: "12",
      visibility: "public",
    });
    expect(src).toBeNull();
    const [photo] = await site.sql`select id, publication from app.photos where person_id = ${id}`;
    expect(photo!.publication).toBe("held");
    expect((await site.fetch(`/photos/${photo!.id}.jpg`)).status).toBe(404);
  });
});

describe("H6, H45: photos that are not", () => {
  it.each<
    [string, () => Promise<Uint8Array> | Uint8Array, "photo_type" | "photo_unreadable" | "photo_too_large"]
  >([
    [
      "H6: SVG with a script",
      () => bytes('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      "photo_type",
    ],
    ["a PDF called a JPEG", () => bytes("%PDF-1.7\n1 0 obj<</JS(app.alert(1))>>endobj"), "photo_type"],
    ["a TIFF", () => halfRed().tiff().toBuffer(), "photo_type"],
    ["a GIF", () => halfRed().gif().toBuffer(), "photo_type"],
    ["a page", () => bytes("<!DOCTYPE html><script>alert(1)</script>"), "photo_type"],
    [
      "a page behind the first bytes of a JPEG",
      () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), bytes("<html><script>")]),
      "photo_unreadable",
    ],
    ["a PNG of 256 million dots", () => claimedPng(16_000, 16_000), "photo_unreadable"],
    ["a PNG of 4 billion dots a side", () => claimedPng(0x7fffffff, 0x7fffffff), "photo_unreadable"],
    [
      "a JPEG cut in the middle",
      async () =>
        cut(
          await sharp(await noise())
            .jpeg()
            .toBuffer(),
        ),
      "photo_unreadable",
    ],
    [
      "a PNG cut in the middle",
      async () =>
        cut(
          await sharp(await noise())
            .png()
            .toBuffer(),
        ),
      "photo_unreadable",
    ],
    [
      "a file over 8 MB",
      () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(8_000_001)]),
      "photo_too_large",
    ],
  ])("%s is refused with the answers kept", async (_, make, token) => {
    const began = performance.now();
    const photo = new File([new Uint8Array(await make())], "photo.jpg", { type: "image/jpeg" });
    const answer = await sendPerson(site, { full_name: "壞照片", text: "字要留著", photo });
    expect(answer.status).toBe(422);
    const html = await answer.text();
    expect(summaryOf(html, "person")).toEqual([{ text: zh(`errors:${token}`), target: "person-photo" }]);
    expect(html).toContain("字要留著");
    expect(performance.now() - began).toBeLessThan(8_000);
    expect(await site.sql`select 1 from app.persons where full_name = '壞照片'`).toHaveLength(0);
  });

  it("over 10 MB is turned away by a page that says what to do", async () => {
    const photo = new File([new Uint8Array(11_000_000)], "photo.jpg", { type: "image/jpeg" });
    const answer = await sendPerson(site, { full_name: "太大的照片", photo });
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain("10 MB");
  });
});

const bytes = (text: string) => Buffer.from(text);
const cut = (whole: Buffer) => whole.subarray(0, Math.floor(whole.length / 2));

function noise(): Promise<Buffer> {
  return sharp({
    create: {
      width: 300,
      height: 300,
      channels: 3,
      background: red,
      noise: { type: "gaussian", mean: 128, sigma: 60 },
    },
  })
    .png()
    .toBuffer();
}

async function animatedWebp(): Promise<Buffer> {
  const frames = await Promise.all(
    ["#ff0000", "#00ff00", "#0000ff"].map((background) =>
      sharp({ create: { width: 20, height: 20, channels: 4, background } })
        .png()
        .toBuffer(),
    ),
  );
  return sharp(frames, { join: { animated: true } })
    .webp({ loop: 0, delay: [100, 100, 100] })
    .toBuffer();
}
