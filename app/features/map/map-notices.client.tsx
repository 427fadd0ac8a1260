import L from "leaflet";
import { useMemo } from "react";
import { Marker, Rectangle, useMap } from "react-leaflet";
import { age } from "../../i18n/format.ts";
import type { Translate } from "../../i18n/translate.ts";
import { paths } from "../../platform/paths.ts";
import { shifted } from "./map-ground.client.tsx";
import type { MapNotice } from "./map-settings.ts";

/** The official voice on the map: the box of a notice as an outline, and a square sign with the name of its source. */
export function MapNotices({
  notices,
  onPick,
}: {
  notices: readonly MapNotice[];
  onPick: (notice: MapNotice) => void;
}) {
  return (
    <>
      {notices.map((notice) => (
        <OneNotice key={notice.id} notice={notice} onPick={onPick} />
      ))}
    </>
  );
}

function OneNotice({ notice, onPick }: { notice: MapNotice; onPick: (notice: MapNotice) => void }) {
  const center = useMap().getCenter().lng;
  const icon = useMemo(() => sign(notice.source), [notice.source]);
  const pick = () => onPick(notice);
  const words = `${notice.source}: ${notice.title}`;
  return (
    <>
      {notice.box ? (
        <Rectangle
          bounds={boundsOf(notice.box, center)}
          interactive={false}
          pathOptions={{ color: officialColour(), weight: 2, dashArray: "3 5", fillOpacity: 0.04 }}
        />
      ) : null}
      <Marker
        position={shifted(notice.at, center)}
        icon={icon}
        title={words}
        alt={words}
        eventHandlers={{
          click: pick,
          keypress: ({ originalEvent }) => {
            if (originalEvent.key === "Enter") pick();
          },
        }}
      />
    </>
  );
}

/** Who says it, when, and the level in the words of its source. */
export function PickedNotice({
  notice,
  t,
  onClose,
}: {
  notice: MapNotice;
  t: Translate;
  onClose: () => void;
}) {
  return (
    <section className="card report said-officially">
      <h3>
        <a href={paths.notice(notice.id)} lang={notice.language}>
          <bdi>{notice.title}</bdi>
        </a>
      </h3>
      <p className="meta">
        {notice.source}
        {t("common:punctuation.separator")}
        {age(new Date(notice.published_at), new Date(), t.language)}
      </p>
      {notice.level ? (
        <p>
          <q lang={notice.language}>{notice.level}</q>
        </p>
      ) : null}
      <p>
        <a className="button plain" href={paths.notice(notice.id)}>
          {t("map:island.open")}
        </a>{" "}
        <button type="button" className="plain" onClick={onClose}>
          {t("map:island.close")}
        </button>
      </p>
    </section>
  );
}

function boundsOf([west, south, east, north]: NonNullable<MapNotice["box"]>, center: number) {
  const [, left] = shifted([west, south], center);
  return L.latLngBounds([south, left], [north, left + (east < west ? east + 360 - west : east - west)]);
}

function officialColour(): string {
  return getComputedStyle(document.documentElement).getPropertyValue("--official").trim();
}

function sign(source: string): L.DivIcon {
  const pin = document.createElement("span");
  pin.className = "pin neutral said-officially";
  const word = document.createElement("span");
  word.className = "source-name";
  word.textContent = source;
  pin.append(word);
  return L.divIcon({ className: "pin-frame", html: pin, iconSize: [0, 0] });
}
