// The peer of the benchmarks: the npm package `ws` as its documentation broadcasts, behind the same
// HTTP route that Parlour has. It stores nothing, moderates nothing, checks no key and no token,
// numbers nothing and can replay nothing. Usage: node ws.mjs <host> <port>

import { WebSocketServer } from 'ws';
import { bridge, listen } from './bridge.mjs';

const rooms = new Map();

function relay(post) {
  const { room, message, uuid } = post;
  const listeners = rooms.get(room);
  if (!listeners) return;
  const text = JSON.stringify({ message, uuid, room });
  for (const listener of listeners) listener.send(text);
}

const server = bridge(relay);

const sockets = new WebSocketServer({ server, perMessageDeflate: false });
sockets.on('connection', (socket, request) => {
  const room = new URL(request.url, 'http://peer').searchParams.get('room');
  const listeners = rooms.get(room) ?? new Set();
  rooms.set(room, listeners.add(socket));
  socket.on('close', () => listeners.delete(socket));
});

listen(server);
