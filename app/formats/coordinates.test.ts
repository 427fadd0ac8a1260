import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readCoordinate, readCoordinates } from "./coordinates.ts";
import type { Bbox } from "./geometry.ts";

const nepal: Bbox = [80, 26, 89, 31];

function place(text: string, area: Bbox | null = null) {
  const read = readCoordinates(text, area);
  return "token" in read
    ? read.token
    : [Number(read.position[1].toFixed(5)), Number(read.position[0].toFixed(5))];
}

describe("notations people use for one place", () => {
  test.each([
    "27.7172, 85.3240",
    "27.7172,85.3240",
    "27.7172 85.3240",
    "27.7172; 85.3240",
    "(27.7172, 85.3240)",
    "+27.7172 +85.3240",
    "27,7172 85,3240",
    "27,7172, 85,3240",
    "27,7172; 85,3240",
    "２７．７１７２，８５．３２４０",
    "２７。７１７２　８５。３２４０",
    "٢٧٫٧١٧٢، ٨٥٫٣٢٤٠",
    "२७.७१७२, ८५.३२४०",
    "N27.7172 E85.3240",
    "27.7172N 85.3240E",
    "27.7172 N, 85.3240 E",
    "27.7172° N, 85.3240° E",
    "85.3240E 27.7172N",
    "北緯27.7172度 東經85.3240度",
    "北纬27.7172 东经85.3240",
    "東経85.3240 北緯27.7172",
    "緯度：27.7172 經度：85.3240",
    "lat 27.7172 lon 85.3240",
    "lng=85.3240, lat=27.7172",
    "Latitude: 27.7172, Longitude: 85.3240",
    "\u200e27.7172,\u00a085.3240\u200f",
    "27° 43.032' N 85° 19.44' E",
    "27°43'1.92\"N 85°19'26.4\"E",
    "27º43’1.92” N 85º19’26.4” E",
    "N 27°43′1.92″ E 85°19′26.4″",
    "27°43'1.92''N, 85°19'26.4''E",
    "27:43:1.92 85:19:26.4",
    "27 43 1.92 N 85 19 26.4 E",
    "27 43 1.92, 85 19 26.4",
    "27 43.032 85 19.44",
    '27d43m1.92" 85d19m26.4"',
    "北緯27度43分1.92秒，東經85度19分26.4秒",
    "geo:27.7172,85.3240",
    "geo:27.7172,85.3240,1400;crs=wgs84;u=25",
    "geo:0,0?q=27.7172,85.3240(Basantapur)",
    "https://www.google.com/maps/@27.7172,85.3240,15z",
    "https://www.google.com.tw/maps/place/X/@27.1,85.1,15z/data=!3m1!4b1!4m5!3m4!1s0x0:0x0!8m2!3d27.7172!4d85.3240",
    "https://maps.google.com/?q=27.7172,85.3240",
    "https://www.google.com/maps/search/?api=1&query=27.7172%2C85.3240",
    "https://www.google.com/maps/search/27.7172,+85.3240",
    "https://www.openstreetmap.org/?mlat=27.7172&mlon=85.3240#map=15/27.1/85.1",
    "https://www.openstreetmap.org/#map=15/27.7172/85.3240",
    "https://maps.apple.com/?ll=27.7172,85.3240&q=X",
    "https://www.bing.com/maps?cp=27.7172~85.3240&lvl=15",
    "POINT(85.3240 27.7172)",
  ])("%s", (text) => {
    expect(place(text)).toEqual([27.7172, 85.324]);
  });

  test("south and west, by sign and by letter", () => {
    for (const text of [
      "-43.5321, -72.6362",
      "−43.5321 −72.6362",
      "43.5321S 72.6362W",
      "43°31'55.56\"S 72°38'10.32\"W",
    ]) {
      expect(place(text)).toEqual([-43.5321, -72.6362]);
    }
    expect(place("-0°30', 10°")).toEqual([-0.5, 10]);
  });

  test("a full Plus Code is the middle of its cell, a short one is refused because it needs a map", () => {
    expect(place("7MV7P8G9+WM")).not.toBe("plus_code_short");
    expect(place("8FVC9G8F+6X")).toEqual([47.36556, 8.52494]);
    expect(place("8FVC9G8F+6XQ")).toEqual([47.36559, 8.52498]);
    expect(place("P8G9+WM Kathmandu")).toBe("plus_code_short");
  });

  test("how exact the place is follows from the digits given", () => {
    const precision = (text: string) => {
      const read = readCoordinates(text);
      return "token" in read ? read.token : read.precision_m;
    };
    expect(precision("27.7172, 85.3240")).toBeLessThan(10);
    expect(precision("27.7, 85.3")).toBeGreaterThan(5_000);
    expect(precision("27°43' N 85°19' E")).toBeCloseTo(930, -1);
    expect(precision("geo:27.7,85.3;u=12")).toBe(12);
  });
});

