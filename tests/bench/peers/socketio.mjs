// The peer of the benchmarks: the npm package `socket.io` as its documentation sends to rooms, behind
// the same HTTP route that Parlour has. It stores nothing, moderates nothing, checks no key and no
// token, numbers nothing and recovers nobody. Usage: node socketio.mjs <host> <port>

import { createServer } from 'node:http';
import { Server } from 'socket.io';

const [host, port] = process.argv.slice(2);

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
    for (const { room, message, uuid } of body.items ?? [body]) {
      io.to(room).emit('new_message', { message, uuid, room });
    }
    answer(response, 200, { success: true });
  });
});

const io = new Server(server, { serveClient: false });
io.on('connection', (socket) => {
  socket.on('subscribe', (room, ack) => {
    socket.join(room);
    ack({ success: true, room });
  });
  // What its documentation advises where memory counts.
  socket.conn.request = null;
});

// Memory is read after a collection, so that garbage is not counted against the peer.
process.on('SIGUSR2', () => globalThis.gc?.());

server.keepAliveTimeout = 0;
server.listen(Number(port), host);
