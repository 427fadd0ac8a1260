/**
 * The catalogue for other catalogues: DCAT-AP 3 as JSON-LD (https://semiceu.github.io/DCAT-AP/releases/3.0.0/), and the keys of the
 * metadata standard of Taiwan's open data platform (政府資料開放平臺資料集詮釋資料標準規範). Pure.
 */
import {
  formatsOf,
  MEDIA_TYPES,
  type Dataset,
  type Texts,
  type UpdateFrequency,
} from "../../formats/dataset.ts";
import { LICENCE, said } from "./catalogue.ts";
import type { DatasetState } from "./rows.server.ts";

export interface CatalogueSite {
  publicUrl: string;
  name: string;
  /** Where to write to: the request board, since nobody's mail address is published. */
  contactUrl: string;
}

export interface Described {
  dataset: Dataset;
  state: DatasetState;
}

const FREQUENCIES: Readonly<Record<UpdateFrequency, string>> = {
  continuous: "UPDATE_CONT",
  daily: "DAILY",
  weekly: "WEEKLY",
  monthly: "MONTHLY",
  quarterly: "QUARTERLY",
  irregular: "IRREG",
};
const authority = "http://publications.europa.eu/resource/authority";
const languages: Readonly<Record<keyof Texts, string>> = { "zh-TW": "ZHO", en: "ENG", ja: "JPN" };

const byLanguage = (texts: Texts) =>
  Object.entries(texts).map(([language, text]) => ({ "@language": language, "@value": text }));

/** The catalogue as DCAT-AP JSON-LD. */
export function dcatCatalogue(site: CatalogueSite, all: readonly Described[]): Record<string, unknown> {
  const home = `${site.publicUrl}/data`;
  return {
    "@context": {
      dcat: "http://www.w3.org/ns/dcat#",
      dct: "http://purl.org/dc/terms/",
      foaf: "http://xmlns.com/foaf/0.1/",
      vcard: "http://www.w3.org/2006/vcard/ns#",
      xsd: "http://www.w3.org/2001/XMLSchema#",
      "dct:license": { "@type": "@id" },
      "dct:accrualPeriodicity": { "@type": "@id" },
      "dct:language": { "@type": "@id" },
      "dct:conformsTo": { "@type": "@id" },
      "dcat:theme": { "@type": "@id" },
      "dcat:accessURL": { "@type": "@id" },
      "dcat:downloadURL": { "@type": "@id" },
      "dcat:mediaType": { "@type": "@id" },
      "dcat:landingPage": { "@type": "@id" },
      "dct:issued": { "@type": "xsd:date" },
      "dct:modified": { "@type": "xsd:dateTime" },
    },
    "@id": `${home}#catalogue`,
    "@type": "dcat:Catalog",
    "dct:title": byLanguage({
      "zh-TW": "守望開放資料",
      en: "Open data of Lookout",
      ja: "守望オープンデータ",
    }),
    "dct:description": byLanguage({
      "zh-TW": "由使用者與志工維護的旅外急難資料。",
      en: "Data on emergencies abroad, kept by users and volunteers.",
      ja: "利用者とボランティアが維持する海外の緊急時のデータ。",
    }),
    "dct:publisher": { "@type": "foaf:Agent", "foaf:name": site.name },
    "dct:license": LICENCE.url,
    "dct:language": Object.values(languages).map((code) => `${authority}/language/${code}`),
    "foaf:homepage": { "@id": home },
    "dcat:dataset": all.map(({ dataset, state }) => {
      const page = `${site.publicUrl}/data/${dataset.id}`;
      return {
        "@id": `${page}#dataset`,
        "@type": "dcat:Dataset",
        "dct:identifier": dataset.id,
        "dct:title": byLanguage(dataset.title),
        "dct:description": byLanguage(dataset.about),
        "dct:provenance": {
          "@type": "dct:ProvenanceStatement",
          "dct:description": byLanguage(dataset.basis),
        },
        "dcat:keyword": dataset.keywords.flatMap(byLanguage),
        "dcat:theme": `${authority}/data-theme/GOVE`,
        "dct:publisher": { "@type": "foaf:Agent", "foaf:name": site.name },
        "dcat:contactPoint": {
          "@type": "vcard:Organization",
          "vcard:fn": site.name,
          "vcard:hasURL": { "@id": site.contactUrl },
        },
        "dct:accrualPeriodicity": `${authority}/frequency/${FREQUENCIES[dataset.updates]}`,
        "dct:issued": dataset.issued,
        ...(state.changed ? { "dct:modified": dayOrMoment(state.changed) } : {}),
        "dct:license": LICENCE.url,
        "dcat:landingPage": page,
        "dcat:distribution": formatsOf(dataset).map((format) => ({
          "@id": `${page}.${format}#distribution`,
          "@type": "dcat:Distribution",
          "dct:title": `${dataset.id}.${format}`,
          "dcat:accessURL": page,
          "dcat:downloadURL": `${page}.${format}`,
          "dcat:mediaType": `https://www.iana.org/assignments/media-types/${MEDIA_TYPES[format].split(";")[0]!}`,
          "dct:license": LICENCE.url,
          ...(format === "xml" ? { "dct:conformsTo": `${page}.xsd` } : {}),
        })),
      };
    }),
  };
}

