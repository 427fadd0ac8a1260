/** Every address of the site, so that none is typed by hand. All are relative to the site's own origin. */

type Query = Record<string, string | number | boolean | readonly string[] | null | undefined>;

/** Adds the parameters that have a value; an empty one is left out, so that equal pages have equal addresses. */
export function withQuery(path: string, query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    const values = Array.isArray(value) ? (value as readonly string[]) : [value];
    for (const one of values) {
      if (one !== null && one !== undefined && one !== "") parameters.append(name, String(one));
    }
  }
  const text = parameters.toString();
  return text === "" ? path : `${path}?${text}`;
}

export interface BoardQuery {
  q?: string | null;
  event?: string | null;
  status?: string | null;
  country?: string | null;
  known?: string | null;
  cursor?: string | null;
}

export interface MapQuery {
  event?: string | null;
  kind?: string | null;
  passable?: string | null;
  state?: string | null;
  since?: string | null;
  near?: string | null;
  view?: "list" | "map" | null;
  cursor?: string | null;
}

export interface NoticeQuery {
  event?: string | null;
  country?: string | null;
  cursor?: string | null;
}

export interface NewPersonQuery {
  as?: "me" | "seeking" | "informing";
  event?: string | null;
}

export type DatasetFormat = "csv" | "json" | "xml" | "ods" | "geojson";

