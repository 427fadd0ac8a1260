/** Datasets as files: the rows of one, in one of the formats, in pieces. */
import { csvCell } from "../../formats/csv.ts";
import {
  geoJsonPieces,
  jsonPieces,
  type Dataset,
  type DatasetFormatName,
  type DatasetHead,
  type DatasetValue,
} from "../../formats/dataset.ts";
import { xmlPieces } from "../../formats/dataset-xml.ts";
import { odsPieces } from "../../formats/ods.ts";
import type { Db } from "../../platform/db.server.ts";
import { LICENCE, said } from "./catalogue.ts";
import { namedRow, readDataset, type ReadRow } from "./rows.server.ts";

export interface FileOptions {
  publicUrl: string;
  language: string;
  /** When it is made, for its head. */
  now: Date;
  /** CSV: begin with the mark by which Excel knows UTF-8. */
  bom?: boolean;
  after?: string | null;
  limit?: number | null;
  /** How the place after the last row is written for whoever asks for the rows that follow. */
  cursorOf?: (key: string) => string;
  /** Called with the number of rows that have been read. */
  onRows?: (count: number) => void;
}

/** The pieces of a file. They are made as they are taken, so that memory does not grow with the rows. */
export async function* filePieces(
  db: Db,
  dataset: Dataset,
  format: DatasetFormatName,
  options: FileOptions,
): AsyncGenerator<string | Uint8Array> {
  const { language, now, limit = null, cursorOf } = options;
  const head: DatasetHead = {
    id: dataset.id,
    title: said(dataset.title, language),
    basis: said(dataset.basis, language),
    licence: LICENCE.url,
    made_at: now.toISOString(),
  };
  let count = 0;
  let last: string | null = null;
  async function* batches(): AsyncGenerator<ReadRow[]> {
    for await (const rows of readDataset(db, dataset, options)) {
      count += rows.length;
      last = rows.at(-1)?.key ?? last;
      options.onRows?.(count);
      yield rows;
    }
  }
  async function* mapped<T>(as: (row: ReadRow) => T): AsyncGenerator<T[]> {
    for await (const rows of batches()) yield rows.map(as);
  }
  // Only whoever asked for a part is told how to go on; a full page may be the last.
  const next = () => (limit !== null && count === limit && last !== null ? (cursorOf?.(last) ?? null) : null);
  const named = (row: ReadRow) => namedRow(dataset, row);

  switch (format) {
    case "csv":
      yield `${options.bom ? "\uFEFF" : ""}${dataset.fields.map(({ name }) => name).join(",")}\r\n`;
      for await (const rows of batches()) {
        let piece = "";
        for (const { cells } of rows) {
          for (let at = 0; at < cells.length; at += 1) {
            if (at > 0) piece += ",";
            piece += csvCell(flat(cells[at]!));
          }
          piece += "\r\n";
        }
        yield piece;
      }
      return;
    case "json":
      return yield* jsonPieces(head, mapped(named), next);
    case "xml":
      return yield* xmlPieces(dataset, head, mapped(named), next);
    case "geojson":
      return yield* geoJsonPieces(
        head,
        mapped((row) => ({ row: named(row), geometry: row.geometry })),
        next,
      );
    case "ods":
      return yield* odsPieces(
        dataset.id,
        dataset.fields.map(({ name }) => name),
        mapped(({ cells }) => cells.map(flat)),
        {
          title: head.title,
          lines: [
            said(dataset.about, language),
            head.basis,
            `${LICENCE.name} ${LICENCE.url}`,
            `${options.publicUrl}/data/${dataset.id}`,
            head.made_at,
            ...dataset.fields.map(({ name, about }) => `${name}: ${said(about, language)}`),
          ],
        },
      );
  }
}

function flat(value: DatasetValue): string | number | boolean | null {
  return Array.isArray(value) ? value.join("; ") : (value as string | number | boolean | null);
}