const PERIODS: Readonly<Record<UpdateFrequency, string>> = {
  continuous: "即時",
  daily: "每1日",
  weekly: "每1週",
  monthly: "每1月",
  quarterly: "每1季",
  irregular: "不定期更新",
};

/** The catalogue with the keys that Taiwan's platform reads when an organisation sends its datasets (D2, D87). */
export function nationalCatalogue(site: CatalogueSite, all: readonly Described[]): unknown[] {
  return all.map(({ dataset, state }) => {
    const page = `${site.publicUrl}/data/${dataset.id}`;
    const modified = state.changed ? dayOrMoment(state.changed) : dataset.issued;
    return {
      identifier: dataset.id,
      categoryCode: "I00",
      title: said(dataset.title, "zh-TW"),
      title_en: said(dataset.title, "en"),
      description: said(dataset.about, "zh-TW"),
      fieldDescription: dataset.fields
        .map(({ name, about }) => `${name}（${said(about, "zh-TW")}）`)
        .join("、"),
      type: "rawdata",
      license: LICENCE.name,
      licenseURL: LICENCE.url,
      cost: "免費",
      costURL: "",
      costLaw: "",
      organization: site.name,
      organizationContactName: site.name,
      organizationContactPhone: "",
      organizationContactEmail: "",
      publisher: site.name,
      publisherContactName: site.name,
      publisherContactPhone: "",
      publisherContactEmail: "",
      publisherOID: "",
      accrualPeriodicity: PERIODS[dataset.updates],
      temporalCoverageFrom: "",
      temporalCoverageTo: "",
      issued: dataset.issued,
      modified,
      spatial: "",
      language: "zh-TW",
      landingPage: page,
      keyword: dataset.keywords.map((keyword) => said(keyword, "zh-TW")),
      numberOfData: state.rows,
      notes: said(dataset.basis, "zh-TW"),
      distribution: formatsOf(dataset).map((format) => ({
        resourceID: `${dataset.id}-${format}`,
        resourceDescription: `${said(dataset.title, "zh-TW")}（${format.toUpperCase()}）`,
        format: format.toUpperCase(),
        resourceModified: modified,
        characterSetCode: "UTF-8",
        accessURL: page,
        downloadURL: `${page}.${format}`,
        metadataSourceOfData: format === "xml" ? `${page}.xsd` : "",
        numberOfData: state.rows,
      })),
    };
  });
}

// A column may hold days; a moment is what the standards want where they say so.
function dayOrMoment(changed: string): string {
  return changed.length === 10 ? `${changed}T00:00:00Z` : changed;
}
