/** One family of line icons on a 24 px grid. Their stroke comes from the stylesheet (`.i`). Words always stand beside them. */

const drawings = {
  alert: "M12 4 2.8 19.5h18.4ZM12 10v4.5M12 17v.2",
  back: "M19 12H5M11 6l-6 6 6 6",
  building: "M3 20h18M5 20V10M19 20V10M9.7 20V10M14.3 20V10M12 3.5 3.5 8v2h17V8Z",
  candle: "M9 21v-8.5h6V21ZM12 2.5c2.8 3 2.8 6 0 7-2.8-1-2.8-4 0-7Z",
  check: "M8 12.3l2.8 2.8 5.2-6M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
  chevron: "M6.5 9.5 12 15l5.5-5.5",
  clock: "M12 7.5V12l3 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
  copy: "M9 8.5h10.5V21H9ZM15.5 5V3H4.5v12.5h2",
  lighthouse:
    "M8.7 21 10.6 8h2.8l1.9 13M6 21h12M12 8V4.5M15.5 6.5l4.5-2M15.8 9.3l4.2.9M8.5 6.5 4 4.5M8.2 9.3 4 10.2",
  mail: "M3.5 5.5h17v13h-17ZM4 6.5l8 6.5 8-6.5",
  missing:
    "M9.3 9.3a2.8 2.8 0 1 1 4.2 2.6c-1 .6-1.5 1.1-1.5 2.3M12 17v.2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
  none: "M8 12h8M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM4.5 20.5c.4-4 3.4-5.5 7.5-5.5s7.1 1.5 7.5 5.5",
  phone:
    "M5 3.5h3.7l1.7 4.6-2.3 1.6a12 12 0 0 0 6.2 6.2l1.6-2.3 4.6 1.7V19a2 2 0 0 1-2.2 2C10.5 20.4 3.6 13.5 3 5.7A2 2 0 0 1 5 3.5Z",
  place:
    "M12 21c4.4-4.6 6.5-8 6.5-11a6.5 6.5 0 0 0-13 0c0 3 2.1 6.4 6.5 11ZM12 7.7a2.3 2.3 0 1 0 0 4.6 2.3 2.3 0 0 0 0-4.6Z",
  print: "M7 8.5V3.5h10v5M7 17H3.5V8.5h17V17H17M7 14h10v6.5H7Z",
  said: "M8.5 10.6l2.4 2.4 4.6-5M4 4h16v12.5h-8.5L7 20.5v-4H4Z",
  search: "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM15.3 15.3 20.5 20.5",
  share: "M12 15.5V3.5M7.5 7.5 12 3l4.5 4.5M5 12.5V20.5h14v-8",
  speak: "M4 4h16v12.5h-8.5L7 20.5v-4H4ZM8 8.5h8M8 12h5",
} as const;

export type IconName = keyof typeof drawings;

/** A drawing that repeats the word beside it; screen readers skip it. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="i" viewBox="0 0 24 24" aria-hidden="true">
      <path d={drawings[name]} />
    </svg>
  );
}
