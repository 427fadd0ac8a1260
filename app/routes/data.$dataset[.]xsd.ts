import { datasetXsd } from "../server/dataset-answer.ts";

export const loader = datasetXsd;
