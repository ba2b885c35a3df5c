// The peer of the benchmarks: the npm package `ws` as its documentation broadcasts, behind the same
// HTTP route that Parlour has. It stores nothing, moderates nothing, checks no key and no token,
// numbers nothing and can replay nothing. Usage: node ws.mjs <host> <port>

import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const [host, port] = process.argv.slice(2);
const rooms = new Map();

function relay(post) {
  const { room, message, uuid } = post;
  const listeners = rooms.get(room);
  if (!listeners) return;
  const text = JSON.stringify({ message, uuid, room });
  for (const listener of listeners) listener.send(text);
}

function answer(response, status, body) {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

const server = createServer((request, response) => {
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

const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket, request) => {
  const room = new URL(request.url, 'http://peer').searchParams.get('room');
  const listeners = rooms.get(room) ?? new Set();
  rooms.set(room, listeners.add(socket));
  socket.on('close', () => listeners.delete(socket));
});

// Memory is read after a collection, so that garbage is not counted against the peer.
process.on('SIGUSR2', () => globalThis.gc?.());

server.keepAliveTimeout = 0;
server.listen(Number(port), host);
