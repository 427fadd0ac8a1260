// The least that Node can do: one answer, always the same, kept ready. It stands beside the site as its peer.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";

const [file] = process.argv.slice(2);
const { headers, body } = file
  ? JSON.parse(readFileSync(file, "utf8"))
  : { headers: ["content-type", "text/plain"], body: Buffer.from("ok").toString("base64") };
const bytes = Buffer.from(body, "base64");
const server = createServer((_request, response) => {
  response.writeHead(200, headers);
  response.end(bytes);
});
server.listen(0, "127.0.0.1", () => console.log(`listening: http://127.0.0.1:${server.address().port}`));
