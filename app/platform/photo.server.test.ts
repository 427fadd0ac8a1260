import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { describe, expect, test, vi } from "vitest";
import { PHOTO_UPLOAD_LIMIT, preparePhoto } from "./photo.server.ts";

// Much is tried here, and a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

/** A picture with a red left half and a blue right half: which way up it is can be seen. */
async function picture(width = 40, height = 20) {
  const half = { width: width / 2, height, channels: 3 as const };
  return sharp({ create: { width, height, channels: 3, background: "#0000ff" } }).composite([
    { input: await sharp({ create: { ...half, background: "#ff0000" } }).png().toBuffer(), left: 0, top: 0 },
  ]); // prettier-ignore
}

const stored = async (upload: Uint8Array) => {
  const photo = await preparePhoto(upload);
  const bytes = Buffer.from(photo.content ?? "", "base64");
  return { photo, bytes, meta: await sharp(bytes).metadata() };
};
const refused = (token: string) => expect.objectContaining({ kind: "invalid", token, field: "photo" });

async function colourAt(bytes: Buffer, left: number, top: number): Promise<"red" | "blue"> {
  const { data } = await sharp(bytes)
    .extract({ left, top, width: 1, height: 1 })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return data[0]! > data[2]! ? "red" : "blue";
}

describe("takes", () => {
  test.each(["jpeg", "png", "webp"] as const)("a %s and keeps it as a small JPEG", async (format) => {
    const { photo, meta, bytes } = await stored(await (await picture()).toFormat(format).toBuffer());
    expect(meta).toMatchObject({ format: "jpeg", width: 40, height: 20, space: "srgb" });
    expect(photo).toMatchObject({ width: 40, height: 20 });
    expect(photo.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(bytes.length).toBeLessThan(5_000);
  });

  test("a large photo and makes it at most 1,024 pixels a side", async () => {
    const { photo } = await stored(
      await sharp({ create: { width: 3000, height: 1500, channels: 3, background: "#888" } })
        .jpeg()
        .toBuffer(),
    );
    expect([photo.width, photo.height]).toEqual([1024, 512]);
  });

  test("a photo with noise, and stays within what is stored", async () => {
    const noise = Buffer.alloc(1600 * 1600 * 3);
    let seed = 1;
    for (let at = 0; at < noise.length; at += 1)
      noise[at] = (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) >>> 16;
    const upload = await sharp(noise, { raw: { width: 1600, height: 1600, channels: 3 } })
      .jpeg({ quality: 60 })
      .toBuffer();
    const outcome = await preparePhoto(upload).then(
      (photo) => Buffer.from(photo.content!, "base64").length,
      (error: { token: string }) => error.token,
    );
    if (typeof outcome === "number") expect(outcome).toBeLessThanOrEqual(300_000);
    else expect(outcome).toBe("photo_too_large");
  });

  test("H45: what is see-through, in grey, of 16 bits, CMYK or moving", async () => {
    const clear = await sharp({
      create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .png()
      .toBuffer();
    const grey = await (await picture()).greyscale().png().toBuffer();
    const deep = await (await picture()).toColourspace("rgb16").png().toBuffer();
    const cmyk = await (await picture()).toColourspace("cmyk").jpeg().toBuffer();
    const moving = await sharp(Buffer.from([...Array(16 * 32 * 3).keys()].map((n) => n % 256)), {
      raw: { width: 16, height: 32, channels: 3, pageHeight: 16 },
    })
      .webp()
      .toBuffer();
    for (const upload of [clear, grey, deep, cmyk, moving])
      expect((await stored(upload)).meta).toMatchObject({ format: "jpeg", space: "srgb", channels: 3 });
    expect((await stored(clear)).bytes.length).toBeGreaterThan(0);
    expect((await stored(moving)).photo.height).toBeLessThanOrEqual(32);
  });
});

describe("H45: leaves behind", () => {
  test("where and with what a photo was taken", async () => {
    const upload = await (
      await picture()
    )
      .withExif({
        IFD0: { Artist: "Somebody", Make: "PhoneMaker", Copyright: "C" },
        IFD3: {
          GPSLatitudeRef: "N",
          GPSLatitude: "25/1 2/1 3/1",
          GPSLongitudeRef: "E",
          GPSLongitude: "121/1 33/1 54/1",
        },
      })
      .withXmp(
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description about="secretplace"/></rdf:RDF></x:xmpmeta>',
      )
      .withIccProfile("p3")
      .jpeg()
      .toBuffer();
    expect(upload.includes("PhoneMaker")).toBe(true);
    expect(upload.includes("secretplace")).toBe(true);
    const { meta, bytes } = await stored(upload);
    expect([meta.exif, meta.xmp, meta.icc, meta.iptc, meta.orientation]).toEqual(Array(5).fill(undefined));
    for (const trace of ["PhoneMaker", "Somebody", "secretplace", "Exif", "GPS", "ICC_PROFILE"])
      expect(bytes.includes(trace)).toBe(false);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])(
    "the note which way up it is, by turning it (orientation %i)",
    async (orientation) => {
      const { bytes, meta } = await stored(
        await (await picture()).withMetadata({ orientation }).jpeg({ quality: 95 }).toBuffer(),
      );
      const turned = orientation >= 5;
      expect([meta.width, meta.height]).toEqual(turned ? [20, 40] : [40, 20]);
      // Where the red half must have gone.
      const red = {
        1: "left",
        2: "right",
        3: "right",
        4: "left",
        5: "top",
        6: "top",
        7: "bottom",
        8: "bottom",
      }[orientation];
      const places = { left: [5, 10], right: [34, 10], top: [10, 5], bottom: [10, 34] } as const;
      const [x, y] = places[red as keyof typeof places];
      expect(await colourAt(bytes, x, y)).toBe("red");
    },
  );

  test("H7: what was hidden behind the picture", async () => {
    const upload = Buffer.concat([
      await (await picture()).jpeg().toBuffer(),
      Buffer.from("<html><script>alert(1)</script>"),
    ]);
    expect((await stored(upload)).bytes.includes("<script>")).toBe(false);
  });
});

describe("refuses", () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script><rect width="9" height="9"/></svg>';
  test.each<[string, () => Promise<Buffer> | Buffer]>([
    ["H6: an SVG with a script", () => Buffer.from(svg)],
    ["an SVG behind an XML declaration", () => Buffer.from(`<?xml version="1.0"?>${svg}`)],
    ["a PDF", () => Buffer.from("%PDF-1.4\n1 0 obj\n<<>>\nendobj\n")],
    ["a TIFF", async () => (await picture()).tiff().toBuffer()],
    ["a GIF", async () => (await picture()).gif().toBuffer()],
    ["an AVIF", async () => (await picture()).avif().toBuffer()],
    ["H7: a page", () => Buffer.from("<!doctype html><script>alert(1)</script>")],
    ["nothing", () => Buffer.alloc(0)],
    ["a program", () => Buffer.from("\x7fELF\x02\x01\x01")],
    ["a RIFF that is no picture", () => Buffer.from("RIFF\x24\x00\x00\x00WAVEfmt ")],
  ])("%s by its first bytes", async (_what, upload) => {
    await expect(preparePhoto(await upload())).rejects.toEqual(refused("photo_type"));
  });

  test.each<[string, () => Promise<Buffer> | Buffer]>([
    ["a JPEG cut in the middle", async () => {
      const whole = await sharp({ create: { width: 400, height: 400, channels: 3, background: "#abc" } }).jpeg().toBuffer();
      return whole.subarray(0, whole.length / 2);
    }],
    ["a PNG cut in the middle", async () => {
      const whole = await (await picture(200, 200)).png().toBuffer();
      return whole.subarray(0, whole.length / 2);
    }],
    ["H7: a page that begins like a JPEG", () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.from("<script>alert(1)</script>".repeat(20))])],
    ["an SVG that begins like a PNG", () => Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.from(svg)])],
    ["a WebP of nothing", () => Buffer.from("RIFF\x04\x00\x00\x00WEBP")],
  ])("%s as unreadable", async (_what, upload) => {
    await expect(preparePhoto(await upload())).rejects.toEqual(refused("photo_unreadable"));
  }); // prettier-ignore

  test("H45: a picture of 256 megapixels, whatever it weighs, before decoding it", async () => {
    const upload = hugePng(16_000, 16_000);
    expect(upload.length).toBeLessThan(PHOTO_UPLOAD_LIMIT);
    const began = performance.now();
    await expect(preparePhoto(upload)).rejects.toEqual(refused("photo_unreadable"));
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  test("an upload that is too heavy to be looked at", async () => {
    await expect(preparePhoto(Buffer.alloc(PHOTO_UPLOAD_LIMIT + 1, 0xff))).rejects.toEqual(
      refused("photo_too_large"),
    );
  });

  test("A5: a crowd of uploads at once, rather than making everybody wait; afterwards all is well", async () => {
    const upload = await (await picture()).jpeg().toBuffer();
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => preparePhoto(upload)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(20);
    for (const one of outcomes)
      if (one.status === "rejected") expect(one.reason).toMatchObject({ kind: "unavailable" });
    await expect(preparePhoto(Buffer.from([0xff, 0xd8, 0xff]))).rejects.toThrow();
    await expect(preparePhoto(upload)).resolves.toBeTruthy();
  });
});

/** A valid PNG of one colour: a few kilobytes that unfold to hundreds of megabytes. */
function hugePng(width: number, height: number): Buffer {
  const crcTable = Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    return c >>> 0;
  });
  const crc = (bytes: Buffer) => {
    let c = 0xffffffff;
    for (const byte of bytes) c = crcTable[(c ^ byte) & 0xff]! ^ (c >>> 8);
    return (c ^ 0xffffffff) >>> 0;
  };
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc(body), body.length + 4);
    return out;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([1, 0, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc((Math.ceil(width / 8) + 1) * height), { level: 9 });
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", head),
    chunk("IDAT", rows),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}
