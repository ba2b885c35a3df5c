// What all peers have in common: the HTTP route that Parlour has, and a way to be measured. A peer
// gives `relay`, which is called for each post.

import { createServer } from 'node:http';

const [host, port] = process.argv.slice(2);

function answer(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

// The server; `listen` when everything is attached to it.
export function bridge(relay) {
  return createServer((request, response) => {
    if (request.method === 'GET') {
      answer(response, 200, { status: 'ready' });
      return;
    }
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString());
      for (const post of body.items ?? [body]) relay(post);
      answer(response, 200, { success: true });
    });
  });
}

export function listen(server) {
  // Memory is read after a collection, so that garbage is not counted against the peer.
  process.on('SIGUSR2', () => globalThis.gc?.());
  server.keepAliveTimeout = 0;
  server.listen(Number(port), host);
}