describe("H33: coordinates that are none, or the wrong way round", () => {
  test.each([
    ["", "coordinates_missing"],
    ["   ", "coordinates_missing"],
    ["NaN, NaN", "coordinates_not_understood"],
    ["Infinity, 85", "coordinates_not_understood"],
    ["1e309, 85", "coordinates_not_understood"],
    ["91, 181", "latitude_out_of_range"],
    ["95N 85E", "latitude_out_of_range"],
    ["27.7, 181", "longitude_out_of_range"],
    ["27.7", "coordinates_ambiguous"],
    ["27,71", "coordinates_ambiguous"],
    ["27,7172,85,3240", "coordinates_ambiguous"],
    ["27.71.72, 85.32", "coordinates_not_understood"],
    ["27°61' N 85°19' E", "coordinates_not_understood"],
    ["-27.7 N, 85.3 E", "coordinates_not_understood"],
    ["27.7N 85.3N", "coordinates_not_understood"],
    ["1 2 3", "coordinates_not_understood"],
    ["Kathmandu", "coordinates_not_understood"],
    ["'; drop table reports--", "coordinates_not_understood"],
    ["geo:27.7,85.3;crs=nad27", "datum_unknown"],
    ["https://maps.app.goo.gl/AbCdEf", "link_needs_following"],
    ["https://goo.gl/maps/AbCdEf", "link_needs_following"],
    ["https://www.google.com/maps/place/Kathmandu", "link_without_place"],
    ["https://uri.amap.com/marker?position=116.4,39.9", "datum_unknown"],
    ["https://evil.example/?q=27.7,85.3", "coordinates_not_understood"],
    ["https://evil.example/www.google.com/maps/@27.7,85.3", "coordinates_not_understood"],
    ["http://[", "coordinates_not_understood"],
  ])("%s → %s", (text, token) => {
    expect(place(text)).toBe(token);
  });

  test("0/0, the poles and the antimeridian are places", () => {
    expect(place("0, 0")).toEqual([0, 0]);
    expect(place("90, 0")).toEqual([90, 0]);
    expect(place("-90, 180")).toEqual([-90, 180]);
    expect(place("-16.5, -180")).toEqual([-16.5, -180]);
    expect(place("geo:90,45")).toEqual([90, 0]);
  });

  test("exchanged numbers are put right where only one order is possible, and noticed where the area tells", () => {
    expect(readCoordinates("121.5654, 25.0330")).toMatchObject({
      position: [121.5654, 25.033],
      swapped: "corrected",
    });
    expect(readCoordinates("85.3240, 27.7172", nepal)).toMatchObject({
      position: [27.7172, 85.324],
      swapped: "suspected",
      alternative: [85.324, 27.7172],
    });
    expect(readCoordinates("27.7172, 85.3240", nepal)).toMatchObject({ swapped: "no", alternative: null });
    expect(readCoordinates("85.3240N, 27.7172E", nepal)).toMatchObject({ swapped: "no" });
  });

  test("H11, H20: long and hostile text is answered at once", () => {
    const started = performance.now();
    for (const text of [
      "1".repeat(1_999),
      "1 ".repeat(999),
      "1,".repeat(999),
      "°".repeat(1_999),
      "n".repeat(1_999),
      "geo:" + ";a".repeat(900),
      `https://www.google.com/maps/${"/1,1".repeat(400)}`,
      "9".repeat(1_000_000),
    ]) {
      expect(readCoordinates(text)).toHaveProperty("token");
    }
    expect(performance.now() - started).toBeLessThan(500);
  });

  test("any text is answered, and what is found lies on the Earth", () => {
    const texts = fc.oneof(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc
        .array(
          fc.constantFrom(
            "27",
            ".5",
            ",",
            " ",
            "°",
            "'",
            '"',
            "N",
            "E",
            "-",
            ":",
            "/",
            "北緯",
            "8",
            "geo:",
            "+",
          ),
          {
            maxLength: 14,
          },
        )
        .map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const read = readCoordinates(text, nepal);
        if ("token" in read) return;
        expect(Math.abs(read.position[0])).toBeLessThanOrEqual(180);
        expect(Math.abs(read.position[1])).toBeLessThanOrEqual(90);
        expect(read.precision_m).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });

  test("every place survives being written in each notation", () => {
    const degrees = (limit: number) =>
      fc.integer({ min: -limit * 10_000, max: limit * 10_000 }).map((n) => n / 10_000);
    const sexagesimal = (value: number, letters: string) => {
      const seconds = Math.round(Math.abs(value) * 36_000) / 10;
      return `${Math.floor(seconds / 3600)}°${Math.floor((seconds % 3600) / 60)}'${(seconds % 60).toFixed(1)}"${letters[value < 0 ? 1 : 0]}`;
    };
    fc.assert(
      fc.property(degrees(90), degrees(180), (lat, lon) => {
        for (const text of [
          `${lat.toFixed(4)}, ${lon.toFixed(4)}`,
          `${lat.toFixed(4).replace(".", ",")} ${lon.toFixed(4).replace(".", ",")}`,
          `${sexagesimal(lat, "NS")} ${sexagesimal(lon, "EW")}`,
          `${sexagesimal(lon, "EW")} ${sexagesimal(lat, "NS")}`,
          `geo:${lat.toFixed(4)},${lon.toFixed(4)}`,
        ]) {
          const read = readCoordinates(text);
          if ("token" in read) throw new Error(`${text}: ${read.token}`);
          if (text.startsWith("geo:") && Math.abs(lat) === 90) continue;
          expect(read.position[1]).toBeCloseTo(lat, 4);
          expect(read.position[0]).toBeCloseTo(lon, 4);
        }
      }),
    );
  });
});

describe("one coordinate in its own field", () => {
  test("is read in any notation and may not contradict its field", () => {
    expect(readCoordinate("27,7172", "lat")).toEqual({ degrees: 27.7172 });
    expect(readCoordinate("27°43'1.92\" N", "lat")).toEqual({ degrees: expect.closeTo(27.7172, 6) });
    expect(readCoordinate("E 85.3240", "lon")).toEqual({ degrees: 85.324 });
    expect(readCoordinate("85.3240 E", "lat")).toEqual({ token: "coordinates_not_understood" });
    expect(readCoordinate("91", "lat")).toEqual({ token: "latitude_out_of_range" });
    expect(readCoordinate("-180.1", "lon")).toEqual({ token: "longitude_out_of_range" });
    expect(readCoordinate("1e309", "lon")).toEqual({ token: "coordinates_not_understood" });
    expect(readCoordinate(" ", "lon")).toEqual({ token: "coordinates_missing" });
  });
});
