import { datasetFile } from "../server/dataset-answer.ts";

export const loader = datasetFile("json");