export const paths = {
  home: () => "/",
  language: () => "/language",

  events: () => "/events",
  event: (slug: string) => `/events/${segment(slug)}`,

  board: (query: BoardQuery = {}) => withQuery("/safety", { ...query }),
  newPerson: (query: NewPersonQuery = {}) => withQuery("/safety/persons/new", { ...query }),
  person: (id: string) => `/safety/persons/${segment(id)}`,
  personPfif: (id: string) => `/safety/persons/${segment(id)}.pfif.xml`,
  photo: (id: string) => `/photos/${segment(id)}.jpg`,
  /** The secret address of whoever posted. It must never reach a log or another site. */
  managePerson: (id: string, token: string) => withQuery(`/safety/persons/${segment(id)}/manage`, { token }),
  /** Stand in mails to followers; opening them changes nothing until the button is pressed. */
  confirmFollow: (id: string, token: string) =>
    withQuery(`/safety/follows/${segment(id)}/confirm`, { token }),
  stopFollow: (id: string, token: string) => withQuery(`/safety/follows/${segment(id)}/stop`, { token }),

  map: (query: MapQuery = {}) => withQuery("/map", { ...query }),
  newReport: (query: { event?: string | null; near?: string | null } = {}) =>
    withQuery("/map/reports/new", query),
  report: (id: string) => `/map/reports/${segment(id)}`,
  reportGeojson: (id: string) => `/map/reports/${segment(id)}.geojson`,
  /** The secret addresses of whoever reported, and of whoever takes care of it. */
  manageReport: (id: string, token: string) => withQuery(`/map/reports/${segment(id)}/manage`, { token }),
  takenReport: (id: string, token: string) => withQuery(`/map/reports/${segment(id)}/taken`, { token }),
  /** What passes, by place, to print and take along. */
  convoy: (query: { event?: string | null; passable?: string | null } = {}) =>
    withQuery("/map/convoy", query),

  statistics: () => "/statistics",
  release: (id: string) => `/statistics/${segment(id)}`,
  releaseFile: (id: string, table: string, format: "csv" | "json") =>
    `/statistics/${segment(id)}/${segment(table)}.${format}`,

  cases: () => "/cases",
  caseStory: (id: string) => `/cases/${segment(id)}`,
  caseChecklist: (country: string) => `/cases/checklists/${segment(country)}`,
  newOffer: (query: { story?: string | null; event?: string | null } = {}) =>
    withQuery("/cases/offers/new", query),
  /** The secret address of one side of an offer. It must never reach a log or another site. */
  offer: (id: string, token: string) => withQuery(`/cases/offers/${segment(id)}`, { token }),

  notices: (query: NoticeQuery = {}) => withQuery("/notices", { ...query }),
  notice: (id: string) => `/notices/${segment(id)}`,
  official: (query: { event?: string | null; country?: string | null } = {}) => withQuery("/official", query),

  advisories: () => "/advisories",
  advisory: (country: string) => `/advisories/${segment(country)}`,

  directory: (kind: string) => `/directory/${segment(kind)}`,
  entry: (kind: string, id: string) => `/directory/${segment(kind)}/${segment(id)}`,
  editEntry: (kind: string, id: string) => `/directory/${segment(kind)}/${segment(id)}/edit`,
  entryHistory: (kind: string, id: string) => `/directory/${segment(kind)}/${segment(id)}/history`,

  data: () => "/data",
  dataset: (id: string) => `/data/${segment(id)}`,
  datasetFile: (id: string, format: DatasetFormat) => `/data/${segment(id)}.${format}`,
  datasetSchema: (id: string) => `/data/${segment(id)}.xsd`,
  dataNotOpen: () => "/data/not-open",
  dataRequests: (query: { cursor?: string | null } = {}) => withQuery("/data/requests", query),
  dataReuses: (query: { cursor?: string | null } = {}) => withQuery("/data/reuses", query),
  dataQuality: () => "/data/quality",
  catalogJson: () => "/data/catalog.json",
  catalogJsonLd: () => "/data/catalog.jsonld",

  /** Anybody asks for a correction of something public. */
  newCorrection: (type: string, id: string) => withQuery("/corrections/new", { type, id }),
  /** The secret address of whoever asked: shows the outcome. */
  correction: (id: string, token: string) => withQuery(`/corrections/${segment(id)}`, { token }),

  apiGuide: () => "/api",

  signIn: (query: { next?: string | null } = {}) => withQuery("/sign-in", query),
  secondFactor: (query: { next?: string | null } = {}) => withQuery("/sign-in/second-factor", query),
  signOut: () => "/sign-out",
  moderation: () => "/moderation",
  moderationItem: (id: string) => `/moderation/${segment(id)}`,
  moderationLog: (query: { cursor?: string | null } = {}) => withQuery("/moderation/log", query),
  webhooks: () => "/moderation/webhooks",
  adoptionPackage: (item: string) => `/moderation/${segment(item)}/package`,
  newNotice: () => "/moderation/notices/new",
  editNotice: (id: string) => `/moderation/notices/${segment(id)}`,
  moderationPhoto: (item: string) => `/moderation/photos/${segment(item)}.jpg`,
  moderationMembers: () => "/moderation/members",
  moderationCases: () => "/moderation/cases",
  moderationCase: (id: string) => `/moderation/cases/${segment(id)}`,
  moderationNewCase: () => "/moderation/cases/new",
  moderationImportCases: () => "/moderation/cases/import",
  moderationStories: () => "/moderation/stories",
  moderationStory: (id: string) => `/moderation/stories/${segment(id)}`,
  moderationNewStory: (query: { case?: string | null } = {}) => withQuery("/moderation/stories/new", query),
  moderationOffers: () => "/moderation/offers",
  moderationOffer: (id: string) => `/moderation/offers/${segment(id)}`,
  moderationReleases: () => "/moderation/releases",
  newRelease: () => "/moderation/releases/new",
  moderationRelease: (id: string) => `/moderation/releases/${segment(id)}`,
  publicLog: (query: { cursor?: string | null } = {}) => withQuery("/log", query),
  transparency: () => "/log/transparency",

  procedures: () => "/help/procedures",
  privacy: () => "/help/privacy",
  accessibility: () => "/help/accessibility",

  embedEvent: (slug: string, query: { lang?: string | null } = {}) =>
    withQuery(`/embed/events/${segment(slug)}`, query),
  embedCountry: (code: string, query: { lang?: string | null } = {}) =>
    withQuery(`/embed/countries/${segment(code)}`, query),

  healthz: () => "/healthz",
  readyz: () => "/readyz",
  metrics: () => "/metrics",

  api: {
    persons: (query: BoardQuery & { limit?: number } = {}) => withQuery("/api/v1/persons", { ...query }),
    person: (id: string) => `/api/v1/persons/${segment(id)}`,
    personNotes: (id: string) => `/api/v1/persons/${segment(id)}/notes`,
    reports: (query: Query = {}) => withQuery("/api/v1/reports", query),
    report: (id: string) => `/api/v1/reports/${segment(id)}`,
    reportClusters: (query: Query = {}) => withQuery("/api/v1/reports/clusters", query),
    reportConfirmations: (id: string) => `/api/v1/reports/${segment(id)}/confirmations`,
    events: () => "/api/v1/events",
    notices: (query: NoticeQuery = {}) => withQuery("/api/v1/notices", { ...query }),
    releases: () => "/api/v1/statistics/releases",
    release: (id: string) => `/api/v1/statistics/releases/${segment(id)}`,
    cases: () => "/api/v1/cases",
    advisories: () => "/api/v1/advisories",
    datasets: () => "/api/v1/datasets",
    openapi: () => "/api/v1/openapi.json",
    live: (topics: readonly string[]) => withQuery("/api/v1/live", { topics: topics.join(",") }),
  },

  pfif: {
    search: (query: Query = {}) => withQuery("/pfif/search", query),
    read: (id: string) => withQuery("/pfif/read", { id }),
    personFeed: (query: Query = {}) => withQuery("/pfif/feeds/person", query),
    noteFeed: (query: Query = {}) => withQuery("/pfif/feeds/note", query),
    write: () => "/pfif/write",
  },

  feeds: {
    cap: (query: { event?: string | undefined } = {}) => withQuery("/feeds/cap.atom", query),
    capAlert: (id: string) => `/feeds/cap/${segment(id)}.xml`,
    cifs: () => "/feeds/cifs.json",
    open511: () => "/feeds/open511.json",
    reportsGeojson: () => "/feeds/reports.geojson",
    reportsCsv: () => "/feeds/reports.csv",
    logAtom: () => "/feeds/log.atom",
    logJson: () => "/feeds/log.json",
    notices: (query: NoticeQuery = {}) => withQuery("/feeds/notices.atom", { ...query }),
    verifiedAtom: (query: Query = {}) => withQuery("/feeds/verified.atom", query),
    verifiedJson: (query: Query = {}) => withQuery("/feeds/verified.json", query),
  },
} as const;

function segment(value: string): string {
  return encodeURIComponent(value);
}
