// What stands before PostgREST in a Supabase project: it knows the keys and takes `/rest/v1` off the address.
import { Agent, createServer, request } from "node:http";

const [target, publishableKey, secretKey, serverToken] = process.argv.slice(2);
const { hostname, port } = new URL(target);
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const server = createServer((incoming, outgoing) => {
  const { apikey, authorization: _unused, ...headers } = incoming.headers;
  if (apikey !== publishableKey && apikey !== secretKey) return void outgoing.writeHead(401).end();
  if (apikey === secretKey) headers.authorization = `Bearer ${serverToken}`;
  const onward = request(
    {
      hostname,
      port,
      agent,
      method: incoming.method,
      headers,
      path: incoming.url.replace(/^\/rest\/v1/, "") || "/",
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode, answer.headers);
      answer.pipe(outgoing);
    },
  );
  onward.on("error", () => outgoing.destroy());
  incoming.pipe(onward);
});
server.listen(0, "127.0.0.1", () => console.log(`listening: http://127.0.0.1:${server.address().port}`));
